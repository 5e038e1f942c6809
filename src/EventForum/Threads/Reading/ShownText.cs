using EventForum.Threads.Quoting;

namespace EventForum.Threads.Reading;

/// <summary>A quote and what a reader sees of it.</summary>
/// <param name="Source">Null when it is not in this forum.</param>
internal sealed record ShownQuote(Quote Quote, SourceRow? Source, RenderedQuote Rendered);

/// <summary>
/// A post's text as a reader sees it; null where the reader may not. Each shape is made when it is asked for: few want
/// more than one.
/// </summary>
/// <param name="rendered">The text without its quotes.</param>
internal sealed class ShownText(
    PostRow row,
    bool isHidden,
    IReadOnlyList<ShownQuote> quotes,
    Func<PostRow, RenderedText> rendered
)
{
    private readonly List<Quote> references = [.. quotes.Select(quote => quote.Quote)];

    // Of quotes that are equal, some may be shown and others be too many.
    private readonly Dictionary<Quote, RenderedQuote> sources = new(
        quotes.Select(quote => KeyValuePair.Create(quote.Quote, quote.Rendered)),
        ReferenceEqualityComparer.Instance
    );

    public bool IsHidden => isHidden;

    public IReadOnlyList<ShownQuote> Quotes => quotes;

    /// <summary>The text in its format, with quote blocks.</summary>
    public string? Body =>
        isHidden ? null
        : references.Count == 0 ? row.Body
        : QuoteExpansion.Expand(row.Body, references, Source);

    private (string? Name, string? Text) Source(Quote quote) =>
        sources[quote] is { State: not QuoteState.Hidden } shown ? (shown.Author ?? "", shown.Text) : (null, null);

    public string? PlainText =>
        isHidden ? null : PostPlainText.Render(rendered(row).Plain, references, quote => sources[quote]);

    public string? Html => isHidden ? null : PostHtml.Render(rendered(row).Html, references, quote => sources[quote]);
}
