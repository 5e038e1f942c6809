using System.ComponentModel.DataAnnotations;
using EventForum.Cases;
using EventForum.Moderation;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Views.Framework;

namespace EventForum.Audit;

/// <summary>
/// What each event is about: a row for the stream it stands in, who did it, and every post, thread, member, board and batch
/// that it changed. The story of any of these is a range of its key, however old the forum is. Who quoted a post
/// is known to <see cref="History.QuoteGraph"/>.
/// </summary>
public sealed class StoryIndex : IView<StoryIndex.Entry>
{
    private static readonly HashSet<string> Acts = new(Moderation.Acts.EventTypes, StringComparer.Ordinal);

    /// <summary>No list says who did it: it stands in the story of whom it is about, not of who did it.</summary>
    private static readonly HashSet<Type> Confidential =
    [
        .. CaseEventDescriptions
            .All.Where(description => description.IsConfidential)
            .Select(description => description.EventType),
    ];

    public string Name => "stories";

    public int Version => 2;

    public string Summary => "Which events are about which post, thread, member, board and batch.";

    /// <param name="Thing">A post, a thread, a member, a board, a batch or a case.</param>
    public sealed record Entry([property: Key] Guid Thing, [property: Key] long Position);

    /// <summary>A tombstone fills the place of a write that failed: one that comes late is read by a rebuild alone.</summary>
    public IEnumerable<Entry> RowsOf(ViewEvent e) =>
        e.Event.EventTypeName == "tombstone"
            ? []
            : ThingsOf(e).Where(thing => thing != Guid.Empty).Distinct().Select(thing => new Entry(thing, e.Position));

    public Entry Evolve(Entry row, ViewEvent e) => row;

    private static IEnumerable<Guid> ThingsOf(ViewEvent e)
    {
        yield return e.Event.StreamId;
        yield return e.CaseThreadId ?? Guid.Empty;
        if (!Confidential.Contains(e.Data.GetType()) && Guid.TryParse(e.Event.UserName, out var actor))
        {
            yield return actor;
        }

        if (Acts.Contains(e.Event.EventTypeName))
        {
            yield return e.Event.BatchId();
            yield return (e.Post?.AuthorId ?? e.Thread?.StarterId) ?? Guid.Empty;
        }

        foreach (var post in PostEvents.PostsOf(e.Data))
        {
            yield return post;
        }

        foreach (var thing in Named(e.Data))
        {
            yield return thing;
        }
    }

    /// <summary>What else an event names.</summary>
    private static IEnumerable<Guid> Named(object data) =>
        data switch
        {
            ThreadStarted started => [started.BoardId],
            ThreadSplitOff split => [split.BoardId, split.StarterId],
            ThreadMoved moved => [moved.BoardId],
            PostsMovedIn moved => moved.Posts.Select(post => post.AuthorId),
            PostHeld held => [held.SilenceId],
            PostReported report => [report.PostId, report.AuthorId],
            CaseResolved resolved => [resolved.BatchId],
            AppealDecided decided => [decided.BatchId ?? Guid.Empty],
            BatchApplied batch =>
            [
                .. batch.PostIds,
                .. batch.ThreadIds,
                .. batch.BoardIds,
                .. batch.MemberIds,
                batch.UndoneBatchId ?? Guid.Empty,
            ],
            BatchUndone undone => [undone.By],
            _ => [],
        };
}
