using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EventForum.Exchange;

/// <summary>An event as a line of an export: everything that the store holds of it.</summary>
/// <param name="StreamKind">forum_thread, board, member: as the store names what the stream is the history of.</param>
/// <param name="Time">In UTC, to the microsecond.</param>
/// <param name="Actor">The id of the member who did it.</param>
internal sealed record ExportedEvent(
    Guid Id,
    string StreamKind,
    Guid StreamId,
    long Version,
    long Position,
    string Type,
    DateTimeOffset Time,
    string? Actor,
    string? Correlation,
    string? Causation,
    JsonElement? Headers,
    JsonElement Data
)
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>Whether a file that begins with this line is an export.</summary>
    public static bool IsOne(string line)
    {
        try
        {
            return JsonElement.Parse(line) is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("position", out _)
                && root.TryGetProperty("stream", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <exception cref="FormatException">The line is no exported event.</exception>
    public static ExportedEvent Read(string line)
    {
        try
        {
            StrictJson.ThrowIfNotKept(Encoding.UTF8.GetBytes(line));
            var root = JsonElement.Parse(line, SourceLine.Once);
            var stream = root.GetProperty("stream");
            return new ExportedEvent(
                root.GetProperty("id").GetGuid(),
                Required(stream, "kind"),
                stream.GetProperty("id").GetGuid(),
                root.GetProperty("version").GetInt64(),
                root.GetProperty("position").GetInt64(),
                Required(root, "type"),
                PastEvents.Plausible(
                    DateTimeOffset.ParseExact(
                        Required(root, "time"),
                        TimeFormat,
                        CultureInfo.InvariantCulture,
                        DateTimeStyles.AssumeUniversal
                    )
                ),
                Text("actor"),
                Text("correlation"),
                Text("causation"),
                root.TryGetProperty("headers", out var headers) && headers.ValueKind != JsonValueKind.Null
                    ? headers
                    : null,
                root.GetProperty("data")
            );

            static string Required(JsonElement element, string name) =>
                element.GetProperty(name).GetString() ?? throw new FormatException($"Its {name} is null.");

            string? Text(string name) => root.TryGetProperty(name, out var value) ? value.GetString() : null;
        }
        catch (JsonException e)
        {
            throw new FormatException(e.Message, e);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException("It is no event of an export.", e);
        }
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id", Id);
        json.WriteStartObject("stream");
        json.WriteString("kind", StreamKind);
        json.WriteString("id", StreamId);
        json.WriteEndObject();
        json.WriteNumber("version", Version);
        json.WriteNumber("position", Position);
        json.WriteString("type", Type);
        json.WriteString("time", Time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));
        WriteText("actor", Actor);
        WriteText("correlation", Correlation);
        WriteText("causation", Causation);
        if (Headers is { } headers)
        {
            json.WritePropertyName("headers");
            headers.WriteTo(json);
        }

        json.WritePropertyName("data");
        Data.WriteTo(json);
        json.WriteEndObject();

        void WriteText(string name, string? value)
        {
            if (value is not null)
            {
                json.WriteString(name, value);
            }
        }
    }
}
