using EventForum.Threads.Quoting;

namespace EventForum.Tests.Threads.Quoting;

public sealed class QuoteBoxTests
{
    private static readonly Guid One = new("0195d3b2-6f6e-7000-8000-000000000001");
    private static readonly Guid Two = new("0195d3b2-6f6e-7000-8000-000000000002");

    [Fact]
    public void Quotes_of_one_post_that_follow_each_other_are_one_box()
    {
        Boxes("answer", Quote(One, 0), Quote(One, 4)).ShouldBe(1);
        Boxes("answer", Quote(One, 0), Quote(Two, 4)).ShouldBe(2);
        Boxes("answer", Quote(One, 0), Quote(One, 4, revision: 2)).ShouldBe(2);
        Boxes("a\n\nb", Quote(One, 0), Quote(One, 4, at: 3)).ShouldBe(2);
    }

    [Fact]
    public void One_box_holds_the_words_of_all_and_names_their_author_once()
    {
        var quotes = new[] { Quote(One, 0), Quote(One, 4) };

        PostHtml
            .Render("answer", PostFormat.Markdown, quotes, Shown)
            .ShouldBe(
                "<blockquote class=\"quote\" data-state=\"exact\" cite=\"/p/1\"><p class=\"quote-source\"><a href=\"/p/1\"><bdi>ann</bdi> wrote in #1</a></p>"
                    + "<p>word 0</p>\n<p>word 4</p>\n</blockquote>\n<p>answer</p>\n"
            );
        PostPlainText
            .Render("answer", PostFormat.Markdown, quotes, Shown)
            .ShouldBe("ann wrote:\n\n    word 0\n\n    word 4\n\nanswer");
    }

    [Fact]
    public void A_quote_without_words_is_no_box()
    {
        Boxes("answer", Quote(One, -1)).ShouldBe(0);
        PostHtml.Render("[quote=ann][/quote]answer", PostFormat.Markdown, [], Shown).ShouldBe("<p>answer</p>\n");
        PostPlainText.Render("[quote=ann][/quote]answer", PostFormat.Markdown, [], Shown).ShouldBe("answer");
    }

    [Fact]
    public void Of_hidden_quotes_nobody_learns_that_they_are_of_one_post() =>
        PostHtml
            .Render(
                "answer",
                PostFormat.Markdown,
                [Quote(One, 0), Quote(One, 4)],
                _ => new(null, null, QuoteState.Hidden, null, null)
            )
            .Split("<blockquote")
            .Length.ShouldBe(3);

    private static int Boxes(string body, params Quote[] quotes) =>
        PostHtml.Render(body, PostFormat.Markdown, quotes, Shown).Split("<blockquote").Length - 1;

    private static RenderedQuote Shown(Quote quote) =>
        new("ann", quote.Start < 0 ? "" : $"word {quote.Start}", QuoteState.Exact, "/p/1", 1);

    private static Quote Quote(Guid post, int start, int revision = 1, int at = 0) => new(at, post, revision, start, 4);
}
