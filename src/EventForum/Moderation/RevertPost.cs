using EventForum.Commands;
using EventForum.Threads;

namespace EventForum.Moderation;

/// <summary>Gives a post a new revision with the words of an earlier one.</summary>
internal sealed record RevertPost(Guid PostId, int To) : IModerationAct
{
    public IReadOnlyList<Guid> Posts => [PostId];

    IReadOnlyList<(Guid PostId, int? Revision)> IModerationAct.Words => [(PostId, To)];

    public static IModerationAct? From(CarryOutBatchRequest request) =>
        request is { PostId: { } post, Revision: { } revision } ? new RevertPost(post, revision) : null;

    public ActStep On(PostState post, DecisionContext context, string reason)
    {
        var words = context.Named<ActWords>().Of(post.Id)!;
        return post.IsRemoved ? ActStep.LeaveAlone("It is removed; restore it first.")
            : words.Mask is not null ? ActStep.LeaveAlone("The words of that revision are gone.")
            : post.Revision == To ? ActStep.LeaveAlone("That is its current revision.")
            : ActStep.To(new PostEdited(post.Id, words.Body, words.Quotes, reason, To, Format: words.Format));
    }
}
