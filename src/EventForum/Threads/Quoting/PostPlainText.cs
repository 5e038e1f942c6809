using EventForum.Platform;

namespace EventForum.Threads.Quoting;

/// <summary>A post as plain text: paragraphs with a blank line between them, quotes indented.</summary>
public static class PostPlainText
{
    private const string Indent = "    ";

    public static string Render(
        string body,
        PostFormat format,
        IReadOnlyList<Quote> quotes,
        Func<Quote, RenderedQuote> source
    ) => Render(Pieces(body, format, quotes), quotes, source);

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
            : MarkdownText.Join([
                pieces[0],
                .. QuoteBox.Of(pieces, quotes, source).SelectMany(box => new[] { Quoted(box.Quotes), pieces[box.End] }),
            ]);

    /// <summary>The text between the quotes: one piece more than there are quotes in it.</summary>
    public static IReadOnlyList<string> Pieces(string body, PostFormat format, IReadOnlyList<Quote> quotes) =>
        [.. BodyPart.BetweenQuotes(BodyPart.Of(body, format, quotes)).Select(parts => Paragraphs(parts, format))];

    private static string Paragraphs(IEnumerable<BodyPart> parts, PostFormat format) =>
        MarkdownText.Join(
            parts.Select(part =>
                part switch
                {
                    BodyPart.Words words => FormattedText.ToPlain(words.Text, format),
                    BodyPart.Block block => Paragraphs(block.Inner, format) is { Length: > 0 } inner
                        ? Quoted(block.Name, inner)
                        : "",
                    _ => "",
                }
            )
        );

    private static string Quoted(IReadOnlyList<RenderedQuote> quotes) =>
        quotes.Count == 0
            ? ""
            : Quoted(quotes[0].Author, MarkdownText.Join(quotes.Select(Words).Distinct(StringComparer.Ordinal)));

    private static string Words(RenderedQuote quote) =>
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
        };

    private static string Quoted(string? author, string text) =>
        MarkdownText.Join([
            author is null ? "" : $"{Bidi.Isolate(author)} wrote:",
            MarkdownText.Indented(text, Indent),
        ]);
}
