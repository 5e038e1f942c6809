using System.Text.Json.Serialization;
using EventForum.Commands;
using Marten;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine;
using Wolverine.Http;

namespace EventForum.Threads;

/// <summary>
/// Answers a post by quoting it: the quote first, then the body, which may hold further quote blocks.
/// </summary>
/// <param name="Body">1-100,000 characters, counted after trimming and without what it quotes; all that it shows: up to 200,000.</param>
/// <param name="Excerpt">
/// Words of the post, verbatim (white space aside); without it, all of the post's own words are quoted.
/// </param>
/// <param name="AnswersVersion">The version of the page that it answers; without it, the newest.</param>
/// <param name="Format">How the body is written: markdown, bbcode, mail or text; without it, markdown.</param>
/// <param name="ParentId">The post of the thread that it answers; without it, the one that it quotes.</param>
public sealed record QuotePostRequest(
    string Body,
    string? Excerpt = null,
    long? AnswersVersion = null,
    string? Format = null,
    Guid? ParentId = null
);

public sealed record QuotePost(
    Guid ThreadId,
    Guid QuotedId,
    string Body,
    string? Excerpt,
    long? AnswersVersion = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Format = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? ParentId = null
) : IThreadCommand
{
    [JsonIgnore]
    public Guid PostId { get; } = Guid.CreateVersion7();

    [JsonIgnore]
    public PostNames Names { get; } = PostNames.Of(QuotedId, ParentId ?? QuotedId);

    [JsonIgnore]
    public PostNames Quoted { get; } = PostText.NamesIn(Body).With(QuotedId);

    public PostText Read(NamedPosts quoted) => PostText.ReadAnswer(Body, Format, ThreadId, quoted, QuotedId, Excerpt);

    public Decision Decide(DecisionContext context)
    {
        if (context.Thread(ThreadId) is not { } thread || context.Posts().Find(QuotedId) is not { } post)
        {
            return ThreadRefusals.NoSuchPost;
        }

        if (post.ThreadId != ThreadId)
        {
            return Decision.StreamsChanged;
        }

        return post.IsRemoved
            ? ThreadRefusals.PostRemoved
            : PostReply.Add(context, thread, PostId, AnswersVersion, ParentId ?? QuotedId);
    }
}

public static class QuotePostEndpoint
{
    /// <summary>
    /// Replies to a post with a quote of it: of all of its author's own words, or of an excerpt that stands in them word
    /// for word.
    /// </summary>
    [WolverinePost("/api/posts/{postId}/quotes"), Authorize, ProducesResponseType(typeof(Receipt), 201)]
    public static Task<IResult> Post(
        Guid postId,
        QuotePostRequest request,
        HttpContext http,
        IMessageBus bus,
        IQuerySession session
    ) =>
        bus.RunOnPostAsync(
            http,
            session,
            postId,
            threadId => new QuotePost(
                threadId,
                postId,
                request.Body,
                request.Excerpt,
                request.AnswersVersion,
                request.Format,
                request.ParentId
            ),
            201
        );
}
