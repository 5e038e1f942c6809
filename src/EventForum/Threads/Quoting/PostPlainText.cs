using EventForum.Platform;

namespace EventForum.Threads.Quoting;

/// <summary>A post as plain text: paragraphs with a blank line between them, quotes indented.</summary>
public static class PostPlainText
{
    private const string Indent = "    ";

    public static string Render(string body, IReadOnlyList<Quote> quotes, Func<Quote, RenderedQuote> source) =>
        Paragraphs(BodyPart.Of(body, quotes), source);

    private static string Paragraphs(IEnumerable<BodyPart> parts, Func<Quote, RenderedQuote> source) =>
        MarkdownText.Join(
            parts.Select(part =>
                part switch
                {
                    BodyPart.Words words => MarkdownText.Of(words.Markdown),
                    BodyPart.Block block => Quoted(block.Name, Paragraphs(block.Inner, source)),
                    BodyPart.Reference reference => Quoted(source(reference.Quote)),
                    _ => "",
                }
            )
        );

    private static string Quoted(RenderedQuote quote) =>
        Quoted(
            quote.Author,
            quote.State switch
            {
                QuoteState.Exact or QuoteState.EditedSince => quote.Text is { } text
                    ? MarkdownText.Of(text)
                    : "(the quoted words are too long to be shown here)",
                QuoteState.Removed => "(the quoted post was removed)",
                QuoteState.Erased => "(the quoted post was erased)",
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
