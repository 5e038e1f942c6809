using EventForum.Access;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads.Quoting;
using Microsoft.Extensions.Caching.Memory;
using Npgsql;

namespace EventForum.Threads.Reading;

/// <summary>Makes posts out of their rows: resolves quotes and names, renders Markdown.</summary>
public sealed class PostViews(NpgsqlDataSource database, MemberNames names, MemberCards members) : IDisposable
{
    /// <summary>HTML of what has been shown lately. A revision never changes; its key also holds its quotes' states.</summary>
    private readonly MemoryCache rendered = new(new MemoryCacheOptions { SizeLimit = 64 * 1024 * 1024 });

    internal async Task<IReadOnlyList<PostView>> ViewAsync(
        IReadOnlyList<PostRow> rows,
        Moment moment,
        Reader reader,
        CancellationToken cancellation,
        Func<SourceRow, SourceRow>? stand = null,
        PageBasis? basis = null
    )
    {
        if (rows.Count == 0)
        {
            return [];
        }

        var sources = await ThreadRows.SourcesAsync(database, rows, _ => moment, cancellation);
        if (stand is not null)
        {
            sources = sources.ToDictionary(source => source.Key, source => stand(source.Value));
        }

        var access = await AccessAsync(reader, rows, sources, cancellation);
        var cards = await members.FindAsync(
            rows.SelectMany(row => row.MemberIds).Concat(sources.Values.Select(source => source.AuthorId)),
            moment.At,
            basis?.IsFresh ?? true,
            cancellation
        );
        basis?.Add(sources.Values, cards);
        var words = new Dictionary<SourceRow, OwnWords>(ReferenceEqualityComparer.Instance);
        return [.. rows.Select(row => View(row, Show(row, moment, sources, words, cards, access), cards))];
    }

    /// <summary>Only the texts, each as it was at a moment of its own.</summary>
    internal async Task<IReadOnlyList<ShownText>> TextsAsync(
        IReadOnlyList<PostRow> rows,
        Func<PostRow, Moment> when,
        Reader reader,
        CancellationToken cancellation
    )
    {
        var sources = await ThreadRows.SourcesAsync(database, rows, when, cancellation);
        var access = await AccessAsync(reader, rows, sources, cancellation);
        var cards = await names.FindAsync(sources.Values.Select(source => source.AuthorId), cancellation);
        var words = new Dictionary<SourceRow, OwnWords>(ReferenceEqualityComparer.Instance);
        return [.. rows.Select(row => Show(row, when(row), sources, words, cards, access))];
    }

    public void Dispose() => rendered.Dispose();

    private ShownText Show(
        PostRow row,
        Moment moment,
        Dictionary<(long, Guid, int), SourceRow> sources,
        Dictionary<SourceRow, OwnWords> words,
        IReadOnlyDictionary<Guid, MemberCard> cards,
        ThreadAccess access
    )
    {
        var isHidden = (row.RemovedAt is not null || row.IsRemovedNow) && !access.Moderates(row.ThreadId);
        var shown = new ShownWords(PlainLine.Length(row.Body));
        return new ShownText(row, isHidden, isHidden ? [] : [.. row.Quotes.Select(Quoted)], rendered);

        ShownQuote Quoted(Quote quote) =>
            sources.GetValueOrDefault((moment.Version, quote.PostId, quote.Revision)) is { } source
                ? new ShownQuote(quote, source, Rendered(quote, source))
                : new ShownQuote(quote, null, new(null, null, QuoteState.Missing, $"/posts/{quote.PostId}", null));

        RenderedQuote Rendered(Quote quote, SourceRow source)
        {
            var state = State(source);
            if (state is QuoteState.Hidden)
            {
                return new RenderedQuote(null, null, state, null, null);
            }

            return new RenderedQuote(
                cards[source.AuthorId].Name,
                state is QuoteState.Removed or QuoteState.Orphaned ? null : Words(quote, source),
                state,
                $"/posts/{quote.PostId}",
                source.Number
            );
        }

        string? Words(Quote quote, SourceRow source)
        {
            if (shown.IsFull || source.Body is null)
            {
                return null;
            }

            if (!words.TryGetValue(source, out var own))
            {
                words[source] = own = OwnWords.Of(source.Body);
            }

            var text = own.Text(quote.Start, quote.Length);
            return shown.Add(text) ? text : null;
        }

        QuoteState State(SourceRow source) =>
            !access.Sees(source.ThreadId) ? QuoteState.Hidden
            : source.IsLeftOut ? QuoteState.Orphaned
            : source.IsRemovedThen || (source.IsRemovedNow && !access.Moderates(source.ThreadId)) ? QuoteState.Removed
            : source.RevisionThen != source.Revision ? QuoteState.EditedSince
            : QuoteState.Exact;
    }

    private ValueTask<ThreadAccess> AccessAsync(
        Reader reader,
        IReadOnlyList<PostRow> rows,
        Dictionary<(long, Guid, int), SourceRow> sources,
        CancellationToken cancellation
    ) =>
        ThreadAccess.OfAsync(
            reader,
            rows.Select(row => row.ThreadId).Concat(sources.Values.Select(source => source.ThreadId)),
            database,
            cancellation
        );

    private static PostView View(PostRow row, ShownText text, IReadOnlyDictionary<Guid, MemberCard> cards)
    {
        return new PostView(
            row.PostId,
            row.Number,
            cards[row.AuthorId],
            row.PostedAt,
            row.EditedAt,
            row.EditedBy is { } editor ? cards[editor] : null,
            text.IsHidden ? null : row.EditReason,
            row.Revision,
            row.RemovedAt is null ? PostVisibility.Visible : PostVisibility.Removed,
            row is { RemovedAt: { } at, RemovedBy: { } by }
                ? new Removal(cards[by], at, row.RemovalReason, by == row.AuthorId, row.Behind is not null)
                : null,
            text.Body,
            text.Html,
            [.. text.Quotes.Select(Quoted)],
            row.AnsweredVersion,
            text.IsHidden && row.RemovedAt is null
        )
        {
            Text = text,
        };

        QuoteView Quoted(ShownQuote quote) =>
            quote.Rendered.State is QuoteState.Hidden
                ? new(null, null, null, null, null, "hidden", null)
                : new(
                    quote.Quote.PostId,
                    quote.Source?.ThreadId,
                    quote.Source?.Number,
                    quote.Source is { } source ? cards[source.AuthorId] : null,
                    quote.Quote.Revision,
                    quote.Rendered.State switch
                    {
                        QuoteState.Exact => "exact",
                        QuoteState.EditedSince => "edited-since",
                        QuoteState.Removed => "removed",
                        QuoteState.Erased => "erased",
                        QuoteState.Orphaned => "orphaned",
                        QuoteState.Missing => "missing",
                        QuoteState.Hidden => "hidden",
                    },
                    quote.Rendered.Text,
                    quote.Rendered.IsCut
                );
    }
}
