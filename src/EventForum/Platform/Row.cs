using System.Text.Json;

namespace EventForum.Platform;

/// <summary>A row of a table as <c>to_jsonb</c> gives it, read as the record whose properties are its columns.</summary>
internal static class Row
{
    private static readonly JsonSerializerOptions Names = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Names)!;
}
