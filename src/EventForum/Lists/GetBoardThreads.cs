using System.Globalization;
using System.Text.Json.Serialization;
using EventForum.Boards;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads.Reading;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace EventForum.Lists;

/// <summary>A page of a board's threads: the pinned ones, then the others, the last posted in first.</summary>
/// <param name="Next">Pass it as <c>after</c> to get the threads that follow; null at the end.</param>
/// <param name="Permalink">Where this page of the past can be read again; left out when it shows now.</param>
/// <param name="AsOf">The moment that the page shows; left out when that is now.</param>
public sealed record BoardPage(
    Guid Id,
    string Name,
    string? Description,
    IReadOnlyList<ThreadListing> Threads,
    string? Next,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Permalink = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? AsOf = null
);

/// <summary>A thread in its board's list.</summary>
public sealed record ThreadListing(
    Guid Id,
    string Title,
    MemberCard Starter,
    DateTimeOffset StartedAt,
    int PostCount,
    LastPost LastPost,
    bool Locked,
    bool Pinned
);

/// <summary>A place in a board's list of threads: clients pass it on without looking into it.</summary>
public sealed record ThreadCursor(bool IsPinned, DateTimeOffset LastPostAt, Guid Id)
{
    private const string Mark = "p";

    public override string ToString() =>
        $"{(IsPinned ? Mark : "")}{LastPostAt.UtcTicks.ToString(CultureInfo.InvariantCulture)}-{Id:N}";

    public static ThreadCursor? Parse(string text)
    {
        var isPinned = text.StartsWith(Mark, StringComparison.Ordinal);
        return
            text[(isPinned ? Mark.Length : 0)..].Split('-') is [var ticks, var id]
            && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var t)
            && t <= DateTimeOffset.MaxValue.Ticks
            && Guid.TryParseExact(id, "N", out var guid)
            ? new ThreadCursor(isPinned, new DateTimeOffset(t, TimeSpan.Zero), guid)
            : null;
    }
}

public static class GetBoardThreadsEndpoint
{
    /// <summary>A page of the board's threads, with <c>at</c> as they were at that time (RFC 3339).</summary>
    /// <param name="after">The <c>next</c> of the page before; without it, the list begins.</param>
    /// <param name="limit">How many threads, from 1 to 100; 20 without it. What lies beyond is taken for the nearest.</param>
    /// <param name="at">The list as it was then. A time as RFC 3339 has it, such as 2026-01-31T12:00:00Z, or a date, which is its beginning; UTC where it names no zone. Without it, or for a time to come, as it is now.</param>
    [WolverineGet("/api/boards/{boardId}/threads"), AllowAnonymous, ProducesResponseType(typeof(BoardPage), 200)]
    public static async Task<IResult> Get(
        Guid boardId,
        string? after,
        int? limit,
        string? at,
        [FromQuery(Name = "min-position")] long? minPosition,
        BoardLists lists,
        ViewFreshness freshness,
        Readers readers,
        HttpContext http
    )
    {
        var cursor = after is null ? null : ThreadCursor.Parse(after);
        if (after is not null && cursor is null)
        {
            return new Problem(Refusal.BadCursor);
        }

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

        var page = await lists.ThreadsAsync(
            boardId,
            cursor,
            Math.Clamp(limit ?? 20, 1, BoardLists.MaxLimit),
            reader,
            lists.Past(time),
            http.RequestAborted
        );
        return page is null ? new Problem(BoardRefusals.NoSuchBoard) : new Tagged<BoardPage>(page);
    }
}
