using CsCheck;
using EventForum.Threads.Quoting;

namespace EventForum.Tests.Threads.Quoting;

public class PostPlainTextTests
{
    [Theory]
    [InlineData("# Title\n\n*a* **b** `c`\nd", "Title\n\na b c\nd")]
    [InlineData("[a](http://b/) <http://c/> http://d/", "a [http://b/] http://c/ http://d/")]
    [InlineData("![alt](/i.png)", "alt [/i.png]")]
    [InlineData("- a\n- b\n  - c\n\ntext", "- a\n- b\n\n  - c\n\ntext")]
    [InlineData("3. a\n4. b", "3. a\n4. b")]
    [InlineData("```\n  code\n```", "  code")]
    [InlineData("a|b\n-|-\nc|d", "a | b\nc | d")]
    [InlineData("> quoted\n\nsaid", "    quoted\n\nsaid")]
    [InlineData("a &amp; <b>", "a & <b>")]
    [InlineData("a [b *c ![d _e", "a [b *c ![d _e")]
    [InlineData("[quote]a\n\nb[/quote]c", "    a\n\n    b\n\nc")]
    [InlineData("[quote=eve]a[quote=ann]b[/quote][/quote]", "eve wrote:\n\n    a\n\n    ann wrote:\n\n        b")]
    public void Mark_up_is_left_out(string body, string text) => Render(body).ShouldBe(text);

    [Theory]
    [InlineData(QuoteState.Exact, "one\n\n    two")]
    [InlineData(QuoteState.Removed, "(the quoted post was removed)")]
    [InlineData(QuoteState.Erased, "(the quoted words are gone)")]
    public void A_quote_is_indented_below_its_author(QuoteState state, string quoted) =>
        PostPlainText
            .Render(
                "answer",
                PostFormat.Markdown,
                [new(0, Guid.Empty, 1, 0, 3)],
                _ => new("ann", "one\n\ntwo", state, "/p/1", 1)
            )
            .ShouldBe($"ann wrote:\n\n    {quoted}\n\nanswer");

    [Fact]
    public void Every_text_can_be_read()
    {
        foreach (var text in Bodies.Hostile)
            Render(text).ShouldNotBeNull();
        Bodies.Any.Sample(text => Render(text).ShouldNotBeNull(), iter: 200);
    }

    private static string Render(string body) =>
        PostPlainText.Render(body, PostFormat.Markdown, [], _ => throw new InvalidOperationException());
}
