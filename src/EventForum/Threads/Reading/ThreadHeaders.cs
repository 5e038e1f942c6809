using EventForum.Platform;
using Npgsql;

namespace EventForum.Threads.Reading;

/// <summary>A thread's header at a version.</summary>
/// <param name="NumbersVersion">The version by which posts came from another thread or went to one last; null where none did.</param>
/// <param name="CameAt">When the version came; null unless it was asked for.</param>
internal sealed record HeaderRow(
    Guid BoardId,
    string Title,
    string? LockReason,
    bool IsPinned,
    int LastNumber,
    DateTimeOffset? CameAt,
    int Unused = 0,
    Guid? MovedTo = null,
    long? NumbersVersion = null
);

/// <summary>
/// The header of a thread at a version, and its last number: mostly known from a reply a few versions before;
/// behind a long run of edits it is found by halving what it can be, not by counting.
/// </summary>
internal static class ThreadHeaders
{
    private static readonly string Header = $"""
        select h.board_id, h.title, h.lock_reason, h.is_pinned,
               ({LastNumber("$3", "$4", "h")}), {CameAt("$5", "$2")}, coalesce(h.unused, 0)
          from {HeaderTable.Table} h
         where h.thread_id = $1 and h.from_version <= $2
         order by h.from_version desc limit 1
        """;

    private static readonly string EditedAfter = $"""
        select k.post_id, s.low - e.number
          from unnest($2, $3) as k(post_id, revision)
         cross join lateral (
                select number, from_version as edited from {PostTable.Table}
                 where post_id = k.post_id and revision = k.revision and thread_id = $1
                 order by position limit 1) e
         cross join lateral (with recursive {Halving("select e.number, $4", "from_version < e.edited")}) s
        """;

    /// <summary>
    /// SQL for the last number that was taken in the thread $1 at its version $2, between these. Since posts came or went
    /// the last time, numbers go on from where they were then.
    /// </summary>
    /// <param name="header">The row of <see cref="HeaderTable"/> that holds at that version.</param>
    internal static string LastNumber(string low, string high, string header)
    {
        var start = $"coalesce({header}.last_number, {low})";
        // Each version takes one number at most.
        var end =
            $"case when {header}.last_number is null then {high} else {header}.last_number + ($2 - {header}.numbers_version)::int end";
        var since = $"from_version > coalesce({header}.numbers_version, 0)";
        return $"""
            with recursive ends as materialized (select {start} as low, greatest({start}, {end}) as high),
            known as materialized (
                select coalesce(
                       (select number from {PostTable.Table}
                         where thread_id = $1 and number = (select high from ends) and from_version <= $2 and {since} limit 1),
                       (select {PostNumbers.Number}
                          from (select type, data from {MartenTables.Events} e
                                 where stream_id = $1 and version <= $2 and version > coalesce({header}.numbers_version, 0)
                                 order by version desc limit 20) e
                         where type = 'reply_posted' limit 1)) as number),
            {Halving(
                "select coalesce(k.number, ends.low), coalesce(k.number, ends.high) from known k, ends",
                $"from_version <= $2 and {since}"
            )}
            """;
    }

    /// <summary>SQL for the time at which a version of the thread $1 came, where it is wanted.</summary>
    internal static string CameAt(string wanted, string version) =>
        $"(select came_at from {MartenTables.Events} e where {wanted} and stream_id = $1 and version = {version})";

    /// <summary>The highest number between two whose post had come.</summary>
    private static string Halving(string start, string hadCome) =>
        $"""
            search(low, high) as (
                {start}
                union all
                select case when n.came then m.mid else low end, case when n.came then high else m.mid - 1 end
                  from search
                 cross join lateral (select (low + high + 1) / 2 as mid) m
                 cross join lateral (
                        select exists (select 1 from {PostTable.Table}
                                        where thread_id = $1 and number = m.mid and {hadCome}) as came) n
                 where low < high)
            select low from search where low = high
            """;

    /// <summary>For the posts of a page that were edited: how many replies had followed them by then.</summary>
    public static async Task<IReadOnlyDictionary<Guid, int>> EditedAfterAsync(
        NpgsqlDataSource database,
        ThreadPage page,
        CancellationToken cancellation
    )
    {
        var edited = page.Posts.Where(post => post.EditedAt is not null).ToList();
        var after = new Dictionary<Guid, int>(edited.Count);
        if (edited.Count == 0)
        {
            return after;
        }

        await using var command = database.CreateCommand(EditedAfter);
        command.Parameters.AddWithValue(page.Id);
        command.Parameters.AddWithValue(edited.Select(post => post.Id).ToArray());
        command.Parameters.AddWithValue(edited.Select(post => post.Revision).ToArray());
        command.Parameters.AddWithValue(page.LastNumber);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            after[reader.GetGuid(0)] = reader.GetInt32(1);
        }

        return after;
    }

    /// <param name="lastNumber">The number of the thread's last post, then or later; bounded by the version in any case.</param>
    /// <param name="others">How many versions at most made no post: each makes one or none.</param>
    /// <param name="andTime">Also when the version came.</param>
    public static async Task<HeaderRow> HeaderAsync(
        NpgsqlDataSource database,
        Guid threadId,
        long version,
        CancellationToken cancellation,
        int lastNumber = int.MaxValue,
        long others = long.MaxValue,
        bool andTime = false
    )
    {
        await using var command = database.CreateCommand(Header);
        command.Parameters.AddWithValue(threadId);
        command.Parameters.AddWithValue(version);
        command.Parameters.AddWithValue((int)Math.Max(1, version - others));
        command.Parameters.AddWithValue((int)Math.Min(lastNumber, version));
        command.Parameters.AddWithValue(andTime);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return new HeaderRow(
            reader.GetGuid(0),
            reader.GetString(1),
            reader.IsDBNull(2) ? null : reader.GetString(2),
            reader.GetBoolean(3),
            reader.GetInt32(4),
            reader.IsDBNull(5) ? null : reader.GetFieldValue<DateTimeOffset>(5),
            reader.GetInt32(6)
        );
    }
}
