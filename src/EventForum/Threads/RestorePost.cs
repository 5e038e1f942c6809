using EventForum.Commands;
using Marten;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine;
using Wolverine.Http;

namespace EventForum.Threads;

/// <summary>
/// Lifts a removal: its author the author's own, a moderator with a reason the moderators', or else its author's. A post
/// that both have removed stays removed until both are lifted.
/// </summary>
/// <param name="Reason">Up to 500 characters.</param>
public sealed record RestorePostRequest(string? Reason = null);

public sealed record RestorePost(Guid ThreadId, Guid PostId, string? Reason) : IThreadCommand
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

        if (!post.IsRemoved)
        {
            return ThreadRefusals.NotRemoved;
        }

        return !post.Holds.HasThatOf(context.ActorId, post.AuthorId) && !context.Moderates(thread)
            ? ThreadRefusals.RemovedByModerator
            : Decision.To(
                new Receipt(PostId: PostId, Number: post.Number, Revision: post.Revision),
                new PostRestored(PostId, PostRules.Trimmed(Reason))
            );
    }
}

public static class RestorePostEndpoint
{
    /// <summary>
    /// Brings a removed post back. Its author lifts the author's own removal, a moderator the moderators', or else the
    /// author's; a post that both have removed comes back with the second.
    /// </summary>
    [WolverinePost("/api/posts/{postId}/restore"), Authorize, ProducesResponseType(typeof(Receipt), 200)]
    [ProducesResponseType(403, Description = "The post is someone else's, or a moderator removed it.")]
    public static Task<IResult> Post(
        Guid postId,
        RestorePostRequest request,
        HttpContext http,
        IMessageBus bus,
        IQuerySession session
    ) => bus.RunOnPostAsync(http, session, postId, threadId => new RestorePost(threadId, postId, request.Reason));
}
