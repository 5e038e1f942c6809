using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Threads.Quoting;
using EventForum.Threads.Reading;

namespace EventForum.History;

/// <summary>What is read of a thread to compare two of its moments. What differs follows from it alone.</summary>
/// <param name="Header">What differs of the thread itself, by the version of the event that made it so.</param>
/// <param name="Then">The posts as they stood at the earlier moment.</param>
/// <param name="Now">The same at the later one.</param>
/// <param name="Texts">By post and revision, those that the reader may see.</param>
/// <param name="Restorations">Which event brought a post back.</param>
internal sealed record ComparedThread(
    Guid ThreadId,
    IReadOnlyDictionary<long, HeaderDifference> Header,
    IReadOnlyDictionary<Guid, PostRow> Then,
    IReadOnlyDictionary<Guid, PostRow> Now,
    IReadOnlyDictionary<(Guid, int), string> Texts,
    IReadOnlyDictionary<Guid, LastingEvent> Restorations,
    ThreadAccess Access,
    IReadOnlyDictionary<Guid, MemberCard> Cards
)
{
    /// <summary>What each stretch of words adds to its text in an answer.</summary>
    private const int BytesOfWords = 30;

    /// <summary>What the events made differ, and how many of them were gone through before the answer was full.</summary>
    public (IReadOnlyList<ThreadChange> Changes, int Seen) Changes(
        IReadOnlyList<LastingEvent> events,
        CancellationToken cancellation
    )
    {
        var changes = new List<ThreadChange>(events.Count);
        var work = new DiffWork(cancellation);
        var answer = new AnswerSize();
        var seen = 0;
        while (seen < events.Count && !answer.IsFull && work.Steps < Bounds.ComparedSteps)
        {
            var e = events[seen++];
            if (Header.TryGetValue(e.Version, out var difference))
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
                && Now.TryGetValue(id, out var row)
                && (row.MovedTo is not { } away || Access.Sees(away))
                && Change(e, Then.GetValueOrDefault(id), row, work) is { } change
            )
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

        return (changes, seen);
    }

    public static bool IsRestored(PostRow? before, PostRow row) =>
        before?.RemovedAt is not null && row.RemovedAt is null;

    private EventActor? Who(Guid? id) => id is { } member ? EventActor.Of(member, Cards) : null;

    private ThreadChange? Change(LastingEvent e, PostRow? before, PostRow row, DiffWork work)
    {
        if (Told(e, before, row) is not var (kind, by, at, reason))
        {
            return null;
        }

        var isAdded = kind == "added";
        var isWithheld = row.IsRemovedNow && !Access.Moderates(row.MovedTo ?? ThreadId);
        var body = Texts.GetValueOrDefault((row.PostId, row.Revision));
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
            && Texts.GetValueOrDefault((row.PostId, before!.Revision)) is { } old
                ? PostRevisions.Words(old, body, work)
                : null,
            Withheld: (isAdded || isEdited) && isWithheld
        )
        {
            Unknown = (isAdded || isEdited) && isUnknown && !isWithheld,
        };
    }

    /// <summary>
    /// What makes the difference, by whom, when and why; null where there is none. It need not be what brought the row that holds
    /// at the later moment.
    /// </summary>
    private (string Kind, Guid? By, DateTimeOffset At, string? Reason)? Told(
        LastingEvent e,
        PostRow? before,
        PostRow row
    ) =>
        row.RemovedAt is { } removedAt
            ? before?.RemovedAt is null
                ? ("removed", row.ShownRemover, removedAt, row.RemovalReason)
                : null
            : before is null
                ? ("added", row.AuthorId, row.PostedAt, null)
                : Restorations.TryGetValue(row.PostId, out var restored)
                    ? ("restored", restored.ActorId, restored.At, restored.Reason)
                    : before.Revision != row.Revision
                        ? ("edited", row.EditedBy, row.EditedAt ?? e.At, row.EditReason)
                        : null;
}
