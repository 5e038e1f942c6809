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

    /// <param name="first">The first of the columns.</param>
    public static LoggedEvent Read(NpgsqlDataReader reader, int first = 0)
    {
        return new LoggedEvent(
            reader.GetInt64(first),
            reader.GetGuid(first + 1),
            reader.GetGuid(first + 2),
            reader.GetInt64(first + 3),
            reader.GetString(first + 4),
            reader.GetFieldValue<DateTimeOffset>(first + 5),
            Text(6),
            Text(7),
            Text(8),
            reader.GetString(first + 9),
            Text(10)
        );

        string? Text(int i) => reader.IsDBNull(first + i) ? null : reader.GetString(first + i);
    }

    /// <summary>
    /// What stands in the clear in its record: what the feed says to everybody for whom the event exists.
    /// </summary>
    public List<KeyValuePair<string, object>> Clear() =>
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
    /// <param name="data">The data, parsed.</param>
    /// <param name="headers">The headers, parsed; null where there are none.</param>
    public List<(string Path, JsonElement Value)> Values(JsonDocument data, JsonDocument? headers)
    {
        var values = new List<(string, JsonElement)>();
        foreach (var (path, text) in new[] { ("actor", Actor), ("causation", Causation), ("correlation", Correlation) })
        {
            if (text is not null)
            {
                values.Add((path, JsonSerializer.SerializeToElement(text)));
            }
        }

        values.AddRange(Flat("data", data.RootElement));
        if (headers is not null)
        {
            values.AddRange(Flat("headers", headers.RootElement));
        }

        return values;
    }

    public static List<(string Path, JsonElement Value)> Flat(string path, JsonElement value)
    {
        var values = new List<(string, JsonElement)>();
        if (value.ValueKind == JsonValueKind.Object)
        {
            AddMembers(path, value, values);
        }
        else
        {
            values.Add((path, value));
        }

        return values;
    }

    private static void AddMembers(string path, JsonElement of, List<(string Path, JsonElement Value)> values)
    {
        foreach (var member in of.EnumerateObject())
        {
            // A name that holds a point must not be taken for two.
            var name = member
                .Name.Replace("~", "~0", StringComparison.Ordinal)
                .Replace(".", "~1", StringComparison.Ordinal);
            if (member.Value.ValueKind == JsonValueKind.Object && member.Value.EnumerateObject().MoveNext())
            {
                AddMembers($"{path}.{name}", member.Value, values);
            }
            else
            {
                values.Add(($"{path}.{name}", member.Value));
            }
        }
    }
}
