using EventForum.Platform;
using Npgsql;
using NpgsqlTypes;

namespace EventForum.Exchange;

/// <summary>The store's own tables as an import reads and writes them, within its transaction.</summary>
internal static class EventRows
{
    /// <summary>
    /// Gives the events their positions. Kept ones are for a forum that has not come so far. Altering the sequence
    /// waits for every transaction that has drawn a position, and lets none draw one meanwhile: all positions up to
    /// the last are settled, and the high-water mark may step over the gaps that the original left.
    /// </summary>
    public static async Task NumberAsync(
        NpgsqlConnection connection,
        List<PastEvent> events,
        bool keep,
        CancellationToken cancellation
    )
    {
        if (keep)
        {
            await ExecuteAsync($"alter sequence {MartenTables.Positions} increment by 1");
            var top = events[^1].Event.Sequence;
            if (await LastAsync() < events[0].Event.Sequence)
            {
                // The last position is drawn, as by an append: Marten takes one that is only to come for lost.
                await ExecuteAsync($"alter sequence {MartenTables.Positions} restart with {top}");
                await ExecuteAsync($"select nextval('{MartenTables.Positions}')");
                await ExecuteAsync(
                    $"""
                    insert into {MartenTables.Progress} as known (name, {MartenTables.ReachedPosition})
                    values ('HighWaterMark', {top})
                        on conflict (name) do update
                       set {MartenTables.ReachedPosition} = greatest(known.{MartenTables.ReachedPosition}, {top})
                    """
                );
                return;
            }
        }

        await using var command = new NpgsqlCommand(
            $"select nextval('{MartenTables.Positions}') from generate_series(1, $1)",
            connection
        );
        command.Parameters.Add(new NpgsqlParameter { Value = events.Count });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        foreach (var past in events)
        {
            await reader.ReadAsync(cancellation);
            past.Event.Sequence = reader.GetInt64(0);
        }

        async Task ExecuteAsync(string sql)
        {
            await using var one = new NpgsqlCommand(sql, connection);
            await one.ExecuteNonQueryAsync(cancellation);
        }

        async Task<long> LastAsync()
        {
            await using var one = new NpgsqlCommand(
                $"select case when is_called then last_value else last_value - 1 end from {MartenTables.Positions}",
                connection
            );
            return (long)(await one.ExecuteScalarAsync(cancellation))!;
        }
    }

    public static async Task CopyStreamsAsync(
        NpgsqlConnection connection,
        List<PastEvent> events,
        Dictionary<Guid, long> versions,
        CancellationToken cancellation
    )
    {
        var streams = events.GroupBy(past => past.Event.StreamId).ToList();
        foreach (var grown in streams.Where(stream => versions.ContainsKey(stream.Key)))
        {
            await using var command = new NpgsqlCommand(
                $"update {MartenTables.Streams} set version = $2, timestamp = $3 where id = $1 and version = $4",
                connection
            );
            command.Parameters.Add(new NpgsqlParameter { Value = grown.Key });
            command.Parameters.Add(new NpgsqlParameter { Value = grown.Last().Event.Version });
            command.Parameters.Add(new NpgsqlParameter { Value = grown.Last().Event.Timestamp });
            command.Parameters.Add(new NpgsqlParameter { Value = versions[grown.Key] });
            if (await command.ExecuteNonQueryAsync(cancellation) != 1)
            {
                throw new InvalidOperationException($"Somebody wrote to stream {grown.Key} meanwhile: import again.");
            }
        }

        await using var writer = await connection.BeginBinaryImportAsync(
            $"copy {MartenTables.Streams} (id, type, version, created, timestamp) from stdin (format binary)",
            cancellation
        );
        foreach (var started in streams.Where(stream => !versions.ContainsKey(stream.Key)))
        {
            await writer.StartRowAsync(cancellation);
            await writer.WriteAsync(started.Key, NpgsqlDbType.Uuid, cancellation);
            await writer.WriteAsync(started.First().Kind, NpgsqlDbType.Varchar, cancellation);
            await writer.WriteAsync(started.Last().Event.Version, NpgsqlDbType.Bigint, cancellation);
            await writer.WriteAsync(started.First().Event.Timestamp, NpgsqlDbType.TimestampTz, cancellation);
            await writer.WriteAsync(started.Last().Event.Timestamp, NpgsqlDbType.TimestampTz, cancellation);
        }

        await writer.CompleteAsync(cancellation);
    }

    public static async Task CopyEventsAsync(
        NpgsqlConnection connection,
        List<PastEvent> events,
        CancellationToken cancellation
    )
    {
        await using var writer = await connection.BeginBinaryImportAsync(
            $"copy {MartenTables.EventTable} ({MartenTables.EventColumns}) from stdin (format binary)",
            cancellation
        );
        foreach (var (e, _, data, headers, _, _) in events)
        {
            await writer.StartRowAsync(cancellation);
            await writer.WriteAsync(e.Sequence, NpgsqlDbType.Bigint, cancellation);
            await writer.WriteAsync(e.Id, NpgsqlDbType.Uuid, cancellation);
            await writer.WriteAsync(e.StreamId, NpgsqlDbType.Uuid, cancellation);
            await writer.WriteAsync(e.Version, NpgsqlDbType.Bigint, cancellation);
            await writer.WriteAsync(data, NpgsqlDbType.Jsonb, cancellation);
            await WriteAsync(e.EventTypeName);
            await writer.WriteAsync(e.Timestamp, NpgsqlDbType.TimestampTz, cancellation);
            await WriteAsync(e.DotNetTypeName);
            await WriteAsync(e.CorrelationId);
            await WriteAsync(e.CausationId);
            await (
                headers is null
                    ? writer.WriteNullAsync(cancellation)
                    : writer.WriteAsync(headers, NpgsqlDbType.Jsonb, cancellation)
            );
            await WriteAsync(e.UserName);
        }

        await writer.CompleteAsync(cancellation);

        Task WriteAsync(string? text) =>
            text is null
                ? writer.WriteNullAsync(cancellation)
                : writer.WriteAsync(text, NpgsqlDbType.Varchar, cancellation);
    }

    public static async Task<Dictionary<Guid, long>> VersionsAsync(
        NpgsqlConnection connection,
        IReadOnlyList<PastEvent> events,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(
            $"select id, version from {MartenTables.Streams} where id = any($1)",
            connection
        );
        command.Parameters.Add(
            new NpgsqlParameter { Value = events.Select(past => past.Event.StreamId).Distinct().ToArray() }
        );
        var versions = new Dictionary<Guid, long>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            versions[reader.GetGuid(0)] = reader.GetInt64(1);
        }

        return versions;
    }

    /// <summary>What an event says besides the words that were taken out of it.</summary>
    private static string Unmasked(string row) => $"{row}.data - 'body' - 'mask'";

    /// <summary>What is stored as the events' versions: its id, and its data where the event has other data.</summary>
    public static async Task<Dictionary<(Guid, long), (Guid Id, string? OtherData)>> StoredAsync(
        NpgsqlConnection connection,
        IReadOnlyList<PastEvent> events,
        Dictionary<Guid, long> versions,
        CancellationToken cancellation
    )
    {
        var maybe = events
            .Where(past => past.Event.Version <= versions.GetValueOrDefault(past.Event.StreamId))
            .ToList();
        var stored = new Dictionary<(Guid, long), (Guid, string?)>();
        if (maybe.Count == 0)
        {
            return stored;
        }

        await using var command = new NpgsqlCommand(
            $"""
            select e.stream_id, e.version, e.id, case when e.data <> n.data and (not e.data ? 'mask' or {Unmasked(
                "e"
            )} <> {Unmasked("n")}) then e.data::text end
              from unnest($1, $2, $3) as n(stream_id, version, data)
              join {MartenTables.Events} e on e.stream_id = n.stream_id and e.version = n.version
            """,
            connection
        );
        command.Parameters.Add(new NpgsqlParameter { Value = maybe.Select(past => past.Event.StreamId).ToArray() });
        command.Parameters.Add(new NpgsqlParameter { Value = maybe.Select(past => past.Event.Version).ToArray() });
        command.Parameters.Add(
            new NpgsqlParameter
            {
                Value = maybe.Select(past => past.Data).ToArray(),
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb,
            }
        );
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            stored[(reader.GetGuid(0), reader.GetInt64(1))] = (
                reader.GetGuid(2),
                await reader.IsDBNullAsync(3, cancellation) ? null : reader.GetString(3)
            );
        }

        return stored;
    }
}
