using System.Globalization;
using System.Text.Json.Serialization;
using EventForum.Commands;
using EventForum.Platform;
using Marten;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine;
using Wolverine.Http;

namespace EventForum.Threads;

/// <summary>Gives a post a new revision.</summary>
/// <param name="Body">As the post's own <c>body</c> came, with changes: 1-100,000 characters without what it quotes; all that it shows: up to 200,000.</param>
/// <param name="Reason">Up to 500 characters; a moderator who edits someone else's post must give one.</param>
/// <param name="Format">How the body is written: markdown, bbcode, mail or text; without it, as the post was.</param>
public sealed record EditPostRequest(string Body, string? Reason = null, string? Format = null);

/// <param name="Revision">The revision that the change was made to; null when the client did not say.</param>
public sealed record EditPost(
    Guid ThreadId,
    Guid PostId,
    string Body,
    string? Reason,
    int? Revision,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Format = null
) : IThreadCommand
{
    public PostNames Names { get; } = PostText.NamesIn(Body).AndEdited(PostId);

    /// <summary>A text without quote blocks is read without the post that gets it.</summary>
    [JsonIgnore]
    public PostNames Quoted => Names.NamesSources(PostId) ? Names : PostNames.None;

    public PostText Read(NamedPosts quoted) => PostText.Read(Body, Format, ThreadId, quoted, quoted.Find(PostId));

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

        if (post.IsRemoved)
        {
            return ThreadRefusals.PostRemoved;
        }

        if (Revision is { } revision && revision != post.Revision)
        {
            return ThreadRefusals.StaleRevision(post.Revision);
        }

        if (context.Text().RefusalIn(context.Posts()) is { } flaw)
        {
            return flaw;
        }

        var text = context.Text();
        var format = Format is null ? post.Row.Format : text.Format;
        return text.Body == post.Body && text.Quotes.SequenceEqual(post.Quotes) && format == post.Row.Format
            ? ThreadRefusals.NothingChanged
            : Decision.To(
                new Receipt(PostId: PostId, Number: post.Number, Revision: post.Revision + 1),
                [
                    new PostEdited(PostId, text.Body, text.Quotes, PostRules.Trimmed(Reason), Format: format),
                    .. PostReply.Held(context, PostId),
                ]
            );
    }
}

public static class EditPostEndpoint
{
    private static readonly Refusal BadIfMatch = new(
        400,
        "if-match-invalid",
        "If-Match is not a revision.",
        "Send the revision that you changed, for example If-Match: \"3\"."
    );

    /// <summary>
    /// Gives a post a new revision. Its author may, and a moderator with a reason; <c>If-Match: "3"</c> says which
    /// revision was changed, and is refused with 412 when another one is current.
    /// </summary>
    [WolverinePut("/api/posts/{postId}"), Authorize, ProducesResponseType(typeof(Receipt), 200)]
    [ProducesResponseType(403, Description = "The post is someone else's.")]
    [ProducesResponseType(412, Description = "Another revision than that of If-Match is current: currentRevision.")]
    [ReadsHeader("If-Match", "The revision that was changed, in quotes: \"3\". Without it, whichever is current.")]
    public static async Task<IResult> Put(
        Guid postId,
        EditPostRequest request,
        HttpContext http,
        IMessageBus bus,
        IQuerySession session
    )
    {
        var header = http.Request.Headers.IfMatch.ToString();
        int? revision = null;
        if (header.Length > 0)
        {
            if (!int.TryParse(header.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var parsed))
            {
                return new Problem(BadIfMatch);
            }

            revision = parsed;
        }

        return await bus.RunOnPostAsync(
            http,
            session,
            postId,
            threadId => new EditPost(threadId, postId, request.Body, request.Reason, revision, request.Format)
        );
    }
}
