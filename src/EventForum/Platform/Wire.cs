using System.Text.Encodings.Web;
using System.Text.Json;

namespace EventForum.Platform;

/// <summary>JSON as it goes over the wire: camelCase, and readable in a terminal. It is never put into a page.</summary>
public static class Wire
{
    public static JsonSerializerOptions Json { get; } =
        new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
