using System.Text.Json.Serialization;
using EventForum.Access;
using EventForum.Boards;
using EventForum.Commands;
using EventForum.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine;
using Wolverine.Http;

namespace EventForum.Threads;

/// <summary>Adds a post at the end of a thread.</summary>
/// <param name="Body">1-100,000 characters with quote blocks, counted after trimming and without what it quotes; all that it shows: up to 200,000.</param>
/// <param name="AnswersVersion">The version of the page that it answers; without it, the newest.</param>
/// <param name="Format">How the body is written: markdown, bbcode, mail or text; without it, markdown.</param>
/// <param name="ParentId">The post of the thread that it answers; without it, none in particular.</param>
public sealed record PostReplyRequest(
    string Body,
    long? AnswersVersion = null,
    string? Format = null,
    Guid? ParentId = null
);

public sealed record PostReply(
    Guid ThreadId,
    string Body,
    long? AnswersVersion = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Format = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? ParentId = null
) : IThreadCommand
{
    [JsonIgnore]
    public Guid PostId { get; } = Guid.CreateVersion7();

    [JsonIgnore]
    public PostNames Names { get; } = ParentId is { } parent ? PostNames.Of(parent) : PostNames.None;

    [JsonIgnore]
    public PostNames Quoted { get; } = PostText.NamesIn(Body);

    public PostText Read(NamedPosts quoted) => PostText.Read(Body, Format, ThreadId, quoted);

    public Decision Decide(DecisionContext context) =>
        context.Thread(ThreadId) is { } thread
            ? Add(context, thread, PostId, AnswersVersion, ParentId)
            : ThreadRefusals.NoSuchThread;

    /// <summary>Nobody replies in a closed board or a locked thread, moderators among them: they open it first.</summary>
    private static Refusal? RefusalToReply(Reader reader, ForumThread thread) =>
        !reader.MayReply(thread.BoardId) ? ThreadRefusals.MayNotReply
        : reader.CloseReason(thread.BoardId) is { } closed ? BoardRefusals.Closed(closed)
        : thread.LockReason is { } reason ? ThreadRefusals.Locked(reason)
        : thread.MovedTo is not null ? ThreadRefusals.MovedAway
        : null;

    /// <summary>What a post answers is in its thread and in view: numbers are given in order, so it is an earlier one.</summary>
    private static Refusal? RefusalOfParent(DecisionContext context, ForumThread thread, Guid? parentId) =>
        parentId is not { } id ? null
        : context.Posts().Find(id) is not { } parent || parent.ThreadId != thread.Id ? ThreadRefusals.NoSuchParent
        : parent.IsRemoved ? ThreadRefusals.ParentRemoved
        : null;

    /// <summary>The rule of every post that is added to a thread, with a quote in front of it or without.</summary>
    internal static Decision Add(
        DecisionContext context,
        ForumThread thread,
        Guid postId,
        long? answersVersion,
        Guid? parentId
    )
    {
        if (RefusalToReply(context.Reader, thread) is { } refused)
        {
            return refused;
        }

        if (answersVersion is { } version && (version < 1 || version > thread.Version))
        {
            return ThreadRefusals.UnknownVersion(thread.Version);
        }

        if ((RefusalOfParent(context, thread, parentId) ?? context.Text().RefusalIn(context.Posts())) is { } refusal)
        {
            return refusal;
        }

        var text = context.Text();
        var number = thread.LastNumber + 1;
        return Decision.To(
            new Receipt(PostId: postId, Number: number, Revision: 1),
            [
                new ReplyPosted(
                    postId,
                    number,
                    text.Body,
                    text.Quotes,
                    answersVersion ?? thread.Version,
                    Format: text.Format,
                    ParentId: parentId
                ),
                .. Held(context, postId),
            ]
        );
    }

    /// <summary>What a silenced member writes waits for a moderator.</summary>
    internal static IEnumerable<object> Held(DecisionContext context, Guid postId) =>
        context.Reader.Silence is { BatchId: { } batch } silence ? [new PostHeld(postId, silence.By, batch)] : [];
}

public static class PostReplyEndpoint
{
    /// <summary>
    /// Replies at the end of a thread. Quote blocks that repeat a post of the thread become references;
    /// <c>answersVersion</c> is the version that the author had in view, <c>parentId</c> the post that it answers.
    /// </summary>
    [WolverinePost("/api/threads/{threadId}/replies"), Authorize, ProducesResponseType(typeof(Receipt), 201)]
    public static Task<IResult> Post(Guid threadId, PostReplyRequest request, HttpContext http, IMessageBus bus) =>
        bus.RunAsync(
            http,
            new PostReply(threadId, request.Body, request.AnswersVersion, request.Format, request.ParentId),
            201
        );
}
