using System.Text.Json;
using EventForum.Platform;
using Npgsql;

namespace EventForum.Transparency;

/// <summary>Reads what is verified, some at a time, on the connection whose transaction says as of when.</summary>
internal sealed class LogRows(NpgsqlConnection connection)
{
    private const string Leaves = $"""
        select l.index, l.position, l.commitment, l.record, s.salts::text
          from {LogTables.Leaves} l left join {EventSalts.Table} s using (position)
         where l.index >= $1 order by l.index limit 2000
        """;

    private const string Events = $"""
        select {LoggedEvent.Columns} from {MartenTables.Events} e
         where e.position > $1 and e.position <= $2 order by e.position
        """;

    private const string Tiles = $"""
        select level, index, hashes from {LogTables.Tiles} join unnest($1, $2) as made(level, index) using (level, index)
        """;

    public async Task<List<StoredLeaf>> LeavesAsync(long from, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Leaves, connection);
        command.Parameters.AddWithValue(from);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var leaves = new List<StoredLeaf>();
        while (await reader.ReadAsync(cancellation))
        {
            leaves.Add(
                new StoredLeaf(
                    reader.GetInt64(0),
                    reader.GetInt64(1),
                    reader.GetFieldValue<byte[]>(2),
                    reader.GetString(3),
                    reader.IsDBNull(4) ? null : reader.GetString(4)
                )
            );
        }

        return leaves;
    }

    public async Task<Dictionary<long, LoggedEvent>> EventsAsync(long after, long to, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Events, connection);
        command.Parameters.AddWithValue(after);
        command.Parameters.AddWithValue(to);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var events = new Dictionary<long, LoggedEvent>();
        while (await reader.ReadAsync(cancellation))
        {
            var e = LoggedEvent.Read(reader);
            events.Add(e.Position, e);
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

/// <summary>A leaf with its salts, whatever has been done to them.</summary>
/// <param name="Salts">As JSON; null where there are none.</param>
internal sealed record StoredLeaf(long Index, long Position, byte[] Commitment, string Record, string? Salts)
{
    public JsonElement? Parsed()
    {
        try
        {
            return JsonElement.Parse(Record) is { ValueKind: JsonValueKind.Object } record ? record : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
