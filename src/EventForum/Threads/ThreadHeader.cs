using JasperFx.Events;

namespace EventForum.Threads;

/// <summary>What stands above a thread's posts.</summary>
/// <param name="LockReason">Why it is locked; null while it is open.</param>
/// <param name="IsPinned">Whether its board lists it before the others.</param>
public sealed record ThreadHeader(Guid BoardId, string Title, string? LockReason, bool IsPinned)
{
    private static readonly ThreadHeader Any = new(Guid.Empty, "", null, false);

    /// <summary>Whether an event says anything about a header.</summary>
    public static bool IsChangedBy(IEvent e) => !ReferenceEquals(Fold(Any, e), Any);

    /// <summary>The header after one more event; the same instance where the event says nothing about it. Pure.</summary>
    public static ThreadHeader? Fold(ThreadHeader? header, IEvent e) =>
        e.Data switch
        {
            ThreadStarted started => new ThreadHeader(started.BoardId, started.Title, null, false),
            _ when header is null => null,
            ThreadRenamed renamed => header with { Title = renamed.Title },
            ThreadLocked locked => header with { LockReason = locked.Reason },
            ThreadUnlocked => header with { LockReason = null },
            ThreadPinned => header with { IsPinned = true },
            ThreadUnpinned => header with { IsPinned = false },
            ThreadMoved moved => header with { BoardId = moved.BoardId },
            _ => header,
        };
}
