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
    [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database,
    PostViews views,
    MemberNames names,
    DearReads reads
)
{
    public const int MaxChanges = 200;

    /// <summary>What each stretch of words adds to its text in an answer.</summary>
    private const int BytesOfWords = 30;

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
            reader,
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
            else if (
                e.PostId is { } id
                && now.TryGetValue(id, out var row)
                && (row.MovedTo is not { } away || access.Sees(away))
            )
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
                    ? ("removed", row.ShownRemover, removedAt, row.RemovalReason)
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
            var isWithheld = row.IsRemovedNow && !access.Moderates(row.MovedTo ?? threadId);
            var body = texts.GetValueOrDefault((row.PostId, row.Revision));
            var isUnknown = row.IsUnknown || (!isAdded && before?.IsUnknown == true);
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
                row.IsUnknown ? null
                    : isAdded || (isEdited && isUnknown) ? body
                    : null,
                isEdited
                && !isUnknown
                && body is not null
                && texts.GetValueOrDefault((row.PostId, before!.Revision)) is { } old
                    ? PostRevisions.Words(old, body, work)
                    : null,
                Withheld: (isAdded || isEdited) && isWithheld
            )
            {
                Unknown = (isAdded || isEdited) && isUnknown && !isWithheld,
            };
        }
    }

    private static bool IsRestored(PostRow? before, PostRow row) =>
        before?.RemovedAt is not null && row.RemovedAt is null;

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
