using EventForum.Commands;
using EventForum.Threads;

namespace EventForum.Moderation;

/// <summary>Brings posts back that moderators removed, or else their authors.</summary>
internal sealed record RestorePosts(IReadOnlyList<Guid> Posts) : IModerationAct
{
    public static IModerationAct? From(CarryOutBatchRequest request) =>
        request.Posts is { Count: > 0 } posts ? new RestorePosts(posts) : null;

    public ActStep On(PostState post, DecisionContext context, string reason) =>
        post.IsRemoved ? ActStep.To(new PostRestored(post.Id, reason)) : ActStep.LeaveAlone("It is not removed.");
}
