using EventForum.Platform;

namespace EventForum.Threads.Quoting;

/// <summary>A post as plain text: paragraphs with a blank line between them, quotes indented.</summary>
public static class PostPlainText
{
    private const string Indent = "    ";

    public static string Render(string body, IReadOnlyList<Quote> quotes, Func<Quote, RenderedQuote> source) =>
        Render(Pieces(body, quotes), quotes, source);

    /// <param name="pieces">What stands between the quotes, as <see cref="Pieces"/> gave it.</param>
    /// <param name="quotes">The quotes between them, in order.</param>
    /// <param name="source">What a reader sees of a quote.</param>
    public static string Render(
        IReadOnlyList<string> pieces,
        IReadOnlyList<Quote> quotes,
        Func<Quote, RenderedQuote> source
    ) =>
        pieces.Count == 1
            ? pieces[0]
            : MarkdownText.Join(
                pieces.SelectMany((piece, i) => i == 0 ? [piece] : new[] { Quoted(source(quotes[i - 1])), piece })
            );

    /// <summary>The text between the quotes: one piece more than there are quotes in it.</summary>
    public static IReadOnlyList<string> Pieces(string body, IReadOnlyList<Quote> quotes) =>
        [.. BodyPart.BetweenQuotes(BodyPart.Of(body, quotes)).Select(Paragraphs)];

    private static string Paragraphs(IEnumerable<BodyPart> parts) =>
        MarkdownText.Join(
            parts.Select(part =>
                part switch
                {
                    BodyPart.Words words => MarkdownText.Of(words.Markdown),
                    BodyPart.Block block => Quoted(block.Name, Paragraphs(block.Inner)),
                    _ => "",
                }
            )
        );

    private static string Quoted(RenderedQuote quote) =>
        Quoted(
            quote.Author,
            quote.State switch
            {
                QuoteState.Exact or QuoteState.EditedSince => quote.Words is { } words
                    ? words.Plain[0]
                    : "(the quoted words are too long to be shown here)",
                QuoteState.Removed => "(the quoted post was removed)",
                QuoteState.Erased => "(the quoted words are gone)",
                QuoteState.Orphaned => "(the quoted words are left out)",
                QuoteState.Missing => "(the quoted post is not in this forum)",
                QuoteState.Hidden => "(you may not see the quoted post)",
            }
        );

    private static string Quoted(string? author, string text) =>
        MarkdownText.Join([
            author is null ? "" : $"{Bidi.Isolate(author)} wrote:",
            MarkdownText.Indented(text, Indent),
        ]);
}
