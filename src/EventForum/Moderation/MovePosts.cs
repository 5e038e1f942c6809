namespace EventForum.Moderation;

/// <summary>Moves posts to another thread.</summary>
internal sealed record MovePosts(IReadOnlyList<Guid> Posts, Guid To, bool AtEnd) : IModerationAct
{
    PostMove? IModerationAct.Move { get; } = new(To, null, null, [], AtEnd);

    public static IModerationAct? From(CarryOutBatchRequest request) =>
        request
            is { Posts: { Count: > 0 } posts, ThreadId: { } thread, Order: null or PostMoves.ByTime or PostMoves.AtEnd }
            ? new MovePosts(posts, thread, request.Order == PostMoves.AtEnd)
            : null;
}
