using EventForum.Access;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Threads.Reading;
using Npgsql;

namespace EventForum.History;

/// <summary>
/// Compares two moments by the events between them that hold at the later one: what had been overwritten by then is
/// passed over where it lies.
/// </summary>
public sealed class ThreadComparisons(
    [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database,
    PostViews views,
    MemberNames names,
    DearReads reads
)
{
    public const int MaxChanges = 200;

    private readonly SharedWork<
        (Guid, ComparedMoment, ComparedMoment, long, int, string),
        (Refusal? Refusal, ThreadComparison? Comparison)
    > comparisons = new();

    /// <summary>A page of what differs. A refusal when too many compare already.</summary>
    internal Task<(Refusal? Refusal, ThreadComparison? Comparison)> CompareAsync(
        Guid threadId,
        ComparedMoment from,
        ComparedMoment to,
        long after,
        int limit,
        Reader reader,
        CancellationToken cancellation
    ) =>
        comparisons.RunAsync(
            (threadId, from, to, after, limit, reader.Scope),
            token => reads.RunAsync(() => ReadAsync(threadId, from, to, after, limit, reader, token), token),
            cancellation
        );

    private async Task<ThreadComparison> ReadAsync(
        Guid threadId,
        ComparedMoment from,
        ComparedMoment to,
        long after,
        int limit,
        Reader reader,
        CancellationToken cancellation
    )
    {
        var header = await HeaderDifference.BetweenAsync(database, threadId, from.Version, to.Version, cancellation);
        var start = Math.Clamp(after, from.Version, to.Version);
        var end = Math.Min(to.Version, start + Bounds.FilteredEvents);
        var lasting = await LastingEvents.ReadAsync(
            database,
            threadId,
            start,
            end,
            to.Version,
            [.. header.Keys],
            limit,
            cancellation
        );
        var isFull = lasting.Count == limit;
        var postIds = lasting.Where(e => !header.ContainsKey(e.Version)).Select(e => e.PostId).OfType<Guid>().ToList();
        var sizes = await TextSizes.StandingAsync(
            database,
            threadId,
            [.. postIds.Distinct()],
            [from.Version, to.Version],
            cancellation
        );
        var size = new AnswerSize();
        var fitting = lasting.TakeWhile(Fits).ToList();
        isFull |= fitting.Count < lasting.Count;
        lasting = fitting;
        postIds = [.. postIds.Take(lasting.Count(e => !header.ContainsKey(e.Version) && e.PostId is not null))];
        var now = await RowsAsync(threadId, postIds, to.Version, cancellation);
        var then = await RowsAsync(threadId, postIds, from.Version, cancellation);
        var access = await ThreadAccess.OfAsync(
            reader,
            now.Values.Select(row => row.MovedTo).OfType<Guid>().Append(threadId),
            database,
            cancellation
        );
        var texts = await TextsAsync(
            now.Values.Select(row => (row, to)).Concat(then.Values.Select(row => (row, from))),
            reader,
            cancellation
        );
        var restorations = await LastingEvents.RestorationsAsync(
            database,
            threadId,
            [
                .. now
                    .Values.Where(row => ComparedThread.IsRestored(then.GetValueOrDefault(row.PostId), row))
                    .Select(row => row.PostId),
            ],
            to.Version,
            cancellation
        );
        var cards = await names.FindAsync(
            lasting
                .Concat(restorations.Values)
                .Select(e => e.ActorId)
                .OfType<Guid>()
                .Concat(now.Values.SelectMany(row => row.MemberIds)),
            reader,
            cancellation
        );

        var compared = new ComparedThread(threadId, header, then, now, texts, restorations, access, cards);
        var (changes, seen) = compared.Changes(lasting, cancellation);
        var last =
            seen < lasting.Count ? lasting[seen - 1].Version
            : isFull ? lasting[^1].Version
            : end;
        return new ThreadComparison(threadId, from, to, changes, last < to.Version ? last : null);

        bool Fits(LastingEvent e)
        {
            var fits = !size.IsFull;
            size.Add(e.PostId is { } id ? sizes.GetValueOrDefault(id) : 0);
            return fits;
        }
    }

    private async Task<Dictionary<Guid, PostRow>> RowsAsync(
        Guid threadId,
        IEnumerable<Guid> postIds,
        long version,
        CancellationToken cancellation
    ) =>
        (
            await ThreadRows.StandingAsync(
                database,
                threadId,
                [.. postIds.Distinct().Select(id => (id, version))],
                cancellation
            )
        ).ToDictionary(row => row.PostId);

    /// <summary>
    /// The texts that this reader may see, as they are read: plain text, with what they quote as it stood at the moment.
    /// </summary>
    private async Task<Dictionary<(Guid, int), string>> TextsAsync(
        IEnumerable<(PostRow Row, ComparedMoment Moment)> posts,
        Reader reader,
        CancellationToken cancellation
    )
    {
        var moments = new Dictionary<PostRow, Moment>(ReferenceEqualityComparer.Instance);
        foreach (var (row, moment) in posts.DistinctBy(post => (post.Row.PostId, post.Row.Revision)))
        {
            moments[row] = new Moment(moment.Version, moment.At);
        }

        var rows = moments.Keys.ToList();
        var texts = await views.TextsAsync(rows, row => moments[row], reader, cancellation);
        return rows.Zip(texts)
            .Where(pair => !pair.Second.IsHidden)
            .ToDictionary(pair => (pair.First.PostId, pair.First.Revision), pair => pair.Second.PlainText!);
    }
}
