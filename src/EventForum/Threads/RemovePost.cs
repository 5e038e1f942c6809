using EventForum.Commands;
using Marten;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine;
using Wolverine.Http;

namespace EventForum.Threads;

/// <summary>
/// Takes a post from view: by its author, or by a moderator with a reason. The two removals stand beside each other, so
/// that a moderator can remove what its author removed before; the post comes back when neither is left.
/// </summary>
/// <param name="Reason">Up to 500 characters; shown in the post's place.</param>
public sealed record RemovePostRequest(string? Reason = null);

public sealed record RemovePost(Guid ThreadId, Guid PostId, string? Reason) : IThreadCommand
{
    public PostNames Names { get; } = PostNames.Of(PostId);

    public Decision Decide(DecisionContext context)
    {
        if (context.Thread(ThreadId) is not { } thread || context.Posts().Find(PostId) is not { } post)
        {
            return ThreadRefusals.NoSuchPost;
        }

        if (post.ThreadId != ThreadId)
        {
            return Decision.StreamsChanged;
        }

        if (PostRules.RefusalToChange(thread, post, context, Reason) is { } refusal)
        {
            return refusal;
        }

        return post.Holds.HasThatOf(context.ActorId, post.AuthorId)
            ? ThreadRefusals.PostRemoved
            : Decision.To(
                new Receipt(PostId: PostId, Number: post.Number, Revision: post.Revision),
                new PostRemoved(PostId, PostRules.Trimmed(Reason))
            );
    }
}

public static class RemovePostEndpoint
{
    /// <summary>
    /// Takes a post from view. Its author may, and a moderator with a reason; its number stays. Both may have removed it:
    /// it comes back once both removals are lifted.
    /// </summary>
    [WolverinePost("/api/posts/{postId}/remove"), Authorize, ProducesResponseType(typeof(Receipt), 200)]
    [ProducesResponseType(403, Description = "The post is someone else's.")]
    public static Task<IResult> Post(
        Guid postId,
        RemovePostRequest request,
        HttpContext http,
        IMessageBus bus,
        IQuerySession session
    ) => bus.RunOnPostAsync(http, session, postId, threadId => new RemovePost(threadId, postId, request.Reason));
}
