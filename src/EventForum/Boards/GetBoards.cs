using System.Globalization;
using EventForum.Members;
using EventForum.Platform;
using Marten;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace EventForum.Boards;

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

/// <summary>A page of a board's threads, the last posted in first.</summary>
/// <param name="Next">Pass it as <c>after</c> to get the threads that follow; null at the end.</param>
public sealed record BoardPage(
    Guid Id,
    string Name,
    string? Description,
    IReadOnlyList<ThreadListing> Threads,
    string? Next
);

/// <summary>A thread in its board's list.</summary>
public sealed record ThreadListing(
    Guid Id,
    string Title,
    MemberCard Starter,
    DateTimeOffset StartedAt,
    int PostCount,
    LastPost LastPost,
    bool Locked
);

/// <summary>Reads the lists that <see cref="BoardIndex"/> keeps.</summary>
public sealed class BoardLists(IDocumentStore store, MemberNames names)
{
    public const int MaxLimit = 100;

    private static readonly MemberCard Nobody = new(Guid.Empty, "", "");

    public async Task<IReadOnlyList<BoardListing>> BoardsAsync(CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        var boards = await session.Query<BoardSummary>().OrderBy(board => board.Name).ToListAsync(cancellation);
        var cards = await names.FindAsync(boards.Select(board => board.LastPosterId).OfType<Guid>(), cancellation);
        return
        [
            .. boards.Select(board => new BoardListing(
                board.Id,
                board.Name,
                board.Description,
                board.ThreadCount,
                board.PostCount,
                board is { LastThreadId: { } threadId, LastPostAt: { } at, LastPosterId: { } poster }
                    ? new LastPost(threadId, at, cards.GetValueOrDefault(poster, Nobody))
                    : null
            )),
        ];
    }

    /// <summary>Null when there is no such board.</summary>
    public async Task<BoardPage?> ThreadsAsync(
        Guid boardId,
        ThreadCursor? after,
        int limit,
        CancellationToken cancellation
    )
    {
        await using var session = store.QuerySession();
        // A board that was opened a moment ago is there, though its list has not come to it.
        var board = await session.LoadAsync<BoardSummary>(boardId, cancellation);
        if (board is null && await session.LoadAsync<Board>(boardId, cancellation) is { } opened)
        {
            board = new BoardSummary(opened.Id, opened.Name, opened.Description);
        }

        if (board is null)
        {
            return null;
        }

        var threads = after is null
            ? await session.QueryAsync<ThreadSummary>(
                "where board_id = ? order by last_post_at desc, id desc limit ?",
                cancellation,
                boardId,
                limit + 1
            )
            : await session.QueryAsync<ThreadSummary>(
                "where board_id = ? and (last_post_at, id) < (?, ?) order by last_post_at desc, id desc limit ?",
                cancellation,
                boardId,
                after.LastPostAt,
                after.Id,
                limit + 1
            );
        var shown = threads.Take(limit).ToList();
        var cards = await names.FindAsync(shown.SelectMany(t => new[] { t.StarterId, t.LastPosterId }), cancellation);
        return new BoardPage(
            board.Id,
            board.Name,
            board.Description,
            [
                .. shown.Select(t => new ThreadListing(
                    t.Id,
                    t.Title,
                    cards.GetValueOrDefault(t.StarterId, Nobody),
                    t.StartedAt,
                    t.PostCount,
                    new LastPost(t.Id, t.LastPostAt, cards.GetValueOrDefault(t.LastPosterId, Nobody)),
                    t.IsLocked
                )),
            ],
            threads.Count > limit ? new ThreadCursor(shown[^1].LastPostAt, shown[^1].Id).ToString() : null
        );
    }
}

/// <summary>A place in a board's list of threads: clients pass it on without looking into it.</summary>
public sealed record ThreadCursor(DateTimeOffset LastPostAt, Guid Id)
{
    public static Refusal Invalid { get; } =
        new(
            400,
            "cursor-invalid",
            "The cursor is not one of ours.",
            "Pass the value of next as it came, or none to start over."
        );

    public override string ToString() => $"{LastPostAt.UtcTicks.ToString(CultureInfo.InvariantCulture)}-{Id:N}";

    public static ThreadCursor? Parse(string text) =>
        text.Split('-') is [var ticks, var id]
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var t)
        && t <= DateTimeOffset.MaxValue.Ticks
        && Guid.TryParseExact(id, "N", out var guid)
            ? new ThreadCursor(new DateTimeOffset(t, TimeSpan.Zero), guid)
            : null;
}

public static class GetBoardsEndpoint
{
    [WolverineGet("/api/boards"), AllowAnonymous, ProducesResponseType(typeof(IEnumerable<BoardListing>), 200)]
    public static async Task<IResult> Get(
        [FromQuery(Name = "min-position")] long? minPosition,
        BoardLists lists,
        ViewFreshness freshness,
        HttpContext http
    ) =>
        await freshness.WaitAsync(minPosition, http.RequestAborted, BoardIndex.Name) is { } refusal
            ? new Problem(refusal)
            : new Tagged<IReadOnlyList<BoardListing>>(await lists.BoardsAsync(http.RequestAborted));
}

public static class GetBoardThreadsEndpoint
{
    private static readonly Refusal NoSuchBoard = new(
        404,
        "board-not-found",
        "There is no such board.",
        "Check the board's id; GET /api/boards lists them."
    );

    [WolverineGet("/api/boards/{boardId}/threads"), AllowAnonymous, ProducesResponseType(typeof(BoardPage), 200)]
    public static async Task<IResult> Get(
        Guid boardId,
        string? after,
        int? limit,
        [FromQuery(Name = "min-position")] long? minPosition,
        BoardLists lists,
        ViewFreshness freshness,
        HttpContext http
    )
    {
        var cursor = after is null ? null : ThreadCursor.Parse(after);
        if (after is not null && cursor is null)
        {
            return new Problem(ThreadCursor.Invalid);
        }

        if (await freshness.WaitAsync(minPosition, http.RequestAborted, BoardIndex.Name) is { } refusal)
        {
            return new Problem(refusal);
        }

        var page = await lists.ThreadsAsync(
            boardId,
            cursor,
            Math.Clamp(limit ?? 20, 1, BoardLists.MaxLimit),
            http.RequestAborted
        );
        return page is null ? new Problem(NoSuchBoard) : new Tagged<BoardPage>(page);
    }
}
