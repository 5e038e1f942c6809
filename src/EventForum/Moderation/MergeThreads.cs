namespace EventForum.Moderation;

/// <summary>Moves all posts of some threads into another one.</summary>
internal sealed record MergeThreads(IReadOnlyList<Guid> Merged, Guid Into, bool AtEnd) : IModerationAct
{
    PostMove? IModerationAct.Move { get; } = new(Into, null, null, Merged, AtEnd);

    public static IModerationAct? From(CarryOutBatchRequest request) =>
        request
            is { Threads: { Count: > 0 } threads, Into: { } into, Order: null or PostMoves.ByTime or PostMoves.AtEnd }
            ? new MergeThreads(threads, into, request.Order == PostMoves.AtEnd)
            : null;
}
