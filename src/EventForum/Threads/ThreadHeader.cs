using JasperFx.Events;

namespace EventForum.Threads;

/// <summary>What stands above a thread's posts.</summary>
/// <param name="LockReason">Why it is locked; null while it is open.</param>
/// <param name="IsPinned">Whether its board lists it before the others.</param>
/// <param name="Numbers">Null while no post has come from another thread or gone to one, in a thread that was started.</param>
public sealed record ThreadHeader(
    Guid BoardId,
    string Title,
    string? LockReason,
    bool IsPinned,
    ThreadNumbers? Numbers = null
)
{
    private static readonly ThreadHeader Any = new(Guid.Empty, "", null, false);

    /// <summary>Whether an event says anything about a header.</summary>
    public static bool IsChangedBy(IEvent e) => !ReferenceEquals(Fold(Any, e), Any);

    /// <summary>The header after one more event; the same instance where the event says nothing about it. Pure.</summary>
    public static ThreadHeader? Fold(ThreadHeader? header, IEvent e) =>
        e.Data switch
        {
            ThreadStarted started => new ThreadHeader(started.BoardId, started.Title, null, false),
            ThreadSplitOff split => new ThreadHeader(
                split.BoardId,
                split.Title,
                null,
                false,
                new ThreadNumbers(e.Version, 0, 0, null)
            ),
            _ when header is null => null,
            ThreadRenamed renamed => header with { Title = renamed.Title },
            ThreadLocked locked => header with { LockReason = locked.Reason },
            ThreadUnlocked => header with { LockReason = null },
            ThreadPinned => header with { IsPinned = true },
            ThreadUnpinned => header with { IsPinned = false },
            ThreadMoved moved => header with { BoardId = moved.BoardId },
            PostsMovedOut moved => header with
            {
                Numbers = new ThreadNumbers(e.Version, moved.LastNumber, moved.Unused, moved.ToThreadId),
            },
            PostsMovedIn moved => header with
            {
                Numbers = new ThreadNumbers(e.Version, moved.LastNumber, moved.Unused, header.Numbers?.MovedTo),
            },
            _ => header,
        };
}

/// <summary>How a thread's numbers stood when posts came to it or left it the last time.</summary>
/// <param name="Version">The thread's version by which they did.</param>
/// <param name="Last">The last number that was taken.</param>
/// <param name="Unused">How many numbers up to it no post had.</param>
/// <param name="MovedTo">The thread that posts left for last: where all have left, they are found there.</param>
public sealed record ThreadNumbers(long Version, int Last, int Unused, Guid? MovedTo);
