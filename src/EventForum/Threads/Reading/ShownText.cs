using EventForum.Threads.Quoting;
using Microsoft.Extensions.Caching.Memory;

namespace EventForum.Threads.Reading;

/// <summary>A quote and what a reader sees of it.</summary>
/// <param name="Source">Null when it is not in this forum.</param>
internal sealed record ShownQuote(Quote Quote, SourceRow? Source, RenderedQuote Rendered);

/// <summary>
/// A post's text as a reader sees it; null where the reader may not. Each shape is made when it is asked for: few want
/// more than one, and HTML is the dearest by far.
/// </summary>
/// <param name="rendered">HTML by revision and its quotes' states.</param>
internal sealed class ShownText(PostRow row, bool isHidden, IReadOnlyList<ShownQuote> quotes, MemoryCache rendered)
{
    private readonly List<Quote> references = [.. quotes.Select(quote => quote.Quote)];

    // Of quotes that are equal, some may be shown and others be too many.
    private readonly Dictionary<Quote, RenderedQuote> sources = new(
        quotes.Select(quote => KeyValuePair.Create(quote.Quote, quote.Rendered)),
        ReferenceEqualityComparer.Instance
    );

    public bool IsHidden => isHidden;

    public IReadOnlyList<ShownQuote> Quotes => quotes;

    /// <summary>Markdown with quote blocks.</summary>
    public string? Body =>
        isHidden ? null
        : references.Count == 0 ? row.Body
        : QuoteExpansion.Expand(row.Body, references, quote => (sources[quote].Author ?? "", sources[quote].Text));

    public string? PlainText => isHidden ? null : PostPlainText.Render(row.Body, references, quote => sources[quote]);

    public string? Html => isHidden ? null : Rendered();

    private string Rendered()
    {
        var states = string.Concat(
            quotes.Select(quote =>
                $"{(int)quote.Rendered.State}{quote.Rendered.Author}{quote.Rendered.Number}{(quote.Rendered.IsCut ? "-" : "")},"
            )
        );
        return rendered.GetOrCreate(
            (row.PostId, row.Revision, states),
            entry =>
            {
                var html = PostHtml.Render(row.Body, references, quote => sources[quote]);
                entry.Size = 200 + 2L * html.Length;
                return html;
            }
        )!;
    }
}
