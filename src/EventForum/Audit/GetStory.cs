using EventForum.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace EventForum.Audit;

public static class GetPostStoryEndpoint
{
    /// <summary>
    /// Everything that happened to a post: its revisions, where it went, who quoted it, reports and what became of them, removals, batches and
    /// undos. For who moderates the board that it is in; who reported it stands in no story. It follows a moment after a write;
    /// <c>min-position</c> waits for one.
    /// </summary>
    [WolverineGet("/api/audit/posts/{postId}"), AllowAnonymous, DearRead]
    [ProducesResponseType(typeof(StoryPage), 200)]
    [ProducesResponseType(typeof(string), 200, "application/jsonl", "text/csv")]
    [ProducesResponseType(403, Description = "Only moderators read stories.")]
    [ProducesResponseType(422, Description = "There is no such type of event, or no such format.")]
    public static Task<IResult> Get(
        Guid postId,
        [AsParameters] StoryRequest request,
        StoryAnswers answers,
        HttpContext http
    ) => answers.OfAsync("post", postId, request, http);
}

public static class GetThreadStoryEndpoint
{
    /// <summary>
    /// Everything that happened to a thread and in it, with the batches that touched it, and to cases of its posts while the posts were in it. For
    /// who moderates the board that it is in; reports are told to who moderates all boards.
    /// </summary>
    [WolverineGet("/api/audit/threads/{threadId}"), AllowAnonymous, DearRead]
    [ProducesResponseType(typeof(StoryPage), 200)]
    [ProducesResponseType(typeof(string), 200, "application/jsonl", "text/csv")]
    [ProducesResponseType(403, Description = "Only moderators read stories.")]
    [ProducesResponseType(422, Description = "There is no such type of event, or no such format.")]
    public static Task<IResult> Get(
        Guid threadId,
        [AsParameters] StoryRequest request,
        StoryAnswers answers,
        HttpContext http
    ) => answers.OfAsync("thread", threadId, request, http);
}

public static class GetMemberStoryEndpoint
{
    /// <summary>
    /// Everything that a member did, and that was done to the member and to what the member wrote. For moderators, each of whom
    /// reads of it what the forum's feed shows.
    /// </summary>
    [WolverineGet("/api/audit/members/{memberId}"), AllowAnonymous, DearRead]
    [ProducesResponseType(typeof(StoryPage), 200)]
    [ProducesResponseType(typeof(string), 200, "application/jsonl", "text/csv")]
    [ProducesResponseType(403, Description = "Only moderators read stories.")]
    [ProducesResponseType(422, Description = "There is no such type of event, or no such format.")]
    public static Task<IResult> Get(
        Guid memberId,
        [AsParameters] StoryRequest request,
        StoryAnswers answers,
        HttpContext http
    ) => answers.OfAsync("member", memberId, request, http);
}

public static class GetBatchStoryEndpoint
{
    /// <summary>
    /// Everything that a batch did, or a command that is a batch of one, that was undone of it, and the case that it resolved. For
    /// moderators of a board that it changed something in.
    /// </summary>
    [WolverineGet("/api/audit/batches/{batchId}"), AllowAnonymous, DearRead]
    [ProducesResponseType(typeof(StoryPage), 200)]
    [ProducesResponseType(typeof(string), 200, "application/jsonl", "text/csv")]
    [ProducesResponseType(403, Description = "Only moderators read stories.")]
    [ProducesResponseType(422, Description = "There is no such type of event, or no such format.")]
    public static Task<IResult> Get(
        Guid batchId,
        [AsParameters] StoryRequest request,
        StoryAnswers answers,
        HttpContext http
    ) => answers.OfAsync("batch", batchId, request, http);
}

public static class GetBoardStoryEndpoint
{
    /// <summary>
    /// Everything that happened to a board: its permissions, name and state, the threads that came to it, and the batches that
    /// touched it. For who moderates it.
    /// </summary>
    [WolverineGet("/api/audit/boards/{boardId}"), AllowAnonymous, DearRead]
    [ProducesResponseType(typeof(StoryPage), 200)]
    [ProducesResponseType(typeof(string), 200, "application/jsonl", "text/csv")]
    [ProducesResponseType(403, Description = "Only moderators read stories.")]
    [ProducesResponseType(422, Description = "There is no such type of event, or no such format.")]
    public static Task<IResult> Get(
        Guid boardId,
        [AsParameters] StoryRequest request,
        StoryAnswers answers,
        HttpContext http
    ) => answers.OfAsync("board", boardId, request, http);
}
