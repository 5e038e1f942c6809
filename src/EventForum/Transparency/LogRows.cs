using EventForum.Platform;
using Npgsql;

namespace EventForum.Transparency;

/// <summary>Reads what is verified beside leaves, on the connection whose transaction says as of when.</summary>
internal sealed class LogRows(NpgsqlConnection connection)
{
    private const string Inserted = $"""
        select {LoggedEvent.Columns} from {MartenTables.Events} e
         where e.position <= $1 and not exists (select from {LogTables.Leaves} l where l.position = e.position)
        """;

    private const string Tiles = $"""
        select level, index, hashes from {LogTables.Tiles} join unnest($1, $2) as made(level, index) using (level, index)
        """;

    /// <summary>The events up to a position that have no leaf.</summary>
    public async Task<List<LoggedEvent>> InsertedAsync(long upTo, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Inserted, connection) { CommandTimeout = 0 };
        command.Parameters.AddWithValue(upTo);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var events = new List<LoggedEvent>();
        while (await reader.ReadAsync(cancellation))
        {
            events.Add(LoggedEvent.Read(reader));
        }

        return events;
    }

    public async Task<Dictionary<(int Level, long Index), byte[]>> TilesAsync(
        IEnumerable<(int Level, long Index)> named,
        CancellationToken cancellation
    )
    {
        var wanted = named.ToList();
        await using var command = new NpgsqlCommand(Tiles, connection);
        command.Parameters.AddWithValue(wanted.Select(tile => tile.Level).ToArray());
        command.Parameters.AddWithValue(wanted.Select(tile => tile.Index).ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var kept = new Dictionary<(int Level, long Index), byte[]>();
        while (await reader.ReadAsync(cancellation))
        {
            kept.Add((reader.GetInt32(0), reader.GetInt64(1)), reader.GetFieldValue<byte[]>(2));
        }

        return kept;
    }
}
