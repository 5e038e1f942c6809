namespace EventForum.Moderation;

/// <summary>Begins a new thread with some posts of another one.</summary>
internal sealed record SplitThread(IReadOnlyList<Guid> Posts, Guid FromThread, string Title, Guid? Board)
    : IModerationAct
{
    Guid? IModerationAct.ToBoard => Board;

    PostMove? IModerationAct.Move { get; } = new(null, Title, FromThread, [], AtEnd: false);

    public static IModerationAct? From(CarryOutBatchRequest request) =>
        request is { Posts: { Count: > 0 } posts, ThreadId: { } thread, Title: { } title }
            ? new SplitThread(posts, thread, title.Trim(), request.BoardId)
            : null;
}
