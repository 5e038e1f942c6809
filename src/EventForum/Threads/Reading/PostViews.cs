using EventForum.Members;
using EventForum.Threads.Quoting;
using Microsoft.Extensions.Caching.Memory;
using Npgsql;

namespace EventForum.Threads.Reading;

/// <summary>Makes posts out of their rows: resolves quotes and names, renders Markdown.</summary>
public sealed class PostViews(NpgsqlDataSource database, MemberNames names) : IDisposable
{
    /// <summary>HTML of what has been shown lately. A revision never changes; its key also holds its quotes' states.</summary>
    private readonly MemoryCache rendered = new(new MemoryCacheOptions { SizeLimit = 64 * 1024 * 1024 });

    internal async Task<IReadOnlyList<PostView>> ViewAsync(
        IReadOnlyList<PostRow> rows,
        Moment moment,
        bool seesRemoved,
        CancellationToken cancellation,
        Func<SourceRow, SourceRow>? stand = null
    )
    {
        if (rows.Count == 0)
        {
            return [];
        }

        var quotes = rows.SelectMany(row => row.Quotes);
        var sources = await ThreadRows.SourcesAsync(database, quotes, rows[0].ThreadId, moment, cancellation);
        if (stand is not null)
        {
            sources = sources.ToDictionary(source => source.Key, source => stand(source.Value));
        }

        var cards = await names.FindAsync(
            rows.SelectMany(row => row.MemberIds).Concat(sources.Values.Select(source => source.AuthorId)),
            moment.At,
            cancellation
        );
        return [.. rows.Select(row => View(row, sources, cards, seesRemoved))];
    }

    public void Dispose() => rendered.Dispose();

    private PostView View(
        PostRow row,
        Dictionary<(Guid, int), SourceRow> sources,
        IReadOnlyDictionary<Guid, MemberCard> cards,
        bool seesRemoved
    )
    {
        var isHidden = (row.RemovedAt is not null || row.IsRemovedNow) && !seesRemoved;
        var quotes = isHidden ? [] : row.Quotes.Where(Known).ToList();
        return new PostView(
            row.PostId,
            row.Number,
            Card(row.AuthorId),
            row.PostedAt,
            row.EditedAt,
            row.EditedBy is { } editor ? Card(editor) : null,
            row.EditReason,
            row.Revision,
            row.RemovedAt is null ? PostVisibility.Visible : PostVisibility.Removed,
            row is { RemovedAt: { } at, RemovedBy: { } by }
                ? new Removal(Card(by), at, row.RemovalReason, by == row.AuthorId)
                : null,
            isHidden
                ? null
                : QuoteExpansion.Expand(row.Body, quotes, quote => (Rendered(quote).Author, Rendered(quote).Text)),
            isHidden ? null : Html(row, quotes),
            [.. quotes.Select(Quoted)],
            row.AnsweredVersion,
            isHidden && row.RemovedAt is null
        )
        {
            PlainText = isHidden ? null : PostPlainText.Render(row.Body, quotes, Rendered),
        };

        bool Known(Quote quote) => sources.ContainsKey((quote.PostId, quote.Revision));

        MemberCard Card(Guid id) => cards[id];

        QuoteState State(SourceRow source) =>
            source.IsLeftOut ? QuoteState.Orphaned
            : source.IsRemovedThen || (source.IsRemovedNow && !seesRemoved) ? QuoteState.Removed
            : source.RevisionThen != source.Revision ? QuoteState.EditedSince
            : QuoteState.Exact;

        RenderedQuote Rendered(Quote quote)
        {
            var source = sources[(quote.PostId, quote.Revision)];
            var state = State(source);
            return new RenderedQuote(
                Card(source.AuthorId).Name,
                state is QuoteState.Removed or QuoteState.Orphaned
                    ? null
                    : OwnWords.Of(source.Body).Text(quote.Start, quote.Length),
                state,
                $"/posts/{quote.PostId}",
                source.Number
            );
        }

        QuoteView Quoted(Quote quote)
        {
            var source = sources[(quote.PostId, quote.Revision)];
            var shown = Rendered(quote);
            return new QuoteView(
                quote.PostId,
                source.ThreadId,
                source.Number,
                Card(source.AuthorId),
                quote.Revision,
                shown.State switch
                {
                    QuoteState.Exact => "exact",
                    QuoteState.EditedSince => "edited-since",
                    QuoteState.Removed => "removed",
                    QuoteState.Erased => "erased",
                    QuoteState.Orphaned => "orphaned",
                },
                shown.Text
            );
        }

        string Html(PostRow post, List<Quote> shown)
        {
            var states = string.Concat(
                shown.Select(quote => $"{(int)Rendered(quote).State}{Rendered(quote).Author}{Rendered(quote).Number},")
            );
            return rendered.GetOrCreate(
                (post.PostId, post.Revision, states),
                entry =>
                {
                    var html = PostHtml.Render(post.Body, shown, Rendered);
                    entry.Size = 200 + 2 * html.Length;
                    return html;
                }
            )!;
        }
    }
}
