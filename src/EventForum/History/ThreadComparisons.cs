using System.Globalization;
using EventForum.Access;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Threads.Quoting;
using EventForum.Threads.Reading;
using Npgsql;

namespace EventForum.History;

/// <summary>
/// Compares two moments by the events between them that hold at the later one: what had been overwritten by then is
/// passed over where it lies.
/// </summary>
public sealed class ThreadComparisons(
    NpgsqlDataSource database,
    PostViews views,
    MemberNames names,
    Moments moments,
    DearReads reads
)
{
    public const int MaxChanges = 200;

    /// <summary>What each stretch of words adds to its text in an answer.</summary>
    private const int BytesOfWords = 30;

    private static readonly Refusal NoFrom = new(
        400,
        "moment-missing",
        "There is nothing to compare with.",
        "Send from, and to unless it is now: versions of the thread (0 is before it began), or times such as 2026-01-31T12:00:00Z."
    );

    private static readonly Refusal Reversed = new(
        422,
        "moments-reversed",
        "The later moment is the earlier one.",
        "Send the earlier moment as from."
    );

    private const string Lasting = $"""
        select e.version, e.timestamp, e.user_name, (e.data ->> 'postId')::uuid, e.data ->> 'reason'
          from {Store.Schema}.mt_events e
         where e.stream_id = $1 and e.version > $2 and e.version <= $3
           and (e.version = any($5)
                or exists (select from {PostTable.Table} p
                            where p.post_id = (e.data ->> 'postId')::uuid and p.from_version = e.version
                              and (p.to_version is null or p.to_version > $4)))
         order by e.version limit $6
        """;

    /// <summary>The latest restoration of each post: it may have been edited since.</summary>
    private const string Restorations = $"""
        select distinct on (p.post_id) e.version, e.timestamp, e.user_name, p.post_id, e.data ->> 'reason'
          from {PostTable.Table} p
          join {Store.Schema}.mt_events e
            on e.stream_id = p.thread_id and e.version = p.from_version and e.type = 'post_restored'
         where p.post_id = any($1) and p.from_version <= $2
         order by p.post_id, p.from_version desc
        """;

    /// <summary>The two moments that a query names by versions or times.</summary>
    /// <param name="version">The thread's version.</param>
    /// <param name="to">Null for now.</param>
    internal async Task<(Refusal? Refusal, ComparedMoment? From, ComparedMoment? To)> MomentsAsync(
        Guid threadId,
        long version,
        string? from,
        string? to,
        CancellationToken cancellation
    )
    {
        var earlier = await MomentAsync(from);
        var later = to is null ? (null, new ComparedMoment(version, null)) : await MomentAsync(to);
        if ((earlier.Refusal ?? later.Refusal) is { } refusal)
        {
            return (refusal, null, null);
        }

        return earlier.Moment!.Version > later.Moment!.Version ? (Reversed, null, null)
            : later.Moment.Version == 0 ? (Moments.NotStarted, null, null)
            : (null, earlier.Moment, later.Moment);

        async Task<(Refusal? Refusal, ComparedMoment? Moment)> MomentAsync(string? text)
        {
            if (text == "0")
            {
                return (null, new ComparedMoment(0, null));
            }

            var isVersion = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            var at = isVersion ? null : Moments.ParseTime(text);
            if (!isVersion && at is null)
            {
                return (NoFrom, null);
            }

            var (refused, found) = await moments.FindAsync(threadId, isVersion ? number : null, at, cancellation);
            return refused == Moments.NotStarted ? (null, new ComparedMoment(0, at))
                : refused is not null ? (refused, null)
                : (null, new ComparedMoment(found?.Version ?? version, found?.At));
        }
    }

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
        var access = await ThreadAccess.OfAsync(reader, [threadId], database, cancellation);
        var header = await HeaderDifference.BetweenAsync(database, threadId, from.Version, to.Version, cancellation);
        var start = Math.Clamp(after, from.Version, to.Version);
        var end = Math.Min(to.Version, start + Bounds.FilteredEvents);
        var lasting = await LastingAsync(threadId, start, end, to.Version, [.. header.Keys], limit, cancellation);
        var isFull = lasting.Count == limit;
        var postIds = lasting.Where(e => !header.ContainsKey(e.Version)).Select(e => e.PostId).OfType<Guid>().ToList();
        var sizes = await TextSizes.StandingAsync(
            database,
            [.. postIds.Distinct()],
            [from.Version, to.Version],
            cancellation
        );
        var size = new AnswerSize();
        var fitting = lasting.TakeWhile(Fits).ToList();
        isFull |= fitting.Count < lasting.Count;
        lasting = fitting;
        postIds = [.. postIds.Take(lasting.Count(e => !header.ContainsKey(e.Version) && e.PostId is not null))];
        var now = await RowsAsync(postIds, to.Version, cancellation);
        var then = await RowsAsync(postIds, from.Version, cancellation);
        var bodies = await BodiesAsync([.. now.Values.Concat(then.Values)], reader, cancellation);
        var restorations = await RestorationsAsync(
            [.. now.Values.Where(row => IsRestored(then.GetValueOrDefault(row.PostId), row)).Select(row => row.PostId)],
            to.Version,
            cancellation
        );
        var cards = await names.FindAsync(
            lasting
                .Concat(restorations.Values)
                .Select(e => e.ActorId)
                .OfType<Guid>()
                .Concat(now.Values.SelectMany(row => row.MemberIds)),
            cancellation
        );

        var changes = new List<ThreadChange>(lasting.Count);
        var work = new DiffWork(cancellation);
        var answer = new AnswerSize();
        var last = isFull ? lasting[^1].Version : end;
        var known = start;
        foreach (var e in lasting)
        {
            if (answer.IsFull || work.Steps >= Bounds.ComparedSteps)
            {
                last = known;
                break;
            }

            known = e.Version;
            if (header.TryGetValue(e.Version, out var difference))
            {
                changes.Add(
                    new ThreadChange(
                        e.Version,
                        difference.Kind,
                        Who(e.ActorId),
                        e.At,
                        e.Reason,
                        Before: difference.Before,
                        After: difference.After
                    )
                );
            }
            else if (e.PostId is { } id && now.TryGetValue(id, out var row))
            {
                if (Change(e, then.GetValueOrDefault(id), row) is { } change)
                {
                    changes.Add(change);
                    answer.Add(change.Body);
                    foreach (var words in change.Words ?? [])
                    {
                        answer.Add(words.Text);
                        answer.Add(BytesOfWords);
                    }
                }
            }
        }

        return new ThreadComparison(threadId, from, to, changes, last < to.Version ? last : null);

        bool Fits(LastingEvent e)
        {
            var fits = !size.IsFull;
            size.Add(e.PostId is { } id ? sizes.GetValueOrDefault(id) : 0);
            return fits;
        }

        EventActor? Who(Guid? id) => id is { } member ? EventActor.Of(member, cards) : null;

        ThreadChange? Change(LastingEvent e, PostRow? before, PostRow row)
        {
            // What brought the row that holds at the later moment need not be what makes the difference.
            (string Kind, Guid? By, DateTimeOffset At, string? Reason)? told = row.RemovedAt is { } removedAt
                ? before?.RemovedAt is null
                    ? ("removed", row.RemovedBy, removedAt, row.RemovalReason)
                    : null
                : before is null
                    ? ("added", row.AuthorId, row.PostedAt, null)
                    : restorations.TryGetValue(row.PostId, out var restored)
                        ? ("restored", restored.ActorId, restored.At, restored.Reason)
                        : before.Revision != row.Revision
                            ? ("edited", row.EditedBy, row.EditedAt ?? e.At, row.EditReason)
                            : null;
            if (told is not var (kind, by, at, reason))
            {
                return null;
            }

            var isAdded = kind == "added";
            var isWithheld = row.IsRemovedNow && !access.Moderates(threadId);
            var body = bodies.GetValueOrDefault((row.PostId, row.Revision));
            var isEdited = before is not null && before.Revision != row.Revision && kind != "removed";
            return new ThreadChange(
                e.Version,
                kind,
                Who(by),
                at,
                kind == "edited" && isWithheld ? null : reason,
                new EventPost(row.PostId, row.Number, Who(row.AuthorId)!),
                before?.Revision,
                row.Revision,
                isAdded ? body : null,
                isEdited && body is not null && bodies.GetValueOrDefault((row.PostId, before!.Revision)) is { } old
                    ? PostRevisions.Words(old, body, work)
                    : null,
                Withheld: (isAdded || isEdited) && isWithheld
            );
        }
    }

    private static bool IsRestored(PostRow? before, PostRow row) =>
        before?.RemovedAt is not null && row.RemovedAt is null;

    private async Task<List<LastingEvent>> LastingAsync(
        Guid threadId,
        long after,
        long end,
        long to,
        long[] headerVersions,
        int limit,
        CancellationToken cancellation
    )
    {
        await using var command = database.CreateCommand(Lasting);
        command.Parameters.AddWithValue(threadId);
        command.Parameters.AddWithValue(after);
        command.Parameters.AddWithValue(end);
        command.Parameters.AddWithValue(to);
        command.Parameters.AddWithValue(headerVersions);
        command.Parameters.AddWithValue(limit);
        return await EventsAsync(command, cancellation);
    }

    private async Task<Dictionary<Guid, LastingEvent>> RestorationsAsync(
        Guid[] postIds,
        long to,
        CancellationToken cancellation
    )
    {
        if (postIds.Length == 0)
        {
            return [];
        }

        await using var command = database.CreateCommand(Restorations);
        command.Parameters.AddWithValue(postIds);
        command.Parameters.AddWithValue(to);
        return (await EventsAsync(command, cancellation)).ToDictionary(e => e.PostId!.Value);
    }

    private static async Task<List<LastingEvent>> EventsAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var found = new List<LastingEvent>();
        while (await reader.ReadAsync(cancellation))
        {
            found.Add(
                new LastingEvent(
                    reader.GetInt64(0),
                    reader.GetFieldValue<DateTimeOffset>(1),
                    Guid.TryParse(reader.IsDBNull(2) ? null : reader.GetString(2), out var actor) ? actor : null,
                    reader.IsDBNull(3) ? null : reader.GetGuid(3),
                    reader.IsDBNull(4) ? null : reader.GetString(4)
                )
            );
        }

        return found;
    }

    private async Task<Dictionary<Guid, PostRow>> RowsAsync(
        IEnumerable<Guid> postIds,
        long version,
        CancellationToken cancellation
    ) =>
        (
            await ThreadRows.StandingAsync(database, [.. postIds.Distinct().Select(id => (id, version))], cancellation)
        ).ToDictionary(row => row.PostId);

    /// <summary>The texts that this reader may see.</summary>
    private async Task<Dictionary<(Guid, int), string>> BodiesAsync(
        List<PostRow> rows,
        Reader reader,
        CancellationToken cancellation
    )
    {
        var distinct = rows.DistinctBy(row => (row.PostId, row.Revision)).ToList();
        var texts = await views.TextsAsync(distinct, _ => Moment.Now, reader, cancellation);
        return distinct
            .Zip(texts)
            .Where(pair => !pair.Second.IsHidden)
            .ToDictionary(pair => (pair.First.PostId, pair.First.Revision), pair => pair.Second.Body!);
    }

    private sealed record LastingEvent(long Version, DateTimeOffset At, Guid? ActorId, Guid? PostId, string? Reason);
}
