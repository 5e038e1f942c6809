using EventForum.Exchange.Sources;

namespace EventForum.Tests.Exchange.Sources;

public sealed class PhpBbTextTests
{
    [Theory]
    [InlineData(
        "[b:1x2y]Bold[/b:1x2y] &amp; [url=http&#58;//example&#46;org:1x2y]here[/url:1x2y]",
        "[b]Bold[/b] & [url=http://example.org]here[/url]"
    )]
    [InlineData("[list:1x2y][*:1x2y]One[/*:m:1x2y][*:1x2y]Two[/*:m:1x2y][/list:u:1x2y]", "[list][*]One[*]Two[/list]")]
    [InlineData("[quote=&quot;Ann&quot;:1x2y]&lt;b&gt;[/quote:1x2y]No.", "[quote=\"Ann\"]<b>[/quote]No.")]
    [InlineData(
        "Hi <!-- s:) --><img src=\"{SMILIES_PATH}/smile.gif\" alt=\":)\" title=\"Smile\" /><!-- s:) -->!",
        "Hi :)!"
    )]
    [InlineData(
        "See <!-- m --><a class=\"postlink\" href=\"http://example.org/a/long/way?a=1&amp;b=2\">http://example.org/a ... =2</a><!-- m -->.",
        "See http://example.org/a/long/way?a=1&b=2."
    )]
    [InlineData("One<br />two", "One\ntwo")]
    public void what_was_marked_becomes_what_was_typed(string stored, string typed) =>
        PhpBbText.Of(stored, "1x2y", out _).ShouldBe(typed);

    [Theory]
    [InlineData("<t>1 &lt; 2 &amp;amp; 3<br/>\nNext.</t>", "1 < 2 &amp; 3\nNext.")]
    [InlineData("<r><B><s>[b]</s>Bold<e>[/b]</e></B> <E>:)</E></r>", "[b]Bold[/b] :)")]
    [InlineData(
        "<r><URL url=\"http://example.org/?a=1&amp;b=2\"><LINK_TEXT text=\"short\">http://example.org/?a=1&amp;b=2</LINK_TEXT></URL></r>",
        "http://example.org/?a=1&b=2"
    )]
    public void xml_becomes_what_was_typed(string stored, string typed) =>
        PhpBbText.Of(stored, "", out _).ShouldBe(typed);

    [Fact]
    public void a_quote_that_names_its_post_is_told_apart()
    {
        PhpBbText
            .Of(
                "<r><QUOTE author=\"Ann B\"><s>[quote=\"Ann B\" post_id=5 time=981173106 user_id=2]</s>Why?<e>[/quote]</e></QUOTE>[quote=Cid]No.[/quote]</r>",
                "",
                out var quotes
            )
            .ShouldBe("[quote=\"Ann B\"]Why?[/quote][quote=Cid]No.[/quote]");

        var quote = quotes.ShouldHaveSingleItem();
        (quote.Author, quote.Post).ShouldBe(("Ann B", "p5"));
    }
}
