using EventForum.Platform;
using EventForum.Threads;
using Npgsql;

namespace EventForum.History;

/// <summary>An event of a thread that still holds at a later version of it.</summary>
internal sealed record LastingEvent(long Version, DateTimeOffset At, Guid? ActorId, Guid? PostId, string? Reason);

/// <summary>Reads them: what had been overwritten by then is passed over where it lies.</summary>
internal static class LastingEvents
{
    private const string Lasting = $"""
        select e.version, e.timestamp, e.user_name, (e.data ->> 'postId')::uuid, e.data ->> 'reason'
          from {MartenTables.Events} e
         where e.stream_id = $1 and e.version > $2 and e.version <= $3
           and (e.version = any($5)
                or exists (select from {PostTable.Table} p
                            where p.post_id = (e.data ->> 'postId')::uuid and p.position = e.position
                              and (p.to_version is null or p.to_version > $4)))
         order by e.version limit $6
        """;

    /// <summary>The latest restoration of each post: it may have been edited since.</summary>
    private const string Restorations = $"""
        select distinct on (p.post_id) e.version, e.timestamp, e.user_name, p.post_id, e.data ->> 'reason'
          from {PostTable.Table} p
          join {MartenTables.Events} e
            on e.position = p.position and e.type = 'post_restored'
         where p.post_id = any($1) and p.thread_id = $3 and p.from_version <= $2
         order by p.post_id, p.position desc
        """;

    public static async Task<List<LastingEvent>> ReadAsync(
        NpgsqlDataSource database,
        Guid threadId,
        long after,
        long end,
        long to,
        long[] headerVersions,
        int limit,
        CancellationToken cancellation
    )
    {
        await using var command = database.CreateCommand(Lasting);
        command.Parameters.AddWithValue(threadId);
        command.Parameters.AddWithValue(after);
        command.Parameters.AddWithValue(end);
        command.Parameters.AddWithValue(to);
        command.Parameters.AddWithValue(headerVersions);
        command.Parameters.AddWithValue(limit);
        return await EventsAsync(command, cancellation);
    }

    public static async Task<Dictionary<Guid, LastingEvent>> RestorationsAsync(
        NpgsqlDataSource database,
        Guid threadId,
        Guid[] postIds,
        long to,
        CancellationToken cancellation
    )
    {
        if (postIds.Length == 0)
        {
            return [];
        }

        await using var command = database.CreateCommand(Restorations);
        command.Parameters.AddWithValue(postIds);
        command.Parameters.AddWithValue(to);
        command.Parameters.AddWithValue(threadId);
        return (await EventsAsync(command, cancellation)).ToDictionary(e => e.PostId!.Value);
    }

    private static async Task<List<LastingEvent>> EventsAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var found = new List<LastingEvent>();
        while (await reader.ReadAsync(cancellation))
        {
            found.Add(
                new LastingEvent(
                    reader.GetInt64(0),
                    reader.GetFieldValue<DateTimeOffset>(1),
                    Guid.TryParse(reader.IsDBNull(2) ? null : reader.GetString(2), out var actor) ? actor : null,
                    reader.IsDBNull(3) ? null : reader.GetGuid(3),
                    reader.IsDBNull(4) ? null : reader.GetString(4)
                )
            );
        }

        return found;
    }
}
