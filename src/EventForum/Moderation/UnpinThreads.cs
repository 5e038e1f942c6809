using EventForum.Threads;

namespace EventForum.Moderation;

/// <summary>Has boards list threads by their last posts again.</summary>
internal sealed record UnpinThreads(IReadOnlyList<Guid> Threads) : IModerationAct
{
    public static IModerationAct? From(CarryOutBatchRequest request) =>
        request.Threads is { Count: > 0 } threads ? new UnpinThreads(threads) : null;

    public ActStep On(ForumThread thread, string reason) =>
        thread.IsPinned ? ActStep.To(new ThreadUnpinned(reason)) : ActStep.LeaveAlone("It is not pinned.");
}
