using EventForum.Threads.Quoting;

namespace EventForum.Tests.Threads.Quoting.Formats;

public sealed class BbCodeTests
{
    [Theory]
    [InlineData("[b]a[/b] [i]b[/i] [u]c[/u] [s]d[/s]", "<p><strong>a</strong> <em>b</em> <u>c</u> <del>d</del></p>\n")]
    [InlineData("[B]a[/b]", "<p><strong>a</strong></p>\n")]
    [InlineData("[b:1a2b3c]a[/b:1a2b3c]", "<p><strong>a</strong></p>\n")]
    [InlineData("a\nb", "<p>a<br>b</p>\n")]
    [InlineData("*a* _b_ # c", "<p>*a* _b_ # c</p>\n")]
    [InlineData("[b]a", "<p>[b]a</p>\n")]
    [InlineData("a[/b]", "<p>a[/b]</p>\n")]
    [InlineData("[heron]a[/heron]", "<p>[heron]a[/heron]</p>\n")]
    [InlineData("[b][i]a[/b] b[/i]", "<p><strong><em>a</em></strong> b</p>\n")]
    [InlineData("[font=Comic]a[/font]", "<p>a</p>\n")]
    [InlineData("[size=5]a[/size]", "<p><span class=\"size-4\">a</span></p>\n")]
    [InlineData("[size=200]a[/size]", "<p><span class=\"size-5\">a</span></p>\n")]
    [InlineData("[size=9999999999]a[/size]", "<p>a</p>\n")]
    [InlineData("[color=#ff0000]a[/color]", "<p><span class=\"color-red\">a</span></p>\n")]
    [InlineData("[color=\"DarkBlue\"]a[/color]", "<p><span class=\"color-blue\">a</span></p>\n")]
    [InlineData("[color=red;}]a[/color]", "<p>a</p>\n")]
    public void Inline_tags_are_elements_and_what_is_none_is_text(string text, string html) =>
        Html(text).ShouldBe(html);

    [Theory]
    [InlineData("[code]a\n  [b]b[/b][/code]", "<pre><code>a\n  [b]b[/b]</code></pre>\n")]
    [InlineData("[list][*]a[*]b[/list]", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n")]
    [InlineData("[list=1]\n[*]a\n[*][b]b[/b]\n[/list]", "<ol>\n<li>a</li>\n<li><strong>b</strong></li>\n</ol>\n")]
    [InlineData("[list=a][li]a[/li][/list]", "<ol type=\"a\">\n<li>a</li>\n</ol>\n")]
    [InlineData("[list]a[*]b[/list]", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n")]
    [InlineData(
        "[table][tr][th]a[/th][td]b[/td][/tr]c[/table]",
        "<table><tbody>\n<tr><th>a</th><td>b</td></tr>\n<tr><td>c</td></tr>\n</tbody></table>\n"
    )]
    [InlineData("[center]a[/center]", "<div class=\"center\">a</div>\n")]
    [InlineData("[spoiler=End]a[/spoiler]", "<details class=\"spoiler\"><summary>End</summary>a</details>\n")]
    public void Blocks_stand_by_themselves(string text, string html) => Html(text).ShouldBe(html);

    [Theory]
    [InlineData("[url]http://a.example/[/url]", "http://a.example/", "http://a.example/")]
    [InlineData("[url=http://a.example/]a[/url]", "http://a.example/", "a")]
    [InlineData("[img]http://a.example/b.png[/img]", "http://a.example/b.png", "http://a.example/b.png")]
    [InlineData("[email]a@b.example[/email]", "mailto:a@b.example", "a@b.example")]
    [InlineData("http://a.example/", "http://a.example/", "http://a.example/")]
    [InlineData(
        "[url=http://a.example/][img]http://b.example/c.png[/img][/url]",
        "http://a.example/",
        "http://b.example/c.png"
    )]
    [InlineData(
        "[attachment=0]http://a.example/b.zip[/attachment]",
        "http://a.example/b.zip",
        "http://a.example/b.zip"
    )]
    public void Addresses_images_and_attachments_are_links(string text, string target, string shown) =>
        Html(text).ShouldBe($"<p><a href=\"{target}\" rel=\"nofollow ugc noopener\">{shown}</a></p>\n");

    [Theory]
    [InlineData("[url=javascript:alert(1)]a[/url]", "<p>a [javascript:alert(1)]</p>\n")]
    [InlineData("[img]javascript:alert(1)[/img]", "<p>javascript:alert(1)</p>\n")]
    public void No_link_leads_where_no_link_may(string text, string html) => Html(text).ShouldBe(html);

    [Fact]
    public void Tags_go_on_behind_a_quote_between_them() =>
        Html("[b]a\n[quote]b[/quote]\nc[/b]")
            .ShouldBe(
                "<p><strong>a</strong></p>\n<blockquote class=\"quote\" data-state=\"unknown\"><p class=\"quote-source\">source unknown</p><p>b</p>\n</blockquote>\n<p><strong>c</strong></p>\n"
            );

    [Fact]
    public void What_is_quoted_of_a_text_is_without_the_tags_whose_partners_it_leaves_out() =>
        RenderedText
            .OfWords("a[/b] and [i]b[/i] [url=http://c.example/]c", PostFormat.BbCode)
            .Html.ShouldBe(["<p>a and <em>b</em> c</p>\n"]);

    [Fact]
    public void Nesting_is_bounded()
    {
        var html = Html("[b]".Times(40) + "a" + "[/b]".Times(40));

        html.Split("<strong>").Length.ShouldBe(21);
        html.ShouldContain("[b]a[/b]");
    }

    [Fact]
    public void Plain_text_is_without_tags() =>
        FormatTests
            .Plain(
                "[b]a[/b] [url=http://a.example/]b[/url]\n[list][*]one[*]two[/list]\n[table][tr][td]c[/td][td]d[/td][/tr][/table]",
                PostFormat.BbCode
            )
            .ShouldBe("a b [http://a.example/]\n- one\n- two\nc | d");

    [Fact]
    public void Own_words_are_the_text_without_its_quote_blocks() =>
        OwnWords.Of("[quote=ann]a[/quote]\n[b]b[/b] > c", PostFormat.BbCode).Text(0, 100).ShouldBe("[b]b[/b] > c");

    private static string Html(string text) => FormatTests.Html(text, PostFormat.BbCode);
}
