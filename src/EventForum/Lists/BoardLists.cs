using EventForum.Access;
using EventForum.Boards;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads.Reading;
using Npgsql;

namespace EventForum.Lists;

/// <summary>Reads the lists that <see cref="BoardIndex"/> keeps: the past by the query of the present.</summary>
public sealed class BoardLists(
    ReadDatabase reads,
    [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database,
    MemberNames names,
    TimeProvider clock
)
{
    public const int MaxLimit = 100;

    /// <summary>The views that an answer shows.</summary>
    public static string[] ViewsFor(Reader reader) => [BoardIndex.Name, .. MemberNames.ViewsFor(reader)];

    private const string LastPostedFirst = "t.last_post_at desc, t.thread_id desc";

    /// <summary>
    /// What was posted in months gone by is added up already. A board is as old as its oldest post, though an import
    /// opened it later.
    /// </summary>
    private static readonly string Boards = $"""
        select b.id, b.data ->> 'name', b.data ->> 'description', n.threads, n.posts,
               l.thread_id, l.last_post_at, l.last_poster_id
          from {MartenTables.Documents}board b
         cross join lateral (
                select coalesce(sum(threads), 0)::int as threads, coalesce(sum(posts), 0)::int as posts
                  from (select threads, posts from {BoardIndex.Months}
                         where board_id = b.id and month < date_trunc('month', $1 at time zone 'UTC')
                         union all
                        select count(*) filter (where t.from_version = 1), sum(t.added)
                          from (values (true), (false)) p(is_pinned)
                         cross join unnest((select $2)) l(lasted)
                          join {BoardIndex.Threads} t
                            on t.board_id = b.id and t.is_pinned = p.is_pinned and t.lasted = l.lasted
                         where t.from_at <= $1
                           and t.last_post_at between date_trunc('month', $1, 'UTC') and $1
                         union all
                        select sum(threads), sum(posts) from {BoardIndex.Moves}
                         where board_id = b.id and at between date_trunc('month', $1, 'UTC') and $1) months) n
          left join lateral (
                {Held("b.id", "(values (true, $1, $4), (false, $1, $4))", "1", "$6")}
                 order by {LastPostedFirst} limit 1) l on true
         where ((b.data ->> 'openedAt')::timestamptz <= $1 or l.thread_id is not null)
           and ($5::uuid[] is null or b.id <> all($5))
         order by b.data ->> 'name'
        """;

    private static readonly string Threads = $"""
        {Held("$4", "(values (true, $5, $6), (false, $7, $8))", "$9", "$10")}
         order by t.is_pinned desc, {LastPostedFirst} limit $9
        """;

    /// <summary>The moment that a reader asks for; null is now, also for a time that is still to come.</summary>
    public DateTimeOffset? Past(DateTimeOffset? at) => at <= clock.GetUtcNow() ? at : null;

    /// <param name="at">A past moment; null for now.</param>
    public async Task<IReadOnlyList<BoardListing>> BoardsAsync(
        Reader reader,
        DateTimeOffset? at,
        CancellationToken cancellation
    )
    {
        await using var command = database.CreateCommand(Boards);
        AddMoment(command, at);
        command.Parameters.AddWithValue(Guid.AllBitsSet);
        command.Parameters.Add(reader.HiddenBoardsParameter());
        command.Parameters.Add(MovedAway(reader, at));
        var boards = new List<(BoardListing Board, (Guid ThreadId, DateTimeOffset At, Guid PosterId)? Last)>();
        await using (var rows = await command.ExecuteReaderAsync(cancellation))
        {
            while (await rows.ReadAsync(cancellation))
            {
                boards.Add(
                    (
                        new BoardListing(
                            rows.GetGuid(0),
                            rows.GetString(1),
                            rows.IsDBNull(2) ? null : rows.GetString(2),
                            rows.GetInt32(3),
                            rows.GetInt32(4),
                            null
                        ),
                        rows.IsDBNull(5)
                            ? null
                            : (rows.GetGuid(5), rows.GetFieldValue<DateTimeOffset>(6), rows.GetGuid(7))
                    )
                );
            }
        }

        var cards = await names.FindAsync(
            boards.Select(b => b.Last?.PosterId).OfType<Guid>(),
            reader,
            at,
            cancellation
        );
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
        Reader reader,
        DateTimeOffset? at,
        CancellationToken cancellation
    )
    {
        await using var opened = await reads.OpenSessionAsync(cancellation);
        var session = opened.Query;
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
            reader,
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
                    t.IsLocked,
                    t.IsPinned
                )),
            ],
            threads.Count > limit
                ? new ThreadCursor(shown[^1].IsPinned, shown[^1].LastPostAt, shown[^1].Id).ToString()
                : null,
            at is { } moment
                ? $"/api/boards/{boardId}/threads?at={Moments.Text(moment)}&limit={limit}{(after is null ? "" : $"&after={after}")}"
                : null,
            at
        );

        async Task<List<ThreadRow>> ReadAsync()
        {
            await using var command = database.CreateCommand(Threads);
            AddMoment(command, at);
            command.Parameters.AddWithValue(boardId);
            var start = (At: at ?? DateTimeOffset.MaxValue, Id: Guid.AllBitsSet);
            var cursor = after is null ? start : (after.LastPostAt, after.Id);
            AddBefore(after is { IsPinned: false } ? (DateTimeOffset.MinValue, Guid.Empty) : cursor);
            AddBefore(after is { IsPinned: true } ? start : cursor);
            command.Parameters.AddWithValue(limit + 1);
            command.Parameters.Add(MovedAway(reader, at));
            var rows = new List<ThreadRow>();
            await using var found = await command.ExecuteReaderAsync(cancellation);
            while (await found.ReadAsync(cancellation))
            {
                rows.Add(
                    new ThreadRow(
                        found.GetGuid(0),
                        found.GetString(1),
                        found.GetGuid(2),
                        found.GetFieldValue<DateTimeOffset>(3),
                        found.GetInt32(4),
                        found.GetFieldValue<DateTimeOffset>(5),
                        found.GetGuid(6),
                        found.GetBoolean(7),
                        found.GetBoolean(8)
                    )
                );
            }

            return rows;

            void AddBefore((DateTimeOffset At, Guid Id) before)
            {
                command.Parameters.AddWithValue(before.At);
                command.Parameters.AddWithValue(before.Id);
            }
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
        bool IsLocked,
        bool IsPinned
    );

    /// <summary>
    /// A board's threads at a moment, now or in the past. Each <c>lasted</c> is walked back from the moment until there
    /// are enough, or until those that held can have begun no earlier, or until the threads that rest since then are
    /// enough: what had ended by then is hardly passed over.
    /// </summary>
    /// <param name="before">Where the pinned threads go on, and where the others do.</param>
    /// <param name="hidden">Boards whose threads are left out, wherever they were then.</param>
    private static string Held(string board, string before, string limit, string hidden)
    {
        var rows = $"""
            {BoardIndex.Threads} t
             where t.board_id = {board} and t.is_pinned = p.is_pinned and t.from_at <= $1
               and (t.last_post_at, t.thread_id) < (p.before, p.before_id)
               and ({hidden}::uuid[] is null
                    or (select (data ->> 'boardId')::uuid from {MartenTables.Documents}forumthread where id = t.thread_id) <> all({hidden}))
            """;
        // For an array behind a select PostgreSQL keeps the plan, whatever the number of its elements.
        return $"""
            select t.thread_id, t.title, t.starter_id, t.started_at, t.post_count, t.last_post_at, t.last_poster_id,
                   t.is_locked, t.is_pinned
              from {before} p(is_pinned, before, before_id)
             cross join lateral (
                    select coalesce((select t.last_post_at from {rows} and t.lasted = {BoardIndex.HoldsStill}
                                      order by {LastPostedFirst} offset {limit} - 1 limit 1), '-infinity') as at) enough
             cross join unnest((select $2), (select $3)) l(lasted, since)
             cross join lateral (
                    select * from {rows} and t.lasted = l.lasted and (t.to_at is null or t.to_at > $1)
                       and t.last_post_at > l.since and t.last_post_at >= enough.at
                     order by {LastPostedFirst} limit {limit}) t
            """;
    }

    /// <summary>
    /// The boards whose threads a reader does not see although they stood elsewhere at a moment; null where that makes no
    /// difference.
    /// </summary>
    private static NpgsqlParameter MovedAway(Reader reader, DateTimeOffset? at)
    {
        var boards = reader.HiddenBoardsParameter();
        boards.Value = at is null ? DBNull.Value : boards.Value;
        return boards;
    }

    /// <summary>Adds the moment, and since when the rows of each <c>lasted</c> that held then can have held.</summary>
    private static void AddMoment(NpgsqlCommand command, DateTimeOffset? at)
    {
        var moment = at ?? DateTimeOffset.MaxValue;
        int[] lasted = at is null ? [BoardIndex.HoldsStill] : [.. Enumerable.Range(0, BoardIndex.HoldsStill + 1)];
        var since = lasted
            .Select(i => i < BoardIndex.Lasts.Length ? BoardIndex.Lasts[i] * TimeSpan.TicksPerSecond : long.MaxValue)
            .Select(longest => new DateTimeOffset(Math.Max(0, moment.UtcTicks - longest), TimeSpan.Zero));
        command.Parameters.AddWithValue(moment);
        command.Parameters.AddWithValue(lasted);
        command.Parameters.AddWithValue(since.ToArray());
    }
}
