using EventForum.Platform;
using EventForum.Threads;
using JasperFx.Events;

namespace EventForum.Lists;

/// <summary>
/// A thread as its board lists it from <paramref name="FromAt"/> up to, not including, <paramref name="ToAt"/>; null
/// is still. Times may go back from one event to the next, but what a thread has come to does not.
/// </summary>
/// <param name="FromVersion">The thread's version that made it so.</param>
/// <param name="Added">How many posts that version added: one or none.</param>
/// <param name="LastPostAt">The latest time of a post, which need not be the last post's.</param>
public sealed record ListedThread(
    Guid ThreadId,
    long FromVersion,
    DateTimeOffset FromAt,
    DateTimeOffset? ToAt,
    Guid BoardId,
    string Title,
    Guid StarterId,
    DateTimeOffset StartedAt,
    int PostCount,
    int Added,
    DateTimeOffset LastPostAt,
    Guid LastPosterId,
    bool IsLocked,
    bool IsPinned
)
{
    /// <summary>The thread after one more event; the same when its board does not show what happened.</summary>
    public static ListedThread? Fold(ListedThread? thread, IEvent e) =>
        e.Data switch
        {
            ThreadStarted started => new ListedThread(
                e.StreamId,
                e.Version,
                e.Timestamp,
                null,
                started.BoardId,
                started.Title,
                e.ActorId(),
                e.Timestamp,
                1,
                1,
                e.Timestamp,
                e.ActorId(),
                false,
                false
            ),
            _ when thread is null => null,
            ReplyPosted => thread.At(e) with
            {
                PostCount = thread.PostCount + 1,
                Added = 1,
                LastPostAt = Later(thread.LastPostAt, e.Timestamp),
                LastPosterId = e.Timestamp < thread.LastPostAt ? thread.LastPosterId : e.ActorId(),
            },
            ThreadRenamed renamed => thread.At(e) with { Title = renamed.Title },
            ThreadLocked => thread.At(e) with { IsLocked = true },
            ThreadUnlocked => thread.At(e) with { IsLocked = false },
            ThreadPinned => thread.At(e) with { IsPinned = true },
            ThreadUnpinned => thread.At(e) with { IsPinned = false },
            ThreadMoved moved => thread.At(e) with { BoardId = moved.BoardId },
            _ => thread,
        };

    private ListedThread At(IEvent e) =>
        this with
        {
            FromVersion = e.Version,
            FromAt = Later(FromAt, e.Timestamp),
            ToAt = null,
            Added = 0,
        };

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
