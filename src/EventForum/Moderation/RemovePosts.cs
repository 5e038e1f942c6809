using EventForum.Commands;
using EventForum.Threads;

namespace EventForum.Moderation;

/// <summary>Takes posts from view. What another moderator has removed already is removed by both.</summary>
internal sealed record RemovePosts(IReadOnlyList<Guid> Posts) : IModerationAct
{
    public static IModerationAct? From(CarryOutBatchRequest request) =>
        request.Posts is { Count: > 0 } posts ? new RemovePosts(posts) : null;

    public ActStep On(PostState post, DecisionContext context, string reason) => Remove(post, context, reason);

    public static ActStep Remove(PostState post, DecisionContext context, string reason) =>
        post.Holds.HasOneBy(context.ActorId, post.AuthorId)
            ? ActStep.LeaveAlone("You have removed it already.")
            : ActStep.To(new PostRemoved(post.Id, reason));
}
