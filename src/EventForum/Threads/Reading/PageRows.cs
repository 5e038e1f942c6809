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
    private const int Columns = PostColumns.Count + 3;

    /// <summary>
    /// One statement, hence one snapshot: a version vouches for the very rows beside it. One probe of the primary key a
    /// number, however often a post was edited and however long the thread is. PostgreSQL plans it once a connection, and
    /// planning takes four times as long as running it: that the numbers of a page are counted from 1 to 20 whatever page it is
    /// keeps a plan for any page as cheap, by its estimate, as one for this page.
    /// </summary>
    internal static readonly string Sql = $"""
        with t as materialized (
            select d.newest, least(d.newest, $2) as version, d.board_now, d.starter, d.started,
                   case when $2 >= d.newest then d.newest_number else ({ThreadHeaders.LastNumber(
            low: "greatest(1, $2 - (d.newest - d.newest_number))::int",
            high: "least(d.newest_number, $2)::int"
        )}) end as last
              from (select (data ->> 'version')::bigint as newest, (data ->> 'lastNumber')::int as newest_number,
                           (data ->> 'boardId')::uuid as board_now, (data ->> 'starterId')::uuid as starter, (data ->> 'startedAt')::timestamptz as started
                      from {MartenTables.Documents}forumthread where id = $1) d
             where $2 between 1 and d.newest or $2 = {NowText})
        select p.*, t.newest, t.version, t.starter, t.started, h.board_id, h.title, h.lock_reason, h.is_pinned, t.last,
               h.came_at, h.board_name, t.board_now,
               case when h.board_id = t.board_now then h.board_name
                    else (select data ->> 'name' from {MartenTables.Documents}board where id = t.board_now) end
          from t
         cross join lateral (
                select board_id, title, lock_reason, is_pinned, {ThreadHeaders.CameAt("$4", "t.version")} as came_at,
                       (select data ->> 'name' from {MartenTables.Documents}board where id = board_id) as board_name
                  from {HeaderTable.Table}
                 where thread_id = $1 and from_version <= t.version
                 order by from_version desc limit 1) h
          left join lateral (
                select {PostColumns.All},
                       case when p.to_version is null then p.removed_at is not null
                            else (select removed_at is not null from {PostTable.Table}
                                   where thread_id = $1 and number = p.number
                                   order by from_version desc limit 1) end as removed_now,
                       r.html, r.plain
                  from (select ($3 - 1) * {PerPage} + k as n from generate_series(1, {PerPage}) k) k
                 cross join lateral (
                        select * from {PostTable.Table}
                         where k.n <= t.last and thread_id = $1 and number = k.n::int and from_version <= t.version
                         order by from_version desc limit 1) p
                  {RenderedTextTable.Join}
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
                reader.IsDBNull(Columns + 9) ? null : reader.GetFieldValue<DateTimeOffset>(Columns + 9)
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
