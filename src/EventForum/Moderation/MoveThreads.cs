using EventForum.Threads;

namespace EventForum.Moderation;

/// <summary>Moves threads to another board, with all their posts.</summary>
internal sealed record MoveThreads(IReadOnlyList<Guid> Threads, Guid To) : IModerationAct
{
    Guid? IModerationAct.ToBoard => To;

    public static IModerationAct? From(CarryOutBatchRequest request) =>
        request is { Threads: { Count: > 0 } threads, BoardId: { } board } ? new MoveThreads(threads, board) : null;

    public ActStep On(ForumThread thread, string reason) =>
        thread.BoardId == To ? ActStep.LeaveAlone("It is in that board.") : ActStep.To(new ThreadMoved(To, reason));
}
