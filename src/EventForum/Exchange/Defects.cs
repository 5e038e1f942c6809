using System.Text.Json;
using System.Text.Json.Serialization;
using EventForum.Platform;

namespace EventForum.Exchange;

/// <summary>Something of a file that could not come into the forum as it stands.</summary>
/// <param name="Line">Where in the file, counted from 1.</param>
/// <param name="Kind">What it is, one of a few words.</param>
/// <param name="Original">What stood in the file.</param>
/// <param name="Stored">What stands in the forum in its place; null where nothing does.</param>
internal sealed record Defect(
    string File,
    int Line,
    string Kind,
    string Detail,
    string? Source = null,
    string? Thread = null,
    string? Post = null,
    string? Original = null,
    string? Stored = null
);

/// <summary>The file of defects, a line each: what is not in the forum is there.</summary>
/// <param name="append">Whether to go on where another file's defects end.</param>
internal sealed class Defects(string path, bool append) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(Wire.Json)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly StreamWriter writer = new(path, append);
    private readonly SortedDictionary<string, int> counts = new(StringComparer.Ordinal);

    public string Path { get; } = path;

    public IReadOnlyDictionary<string, int> Counts => counts;

    /// <summary>How many of what kind, and where they are.</summary>
    public string Summary =>
        counts.Count == 0
            ? "no defects"
            : $"defects: {string.Join(", ", counts.Select(kind => $"{kind.Value:N0} {kind.Key}"))}; see {Path}";

    public void Add(Defect defect)
    {
        counts[defect.Kind] = counts.GetValueOrDefault(defect.Kind) + 1;
        writer.WriteLine(JsonSerializer.Serialize(defect, Json));
    }

    public void Dispose() => writer.Dispose();
}
