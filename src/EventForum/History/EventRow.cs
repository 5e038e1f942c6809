using EventForum.Platform;
using Npgsql;

namespace EventForum.History;

/// <summary>An event's row.</summary>
internal sealed record EventRow(
    long Position,
    Guid StreamId,
    string? StreamType,
    long Version,
    DateTimeOffset At,
    string? UserName,
    string Type,
    string Json,
    string? CorrelationId,
    string? CausationId
)
{
    /// <summary>What an <see cref="EventRow"/> is read from: <see cref="MartenTables.Events"/> e.</summary>
    public const string Columns =
        "e.position, e.stream_id, e.version, e.timestamp, e.user_name, e.type, e.data, e.correlation_id, e.causation_id";

    /// <param name="streamType">The type of every row's stream; null when it is the last column.</param>
    public static async Task<List<EventRow>> ReadAsync(
        NpgsqlCommand command,
        string? streamType,
        CancellationToken cancellation
    )
    {
        var rows = new List<EventRow>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(
                new EventRow(
                    reader.GetInt64(0),
                    reader.GetGuid(1),
                    streamType ?? Text(9),
                    reader.GetInt64(2),
                    reader.GetFieldValue<DateTimeOffset>(3),
                    Text(4),
                    reader.GetString(5),
                    reader.GetString(6),
                    Text(7),
                    Text(8)
                )
            );
        }

        return rows;

        string? Text(int i) => reader.IsDBNull(i) ? null : reader.GetString(i);
    }
}
