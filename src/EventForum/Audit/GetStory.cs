using EventForum.History;
using EventForum.Members;
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
    /// <param name="after">A position: the <c>next</c> of the page before. Without it, the story begins.</param>
    /// <param name="limit">How many entries, from 1 to 500; 50 without it. What lies beyond is taken for the nearest. A file has no limit of its own.</param>
    /// <param name="actor">Only what this member did: its name, whatever its case, or its id.</param>
    /// <param name="types">Only these types of events, separated by commas, as <c>GET /api/events</c> lists them.</param>
    /// <param name="from">Only at this time or later.</param>
    /// <param name="to">Only before this time.</param>
    /// <param name="format">json, the default; jsonl or csv for a file with an entry a line: then all pages come at once. Accept says the same by application/x-ndjson and text/csv.</param>
    [WolverineGet("/api/audit/posts/{postId}"), AllowAnonymous, DearRead]
    [ProducesResponseType(typeof(StoryPage), 200)]
    [ProducesResponseType(typeof(string), 200, "application/jsonl", "text/csv")]
    [ProducesResponseType(403, Description = "Only moderators read stories.")]
    [ProducesResponseType(422, Description = "There is no such type of event, or no such format.")]
    public static Task<IResult> Get(
        Guid postId,
        long? after,
        int? limit,
        string? actor,
        string? types,
        DateTimeOffset? from,
        DateTimeOffset? to,
        string? format,
        [FromQuery(Name = "min-position")] long? minPosition,
        StorySubjects subjects,
        Stories stories,
        ThreadHistory history,
        Readers readers,
        HttpContext http
    ) =>
        new StoryRequest(after, limit, actor, types, from, to, format, minPosition).AnswerAsync(
            "post",
            postId,
            subjects,
            stories,
            history,
            readers,
            http
        );
}

public static class GetThreadStoryEndpoint
{
    /// <summary>
    /// Everything that happened to a thread and in it, with the batches that touched it. Reports of a post are in the post's story. For who
    /// moderates the board that it is in.
    /// </summary>
    /// <param name="after">A position: the <c>next</c> of the page before. Without it, the story begins.</param>
    /// <param name="limit">How many entries, from 1 to 500; 50 without it. What lies beyond is taken for the nearest. A file has no limit of its own.</param>
    /// <param name="actor">Only what this member did: its name, whatever its case, or its id.</param>
    /// <param name="types">Only these types of events, separated by commas, as <c>GET /api/events</c> lists them.</param>
    /// <param name="from">Only at this time or later.</param>
    /// <param name="to">Only before this time.</param>
    /// <param name="format">json, the default; jsonl or csv for a file with an entry a line: then all pages come at once. Accept says the same by application/x-ndjson and text/csv.</param>
    [WolverineGet("/api/audit/threads/{threadId}"), AllowAnonymous, DearRead]
    [ProducesResponseType(typeof(StoryPage), 200)]
    [ProducesResponseType(typeof(string), 200, "application/jsonl", "text/csv")]
    [ProducesResponseType(403, Description = "Only moderators read stories.")]
    [ProducesResponseType(422, Description = "There is no such type of event, or no such format.")]
    public static Task<IResult> Get(
        Guid threadId,
        long? after,
        int? limit,
        string? actor,
        string? types,
        DateTimeOffset? from,
        DateTimeOffset? to,
        string? format,
        [FromQuery(Name = "min-position")] long? minPosition,
        StorySubjects subjects,
        Stories stories,
        ThreadHistory history,
        Readers readers,
        HttpContext http
    ) =>
        new StoryRequest(after, limit, actor, types, from, to, format, minPosition).AnswerAsync(
            "thread",
            threadId,
            subjects,
            stories,
            history,
            readers,
            http
        );
}

public static class GetMemberStoryEndpoint
{
    /// <summary>
    /// Everything that a member did, and that was done to the member and to what the member wrote. For moderators, each of whom
    /// reads of it what the forum's feed shows.
    /// </summary>
    /// <param name="after">A position: the <c>next</c> of the page before. Without it, the story begins.</param>
    /// <param name="limit">How many entries, from 1 to 500; 50 without it. What lies beyond is taken for the nearest. A file has no limit of its own.</param>
    /// <param name="actor">Only what this member did: its name, whatever its case, or its id.</param>
    /// <param name="types">Only these types of events, separated by commas, as <c>GET /api/events</c> lists them.</param>
    /// <param name="from">Only at this time or later.</param>
    /// <param name="to">Only before this time.</param>
    /// <param name="format">json, the default; jsonl or csv for a file with an entry a line: then all pages come at once. Accept says the same by application/x-ndjson and text/csv.</param>
    [WolverineGet("/api/audit/members/{memberId}"), AllowAnonymous, DearRead]
    [ProducesResponseType(typeof(StoryPage), 200)]
    [ProducesResponseType(typeof(string), 200, "application/jsonl", "text/csv")]
    [ProducesResponseType(403, Description = "Only moderators read stories.")]
    [ProducesResponseType(422, Description = "There is no such type of event, or no such format.")]
    public static Task<IResult> Get(
        Guid memberId,
        long? after,
        int? limit,
        string? actor,
        string? types,
        DateTimeOffset? from,
        DateTimeOffset? to,
        string? format,
        [FromQuery(Name = "min-position")] long? minPosition,
        StorySubjects subjects,
        Stories stories,
        ThreadHistory history,
        Readers readers,
        HttpContext http
    ) =>
        new StoryRequest(after, limit, actor, types, from, to, format, minPosition).AnswerAsync(
            "member",
            memberId,
            subjects,
            stories,
            history,
            readers,
            http
        );
}

public static class GetBatchStoryEndpoint
{
    /// <summary>
    /// Everything that a batch did, or a command that is a batch of one, that was undone of it, and the case that it resolved. For
    /// moderators of a board that it changed something in.
    /// </summary>
    /// <param name="after">A position: the <c>next</c> of the page before. Without it, the story begins.</param>
    /// <param name="limit">How many entries, from 1 to 500; 50 without it. What lies beyond is taken for the nearest. A file has no limit of its own.</param>
    /// <param name="actor">Only what this member did: its name, whatever its case, or its id.</param>
    /// <param name="types">Only these types of events, separated by commas, as <c>GET /api/events</c> lists them.</param>
    /// <param name="from">Only at this time or later.</param>
    /// <param name="to">Only before this time.</param>
    /// <param name="format">json, the default; jsonl or csv for a file with an entry a line: then all pages come at once. Accept says the same by application/x-ndjson and text/csv.</param>
    [WolverineGet("/api/audit/batches/{batchId}"), AllowAnonymous, DearRead]
    [ProducesResponseType(typeof(StoryPage), 200)]
    [ProducesResponseType(typeof(string), 200, "application/jsonl", "text/csv")]
    [ProducesResponseType(403, Description = "Only moderators read stories.")]
    [ProducesResponseType(422, Description = "There is no such type of event, or no such format.")]
    public static Task<IResult> Get(
        Guid batchId,
        long? after,
        int? limit,
        string? actor,
        string? types,
        DateTimeOffset? from,
        DateTimeOffset? to,
        string? format,
        [FromQuery(Name = "min-position")] long? minPosition,
        StorySubjects subjects,
        Stories stories,
        ThreadHistory history,
        Readers readers,
        HttpContext http
    ) =>
        new StoryRequest(after, limit, actor, types, from, to, format, minPosition).AnswerAsync(
            "batch",
            batchId,
            subjects,
            stories,
            history,
            readers,
            http
        );
}

public static class GetBoardStoryEndpoint
{
    /// <summary>
    /// Everything that happened to a board: its permissions, name and state, the threads that came to it, and the batches that
    /// touched it. For who moderates it.
    /// </summary>
    /// <param name="after">A position: the <c>next</c> of the page before. Without it, the story begins.</param>
    /// <param name="limit">How many entries, from 1 to 500; 50 without it. What lies beyond is taken for the nearest. A file has no limit of its own.</param>
    /// <param name="actor">Only what this member did: its name, whatever its case, or its id.</param>
    /// <param name="types">Only these types of events, separated by commas, as <c>GET /api/events</c> lists them.</param>
    /// <param name="from">Only at this time or later.</param>
    /// <param name="to">Only before this time.</param>
    /// <param name="format">json, the default; jsonl or csv for a file with an entry a line: then all pages come at once. Accept says the same by application/x-ndjson and text/csv.</param>
    [WolverineGet("/api/audit/boards/{boardId}"), AllowAnonymous, DearRead]
    [ProducesResponseType(typeof(StoryPage), 200)]
    [ProducesResponseType(typeof(string), 200, "application/jsonl", "text/csv")]
    [ProducesResponseType(403, Description = "Only moderators read stories.")]
    [ProducesResponseType(422, Description = "There is no such type of event, or no such format.")]
    public static Task<IResult> Get(
        Guid boardId,
        long? after,
        int? limit,
        string? actor,
        string? types,
        DateTimeOffset? from,
        DateTimeOffset? to,
        string? format,
        [FromQuery(Name = "min-position")] long? minPosition,
        StorySubjects subjects,
        Stories stories,
        ThreadHistory history,
        Readers readers,
        HttpContext http
    ) =>
        new StoryRequest(after, limit, actor, types, from, to, format, minPosition).AnswerAsync(
            "board",
            boardId,
            subjects,
            stories,
            history,
            readers,
            http
        );
}
