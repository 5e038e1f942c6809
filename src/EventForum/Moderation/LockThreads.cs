using EventForum.Threads;

namespace EventForum.Moderation;

/// <summary>Closes threads to replies. What another moderator has locked already is locked by both.</summary>
internal sealed record LockThreads(IReadOnlyList<Guid> Threads) : IModerationAct
{
    public static IModerationAct? From(CarryOutBatchRequest request) =>
        request.Threads is { Count: > 0 } threads ? new LockThreads(threads) : null;

    public ActStep On(ForumThread thread, string reason) => ActStep.To(new ThreadLocked(reason));
}
