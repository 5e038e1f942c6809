using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads.Reading;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace EventForum.Lists;

/// <summary>A board in the list of boards.</summary>
/// <param name="LastPost">Null while nobody has posted.</param>
public sealed record BoardListing(
    Guid Id,
    string Name,
    string? Description,
    int ThreadCount,
    int PostCount,
    LastPost? LastPost
);

/// <param name="ThreadId">The thread that it is in.</param>
public sealed record LastPost(Guid ThreadId, DateTimeOffset At, MemberCard Author);

public static class GetBoardsEndpoint
{
    /// <summary>The boards by name, with <c>at</c> as they were at that time (RFC 3339); <c>Content-Location</c> then names the answer for ever.</summary>
    /// <param name="at">The boards as they were then. A time as RFC 3339 has it, such as 2026-01-31T12:00:00Z, or a date, which is its beginning; UTC where it names no zone. Without it, or for a time to come, as they are now.</param>
    [WolverineGet("/api/boards"), AllowAnonymous, ProducesResponseType(typeof(IEnumerable<BoardListing>), 200)]
    public static async Task<IResult> Get(
        string? at,
        [FromQuery(Name = "min-position")] long? minPosition,
        BoardLists lists,
        ViewFreshness freshness,
        Readers readers,
        HttpContext http
    )
    {
        var reader = await readers.OfAsync(http);
        if (await freshness.WaitAsync(minPosition, http.RequestAborted, BoardLists.ViewsFor(reader)) is { } refusal)
        {
            return new Problem(refusal);
        }

        var (invalid, time) = Moments.ReadTime(at);
        if (invalid is not null)
        {
            return new Problem(invalid);
        }

        var past = lists.Past(time);
        if (past is { } moment)
        {
            http.Response.Headers.ContentLocation = $"/api/boards?at={Moments.Text(moment)}";
        }

        return new Tagged<IReadOnlyList<BoardListing>>(await lists.BoardsAsync(reader, past, http.RequestAborted));
    }
}
