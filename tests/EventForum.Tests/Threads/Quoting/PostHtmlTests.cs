using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using CsCheck;
using EventForum.Threads.Quoting;
using Markdig;

namespace EventForum.Tests.Threads.Quoting;

public class PostHtmlTests
{
    private static readonly Quote First = new(0, Guid.Empty, 2, 0, 5);

    [Theory]
    [InlineData("*a* **b** `c`", "<p><em>a</em> <strong>b</strong> <code>c</code></p>\n")]
    [InlineData("one\ntwo", "<p>one<br>\ntwo</p>\n")]
    [InlineData("<b onclick=x>a</b>", "<p>&lt;b onclick=x&gt;a&lt;/b&gt;</p>\n")]
    [InlineData("[a](javascript:b)", "<p><a rel=\"nofollow ugc noopener\">a</a></p>\n")]
    [InlineData("[a](/b)", "<p><a href=\"/b\" rel=\"nofollow ugc noopener\">a</a></p>\n")]
    [InlineData("![a](http://b/c.png)", "<p><a href=\"http://b/c.png\" rel=\"nofollow ugc noopener\">a</a></p>\n")]
    [InlineData("[![a](/i)](/b)", "<p><a href=\"/b\" rel=\"nofollow ugc noopener\">a</a></p>\n")]
    [InlineData("# a\n\n###### b", "<h3>a</h3>\n<h6>b</h6>\n")]
    [InlineData("```html\na\n```", "<pre><code>a\n</code></pre>\n")]
    [InlineData("[b]x [i]y[/i][/b]", "<p><strong>x <em>y</em></strong></p>\n")]
    [InlineData("[url=http://a/]b[/url]", "<p><a href=\"http://a/\" rel=\"nofollow ugc noopener\">b</a></p>\n")]
    [InlineData(
        "so:\n[ul]\n[li]one[/li]\n[li]two[/li][/ul]\nx",
        "<p>so:</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n<p>x</p>\n"
    )]
    [InlineData("[u]a[/u] [size=70]b[/size] [color=#F00][b]c[/b][/color]", "<p>a b <strong>c</strong></p>\n")]
    [InlineData("[list][*]one[*]two[/list]", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n")]
    [InlineData("a[*]b [li]", "<p>a[*]b [li]</p>\n")]
    [InlineData("[code]a ``` [b][/code]", "<pre><code>a ``` [b]\n</code></pre>\n")]
    [InlineData("`[b]x[/b]`", "<p><code>[b]x[/b]</code></p>\n")]
    public void Words_are_markdown_without_html(string body, string html) => Render(body).ShouldBe(html);

    [Theory]
    [InlineData(QuoteState.Exact, "exact", "")]
    [InlineData(QuoteState.EditedSince, "edited-since", " (<a href=\"/p/7/diff?from=2\">edited since</a>)")]
    public void A_quote_says_who_said_it_where(QuoteState state, string name, string remark) =>
        PostHtml
            .Render("answer", PostFormat.Markdown, [First], _ => new("A & B", "*said*", state, "/p/7", 12))
            .ShouldBe(
                $"<blockquote class=\"quote\" data-state=\"{name}\" cite=\"/p/7\">"
                    + $"<p class=\"quote-source\"><a href=\"/p/7\"><bdi>A &amp; B</bdi> wrote in #12</a>{remark}</p>"
                    + "<p><em>said</em></p>\n</blockquote>\n<p>answer</p>\n"
            );

    [Theory]
    [InlineData(QuoteState.Removed, "removed", "the quoted post was removed")]
    [InlineData(QuoteState.Erased, "erased", "the quoted words are gone")]
    [InlineData(QuoteState.Orphaned, "orphaned", "the quoted words are left out")]
    public void What_is_gone_is_not_shown(QuoteState state, string name, string remark)
    {
        var html = PostHtml.Render(
            "answer",
            PostFormat.Markdown,
            [First],
            _ => new("ann", "secret", state, "/p/7", null)
        );
        html.ShouldContain($"data-state=\"{name}\"");
        html.ShouldContain($"<bdi>ann</bdi> wrote in another thread</a>: {remark}");
        html.ShouldNotContain("secret");
    }

    [Fact]
    public void A_quote_of_a_post_that_is_not_here_says_so_and_leads_nowhere() =>
        PostHtml
            .Render("answer", PostFormat.Markdown, [First], _ => new(null, null, QuoteState.Missing, "/p/7", null))
            .ShouldBe(
                "<blockquote class=\"quote\" data-state=\"missing\">"
                    + "<p class=\"quote-source\">The quoted post is not in this forum</p></blockquote>\n<p>answer</p>\n"
            );

    [Fact]
    public void A_quote_whose_words_are_too_many_leads_to_them() =>
        PostHtml
            .Render("answer", PostFormat.Markdown, [First], _ => new("ann", null, QuoteState.Exact, "/p/7", 12))
            .ShouldBe(
                "<blockquote class=\"quote\" data-state=\"exact\" cite=\"/p/7\">"
                    + "<p class=\"quote-source\"><a href=\"/p/7\"><bdi>ann</bdi> wrote in #12</a>: too long to be shown here</p>"
                    + "</blockquote>\n<p>answer</p>\n"
            );

    [Fact]
    public void A_quote_without_source_says_so() =>
        Render("[quote=\"<eve>\"]a\n[quote]b[/quote][/quote]c")
            .ShouldBe(
                "<blockquote class=\"quote\" data-state=\"unknown\">"
                    + "<p class=\"quote-source\"><bdi>&lt;eve&gt;</bdi> wrote, source unknown</p><p>a</p>\n"
                    + "<blockquote class=\"quote\" data-state=\"unknown\">"
                    + "<p class=\"quote-source\">source unknown</p><p>b</p>\n</blockquote>\n</blockquote>\n<p>c</p>\n"
            );

    [Fact]
    public void No_text_becomes_a_program()
    {
        foreach (var text in Bodies.Hostile)
            ShouldBeHarmless(text);
        Bodies.Any.Sample(ShouldBeHarmless, iter: 200);
        Gen.String.Sample(ShouldBeHarmless, iter: 200);
    }

    public static TheoryData<string> Pathological =>
        [
            .. (
                (string[])
                    [">", "> ", "> - ", "*", "*a ", "**a ", "*a **a ", "_a ", "*a_ ", "[", "[a", "![", "[a](b", "[x]("]
            )
                .Concat(["[a](<b", "- ", "1. ", "|", "a|b\n", "[a]: b\n", "a\n", "a\n\n", "- a\n", "# a\n", "a\n=\n"])
                .Concat([
                    "<",
                    "&",
                    "\\",
                    "`",
                    "~",
                    "~~a ",
                    "[quote]",
                    "[quote]a[/quote]",
                    "[b]",
                    "[url=",
                    "[code]",
                    "\t",
                ]),
        ];

    [Theory]
    [MemberData(nameof(Pathological))]
    public void A_hostile_text_takes_bounded_time(string part) =>
        HangGuard.Finishes(() =>
        {
            foreach (var length in (int[])[400, 9_000, 100_000])
                Render(part.Times(length / part.Length));
        });

    /// <summary>The shapes of which Markdig, left to itself, takes time that grows with the square of their length.</summary>
    public static TheoryData<string> Quadratic =>
        [
            "www.a.bc ",
            "http://a.bc\n",
            "tel:1 ",
            "mailto:a@b.c ",
            "www.(",
            "(http://",
            "*a* www.a.bc ",
            "a\n=\n",
            "_a_b ",
        ];

    [Theory]
    [MemberData(nameof(Quadratic))]
    public void A_text_far_longer_than_a_post_takes_time_that_grows_with_its_length(string part) =>
        HangGuard.Finishes(() => Render(part.Times(1_600_000 / part.Length)));

    [Theory]
    [MemberData(nameof(Pathological))]
    [MemberData(nameof(Quadratic))]
    public void Twice_the_text_takes_twice_the_memory(string part)
    {
        Render(part);
        var once = Allocated(part.Times(20_000 / part.Length));
        var twice = Allocated(part.Times(40_000 / part.Length));
        twice.ShouldBeLessThan(3 * once + 1_000_000);

        static long Allocated(string body)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Render(body);
            PostPlainText.Render(body, PostFormat.Markdown, [], _ => throw new InvalidOperationException());
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void Addresses_become_the_links_that_markdig_makes_of_them()
    {
        var own = new MarkdownPipelineBuilder().DisableHtml().Use<AutoLinks>().UsePipeTables().Build();
        var markdig = new MarkdownPipelineBuilder().DisableHtml().UseAutoLinks().UsePipeTables().Build();
        var marks = "www.a.bc|http://a.bc/d_e|mailto:a@b.c|tel:12|www.|[|](b)|]|*|_|**|`|\n|\n\n| | |(|)|||word|- |> ";
        Gen.Int[0, marks.Split('|').Length - 1]
            .Select(i => marks.Split('|')[i])
            .Array[0, 30]
            .Select(string.Concat)
            .Sample(text => Markdown.ToHtml(text, own).ShouldBe(Markdown.ToHtml(text, markdig)), iter: 2_000);
    }

    [Fact]
    public void Underscores_inside_words_are_no_marks() =>
        Render("snake_case_name ".Times(3_000)).ShouldStartWith("<p>snake_case_name ");

    [Theory]
    [InlineData(">", "blockquote")]
    [InlineData("- ", "ul")]
    public void What_is_nested_too_deep_is_shown_less_deep(string mark, string element)
    {
        var html = Render(mark.Times(40) + "a");
        html.Split($"<{element}>").Length.ShouldBe(11);
        html.ShouldContain("<p>a</p>");
        PostPlainText
            .Render(">".Times(60) + "a", PostFormat.Markdown, [], _ => throw new InvalidOperationException())
            .ShouldBe(" ".Times(40) + "a");
    }

    [Theory]
    [InlineData("e", 100, "e", 8)]
    [InlineData("e", 8, "e", 8)]
    [InlineData("*", 2_100, "*", 8)]
    public void Marks_are_piled_on_a_letter_up_to_a_height(string letter, int marks, string shown, int left) =>
        Render($"a {letter}{"\u0301".Times(marks)} b").ShouldBe($"<p>a {shown}{"\u0301".Times(left)} b</p>\n");

    [Theory]
    [InlineData("> ", 200)]
    [InlineData("*a ", 2_500)]
    [InlineData("[a](", 6_000)]
    public void What_cannot_be_formatted_is_shown_as_it_is(string part, int count) =>
        Render(part.Times(count)).ShouldStartWith("<pre>");

    private static string Render(string body) =>
        PostHtml.Render(body, PostFormat.Markdown, [], _ => throw new InvalidOperationException());

    private static void ShouldBeHarmless(string text)
    {
        var html = PostHtml.Render(
            text,
            PostFormat.Markdown,
            [First],
            _ => new(text, text, QuoteState.EditedSince, "/p/7", 1)
        );
        foreach (var element in new HtmlParser().ParseDocument(html).Body!.QuerySelectorAll("*"))
        {
            element.LocalName.ShouldNotBeOneOf(
                "script",
                "iframe",
                "img",
                "style",
                "object",
                "embed",
                "form",
                "svg",
                "math"
            );
            foreach (var attribute in element.Attributes)
                ShouldBeHarmless(element, attribute);
        }
    }

    private static void ShouldBeHarmless(IElement element, IAttr attribute)
    {
        attribute.Name.ShouldBeOneOf("href", "rel", "title", "start", "class", "data-state", "cite");
        if (attribute.Name is "class")
            attribute.Value.ShouldBe(element.LocalName is "p" ? "quote-source" : "quote");
        if (attribute.Name is "href" && Uri.TryCreate(attribute.Value.Trim(), UriKind.Absolute, out var uri))
            uri.Scheme.ShouldBeOneOf("http", "https", "mailto", "file");
    }
}
