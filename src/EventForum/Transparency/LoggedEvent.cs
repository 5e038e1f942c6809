using System.Text.Json;
using EventForum.Platform;
using Npgsql;

namespace EventForum.Transparency;

/// <summary>An event with all that the log says of it.</summary>
internal sealed record LoggedEvent(
    long Position,
    Guid Id,
    Guid StreamId,
    long Version,
    string Type,
    DateTimeOffset At,
    string? Actor,
    string? Causation,
    string? Correlation,
    string Data,
    string? Headers
)
{
    /// <summary>What it is read from: <see cref="MartenTables.Events"/> e.</summary>
    public const string Columns = """
        e.position, e.id, e.stream_id, e.version, e.type, e.timestamp, e.user_name, e.causation_id, e.correlation_id,
        e.data::text, e.headers::text
        """;

    public static LoggedEvent Read(NpgsqlDataReader reader)
    {
        return new LoggedEvent(
            reader.GetInt64(0),
            reader.GetGuid(1),
            reader.GetGuid(2),
            reader.GetInt64(3),
            reader.GetString(4),
            reader.GetFieldValue<DateTimeOffset>(5),
            Text(6),
            Text(7),
            Text(8),
            reader.GetString(9),
            Text(10)
        );

        string? Text(int i) => reader.IsDBNull(i) ? null : reader.GetString(i);
    }

    /// <summary>
    /// What stands in the clear in its record: what the feed says to everybody for whom the event exists.
    /// </summary>
    public IEnumerable<KeyValuePair<string, object>> Clear() =>
        [
            new("id", Id.ToString()),
            new("stream", StreamId.ToString()),
            new(
                "time",
                At.UtcDateTime.ToString(
                    "yyyy-MM-ddTHH:mm:ss.ffffffZ",
                    System.Globalization.CultureInfo.InvariantCulture
                )
            ),
            new("type", Type),
            new("version", Version),
        ];

    /// <summary>All else that it says, by path, each to be committed by itself. An array is one value, so that it can be masked as one.</summary>
    public IEnumerable<(string Path, JsonElement Value)> Values()
    {
        foreach (var (path, text) in new[] { ("actor", Actor), ("causation", Causation), ("correlation", Correlation) })
        {
            if (text is not null)
            {
                yield return (path, JsonSerializer.SerializeToElement(text));
            }
        }

        foreach (var value in Flat("data", JsonElement.Parse(Data)))
        {
            yield return value;
        }

        foreach (var value in Headers is null ? [] : Flat("headers", JsonElement.Parse(Headers)))
        {
            yield return value;
        }
    }

    public static IEnumerable<(string Path, JsonElement Value)> Flat(string path, JsonElement value, bool isRoot = true)
    {
        if (value.ValueKind != JsonValueKind.Object || (!isRoot && !value.EnumerateObject().MoveNext()))
        {
            return [(path, value)];
        }

        // A name that holds a point must not be taken for two.
        return value
            .EnumerateObject()
            .SelectMany(member =>
                Flat(
                    $"{path}.{member.Name.Replace("~", "~0", StringComparison.Ordinal).Replace(".", "~1", StringComparison.Ordinal)}",
                    member.Value,
                    isRoot: false
                )
            );
    }
}
