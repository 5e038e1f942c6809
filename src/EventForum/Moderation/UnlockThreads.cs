using EventForum.Threads;

namespace EventForum.Moderation;

/// <summary>Opens threads to replies again.</summary>
internal sealed record UnlockThreads(IReadOnlyList<Guid> Threads) : IModerationAct
{
    public static IModerationAct? From(CarryOutBatchRequest request) =>
        request.Threads is { Count: > 0 } threads ? new UnlockThreads(threads) : null;

    public ActStep On(ForumThread thread, string reason) =>
        thread.IsLocked ? ActStep.To(new ThreadUnlocked(reason)) : ActStep.LeaveAlone("It is not locked.");
}
