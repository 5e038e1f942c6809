using System.Globalization;
using System.Text.Json.Serialization;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads.Reading;
using Marten;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
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
    bool Locked
);

/// <summary>Reads the lists that <see cref="BoardIndex"/> keeps: the past by the query of the present.</summary>
public sealed class BoardLists(IDocumentStore store, NpgsqlDataSource database, MemberNames names, TimeProvider clock)
{
    public const int MaxLimit = 100;

    /// <summary>The views that an answer shows.</summary>
    public static readonly string[] Views = [BoardIndex.Name, MemberProfileProjection.ProjectionName, FirstPosts.Name];

    private const string Holds = "t.from_at <= $1 and (t.to_at is null or t.to_at > $1)";

    /// <summary>
    /// What was posted in months gone by is added up already. A board is as old as its oldest post, though an import
    /// opened it later.
    /// </summary>
    private const string Boards = $"""
        select b.id, b.data ->> 'name', b.data ->> 'description', n.threads, n.posts,
               l.thread_id, l.last_post_at, l.last_poster_id
          from {Store.Schema}.mt_doc_board b
         cross join lateral (
                select coalesce(sum(threads), 0)::int as threads, coalesce(sum(posts), 0)::int as posts
                  from (select threads, posts from {BoardIndex.Months}
                         where board_id = b.id and month < date_trunc('month', $1 at time zone 'UTC')
                         union all
                        select count(*) filter (where t.from_version = 1), sum(t.added) from {BoardIndex.Threads} t
                         where t.board_id = b.id and t.from_at <= $1
                           and t.last_post_at between date_trunc('month', $1, 'UTC') and $1) months) n
          left join lateral (
                select t.thread_id, t.last_post_at, t.last_poster_id from {BoardIndex.Threads} t
                 where t.board_id = b.id and t.last_post_at <= $1 and {Holds}
                 order by t.last_post_at desc, t.thread_id desc limit 1) l on true
         where (b.data ->> 'openedAt')::timestamptz <= $1 or l.thread_id is not null
         order by b.data ->> 'name'
        """;

    private const string Threads = $"""
        select t.thread_id, t.title, t.starter_id, t.started_at, t.post_count, t.last_post_at, t.last_poster_id, t.is_locked
          from {BoardIndex.Threads} t
         where t.board_id = $2 and (t.last_post_at, t.thread_id) < ($3, $4)
        """;

    private const string LastPostedFirst = "order by t.last_post_at desc, t.thread_id desc limit $5";

    /// <summary>Named as the index of the present is: it has no row that has ended.</summary>
    private const string ThreadsNow = $"{Threads} and t.to_at is null {LastPostedFirst}";

    private const string ThreadsThen = $"{Threads} and {Holds} {LastPostedFirst}";

    /// <summary>The moment that a reader asks for; null is now, also for a time that is still to come.</summary>
    public DateTimeOffset? Past(DateTimeOffset? at) => at <= clock.GetUtcNow() ? at : null;

    /// <param name="at">A past moment; null for now.</param>
    public async Task<IReadOnlyList<BoardListing>> BoardsAsync(DateTimeOffset? at, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Boards);
        command.Parameters.AddWithValue(at ?? DateTimeOffset.MaxValue);
        var boards = new List<(BoardListing Board, (Guid ThreadId, DateTimeOffset At, Guid PosterId)? Last)>();
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
            {
                boards.Add(
                    (
                        new BoardListing(
                            reader.GetGuid(0),
                            reader.GetString(1),
                            reader.IsDBNull(2) ? null : reader.GetString(2),
                            reader.GetInt32(3),
                            reader.GetInt32(4),
                            null
                        ),
                        reader.IsDBNull(5)
                            ? null
                            : (reader.GetGuid(5), reader.GetFieldValue<DateTimeOffset>(6), reader.GetGuid(7))
                    )
                );
            }
        }

        var cards = await names.FindAsync(boards.Select(b => b.Last?.PosterId).OfType<Guid>(), at, cancellation);
        return
        [
            .. boards.Select(b =>
                b.Last is { } last
                    ? b.Board with
                    {
                        LastPost = new LastPost(last.ThreadId, last.At, cards[last.PosterId]),
                    }
                    : b.Board
            ),
        ];
    }

    /// <summary>Null when there is no such board, or was none.</summary>
    /// <param name="at">A past moment; null for now.</param>
    public async Task<BoardPage?> ThreadsAsync(
        Guid boardId,
        ThreadCursor? after,
        int limit,
        DateTimeOffset? at,
        CancellationToken cancellation
    )
    {
        await using var session = store.QuerySession();
        if (await session.LoadAsync<Board>(boardId, cancellation) is not { } board)
        {
            return null;
        }

        var threads = await ReadAsync();
        if (threads.Count == 0 && after is null && board.OpenedAt > at)
        {
            return null;
        }

        var shown = threads.Take(limit).ToList();
        var cards = await names.FindAsync(
            shown.SelectMany(t => new[] { t.StarterId, t.LastPosterId }),
            at,
            cancellation
        );
        return new BoardPage(
            board.Id,
            board.Name,
            board.Description,
            [
                .. shown.Select(t => new ThreadListing(
                    t.Id,
                    t.Title,
                    cards[t.StarterId],
                    t.StartedAt,
                    t.PostCount,
                    new LastPost(t.Id, t.LastPostAt, cards[t.LastPosterId]),
                    t.IsLocked
                )),
            ],
            threads.Count > limit ? new ThreadCursor(shown[^1].LastPostAt, shown[^1].Id).ToString() : null,
            at is { } moment
                ? $"/api/boards/{boardId}/threads?at={Moments.Text(moment)}&limit={limit}{(after is null ? "" : $"&after={after}")}"
                : null,
            at
        );

        async Task<List<ThreadRow>> ReadAsync()
        {
            await using var command = database.CreateCommand(at is null ? ThreadsNow : ThreadsThen);
            command.Parameters.AddWithValue(at ?? DateTimeOffset.MaxValue);
            command.Parameters.AddWithValue(boardId);
            command.Parameters.AddWithValue(after?.LastPostAt ?? at ?? DateTimeOffset.MaxValue);
            command.Parameters.AddWithValue(after?.Id ?? Guid.AllBitsSet);
            command.Parameters.AddWithValue(limit + 1);
            var rows = new List<ThreadRow>();
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                rows.Add(
                    new ThreadRow(
                        reader.GetGuid(0),
                        reader.GetString(1),
                        reader.GetGuid(2),
                        reader.GetFieldValue<DateTimeOffset>(3),
                        reader.GetInt32(4),
                        reader.GetFieldValue<DateTimeOffset>(5),
                        reader.GetGuid(6),
                        reader.GetBoolean(7)
                    )
                );
            }

            return rows;
        }
    }

    private sealed record ThreadRow(
        Guid Id,
        string Title,
        Guid StarterId,
        DateTimeOffset StartedAt,
        int PostCount,
        DateTimeOffset LastPostAt,
        Guid LastPosterId,
        bool IsLocked
    );
}

/// <summary>A place in a board's list of threads: clients pass it on without looking into it.</summary>
public sealed record ThreadCursor(DateTimeOffset LastPostAt, Guid Id)
{
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
    /// <summary>The boards by name, with <c>at</c> as they were at that time (RFC 3339); <c>Content-Location</c> then names the answer for ever.</summary>
    /// <param name="at">The boards as they were then. A time as RFC 3339 has it, such as 2026-01-31T12:00:00Z, or a date, which is its beginning; UTC where it names no zone. Without it, or for a time to come, as they are now.</param>
    [WolverineGet("/api/boards"), AllowAnonymous, ProducesResponseType(typeof(IEnumerable<BoardListing>), 200)]
    public static async Task<IResult> Get(
        string? at,
        [FromQuery(Name = "min-position")] long? minPosition,
        BoardLists lists,
        ViewFreshness freshness,
        HttpContext http
    )
    {
        if (await freshness.WaitAsync(minPosition, http.RequestAborted, BoardLists.Views) is { } refusal)
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
            await GetBoardThreadsEndpoint.SayHowLongItHoldsAsync(http, freshness, moment);
            http.Response.Headers.ContentLocation = $"/api/boards?at={Moments.Text(moment)}";
        }

        return new Tagged<IReadOnlyList<BoardListing>>(await lists.BoardsAsync(past, http.RequestAborted));
    }
}

public static class GetBoardThreadsEndpoint
{
    internal static readonly Refusal NoSuchBoard = new(
        404,
        "board-not-found",
        "There is no such board.",
        "Check the board's id; GET /api/boards lists them. In the past, ask for a time after it was opened."
    );

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
        HttpContext http
    )
    {
        var cursor = after is null ? null : ThreadCursor.Parse(after);
        if (after is not null && cursor is null)
        {
            return new Problem(Refusal.BadCursor);
        }

        if (await freshness.WaitAsync(minPosition, http.RequestAborted, BoardLists.Views) is { } refusal)
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
            await SayHowLongItHoldsAsync(http, freshness, moment);
        }

        var page = await lists.ThreadsAsync(
            boardId,
            cursor,
            Math.Clamp(limit ?? 20, 1, BoardLists.MaxLimit),
            past,
            http.RequestAborted
        );
        return page is null ? new Problem(NoSuchBoard) : new Tagged<BoardPage>(page);
    }

    internal static async Task SayHowLongItHoldsAsync(
        HttpContext http,
        ViewFreshness freshness,
        DateTimeOffset moment
    ) =>
        http.Response.Headers.CacheControl = ETags.PastCacheControl(
            await freshness.HaveSettledAsync(moment, http.RequestAborted, BoardLists.Views)
        );
}
