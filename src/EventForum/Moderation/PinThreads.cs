using EventForum.Threads;

namespace EventForum.Moderation;

/// <summary>Has boards list threads before the others.</summary>
internal sealed record PinThreads(IReadOnlyList<Guid> Threads) : IModerationAct
{
    public static IModerationAct? From(CarryOutBatchRequest request) =>
        request.Threads is { Count: > 0 } threads ? new PinThreads(threads) : null;

    public ActStep On(ForumThread thread, string reason) =>
        thread.IsPinned ? ActStep.LeaveAlone("It is pinned already.") : ActStep.To(new ThreadPinned(reason));
}
