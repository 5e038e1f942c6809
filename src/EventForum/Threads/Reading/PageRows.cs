using EventForum.Platform;
using Npgsql;

namespace EventForum.Threads.Reading;

/// <summary>A page's posts with their thread's header, as of one moment and read in one snapshot.</summary>
/// <param name="Newest">The thread's version now.</param>
/// <param name="Version">The moment's version; bounded by it is all that is here, but for what is removed now.</param>
internal sealed record PageRows(
    long Newest,
    long Version,
    Guid StarterId,
    DateTimeOffset StartedAt,
    HeaderRow Header,
    string BoardName,
    BoardLink BoardNow,
    List<PostRow> Posts
)
{
    /// <summary>A page that no thread comes to: the header alone is read.</summary>
    public const int NoPage = 100_000_000;

    private const int Columns = PostColumns.Count + 4;

    /// <summary>
    /// One statement, hence one snapshot: a version vouches for the very rows beside it. One probe of the primary key a
    /// number, however often a post was edited and however long the thread is. PostgreSQL plans it once a connection, and
    /// planning takes four times as long as running it: that the numbers of a page are counted from 1 to 20 whatever page it is
    /// keeps a plan for any page as cheap, by its estimate, as one for this page.
    /// </summary>
    internal static readonly string Sql = $"""
        with t as materialized (
            select d.newest, d.version, d.board_now, d.starter, d.started, h.board_id, h.title, h.lock_reason, h.is_pinned,
                   coalesce(h.unused, 0) as unused, h.moved_to, h.numbers_version,
                   case when $2 >= d.newest then d.newest_number else ({ThreadHeaders.LastNumber(
            low: "case when d.has_moved then 1 else greatest(1, $2 - (d.newest - d.newest_number))::int end",
            high: "least(d.newest_number, $2)::int",
            header: "h"
        )}) end as last
              from (select (data ->> 'version')::bigint as newest, least((data ->> 'version')::bigint, $2) as version,
                           (data ->> 'lastNumber')::int as newest_number,
                           (data ->> 'boardId')::uuid as board_now, (data ->> 'starterId')::uuid as starter,
                           (data ->> 'startedAt')::timestamptz as started, (data -> 'numbers') is not null as has_moved
                      from {MartenTables.Documents}forumthread where id = $1) d
             cross join lateral (
                    select * from {HeaderTable.Table}
                     where thread_id = $1 and from_version <= d.version
                     order by from_version desc limit 1) h
             where $2 between 1 and d.newest or $2 = {NowText})
        select p.*, t.newest, t.version, t.starter, t.started, t.board_id, t.title, t.lock_reason, t.is_pinned, t.last,
               h.came_at, h.board_name, t.board_now,
               case when t.board_id = t.board_now then h.board_name
                    else (select data ->> 'name' from {MartenTables.Documents}board where id = t.board_now) end, t.unused, t.moved_to, t.numbers_version
          from t
         cross join lateral (
                select {ThreadHeaders.CameAt("$4", "t.version")} as came_at,
                       (select data ->> 'name' from {MartenTables.Documents}board where id = t.board_id) as board_name) h
          left join lateral (
                select {PostColumns.All},
                       coalesce(now.removed, p.removed_at is not null) as removed_now, now.thread_id as moved_to, r.html, r.plain
                  from (select ($3 - 1) * {PerPage} + k as n from generate_series(1, {PerPage}) k) k
                 cross join lateral (
                        select * from {PostTable.Table}
                         where k.n <= t.last and thread_id = $1 and number = k.n::int and from_version <= t.version
                         order by from_version desc limit 1) p
                  {RenderedTextTable.Join}
                  left join lateral (
                        select removed_at is not null as removed, nullif(thread_id, $1) as thread_id from {PostTable.Table}
                         where post_id = p.post_id {PostTable.Newest}) now on p.to_version is not null
                 where p.to_version is null or p.to_version > t.version) p on true
         order by p.number
        """;

    private const string NowText = "9223372036854775807";

    private const string PerPage = "20";

    /// <summary>Null when there is no such thread or version. A page beyond the last has no posts.</summary>
    /// <param name="version">A version of the thread; <see cref="Moment.Now"/>'s for the newest.</param>
    /// <param name="andTime">Also when the version came.</param>
    public static async Task<PageRows?> ReadAsync(
        NpgsqlDataSource database,
        Guid threadId,
        int page,
        long version,
        bool andTime,
        CancellationToken cancellation
    )
    {
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = threadId });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = version });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = page });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = andTime });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
        {
            return null;
        }

        var posts = new List<PostRow>(ThreadPage.PostsPerPage);
        var read = new PageRows(
            reader.GetInt64(Columns),
            reader.GetInt64(Columns + 1),
            reader.GetGuid(Columns + 2),
            reader.GetFieldValue<DateTimeOffset>(Columns + 3),
            new HeaderRow(
                reader.GetGuid(Columns + 4),
                reader.GetString(Columns + 5),
                reader.IsDBNull(Columns + 6) ? null : reader.GetString(Columns + 6),
                reader.GetBoolean(Columns + 7),
                reader.GetInt32(Columns + 8),
                reader.IsDBNull(Columns + 9) ? null : reader.GetFieldValue<DateTimeOffset>(Columns + 9),
                reader.GetInt32(Columns + 13),
                reader.IsDBNull(Columns + 14) ? null : reader.GetGuid(Columns + 14),
                reader.IsDBNull(Columns + 15) ? null : reader.GetInt64(Columns + 15)
            ),
            reader.GetString(Columns + 10),
            new BoardLink(reader.GetGuid(Columns + 11), reader.GetString(Columns + 12)),
            posts
        );
        if (!reader.IsDBNull(0))
        {
            do
            {
                posts.Add(ThreadRows.ReadWithText(reader));
            } while (await reader.ReadAsync(cancellation));
        }

        return read;
    }
}
