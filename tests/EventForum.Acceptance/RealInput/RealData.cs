using System.Globalization;
using System.Text.Json;

namespace EventForum.Acceptance.RealInput;

/// <summary>
/// Real discussions beside the repository, in <c>../shared/data</c>. They are not ours to copy: tests read them where
/// they are, and are skipped where they are not.
/// </summary>
internal static class RealData
{
    private static readonly Lock Gate = new();
    private static readonly SortedDictionary<string, IReadOnlyList<string>> Measured = new(StringComparer.Ordinal);

    private static readonly string Repository = FindRepository();

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public static bool Has(string file) => File.Exists(PathOf(file));

    public static string PathOf(string file) => Path.GetFullPath(Path.Combine(Repository, "../shared/data", file));

    /// <summary>Ends the test as skipped when the file is not on this machine.</summary>
    public static string Require(string file)
    {
        Assert.SkipUnless(Has(file), $"The real input {PathOf(file)} is not on this machine.");
        return PathOf(file);
    }

    public static IReadOnlyList<T> Read<T>(string file) =>
        [.. File.ReadLines(PathOf(file)).Select(line => JsonSerializer.Deserialize<T>(line, Json)!)];

    /// <summary>Shows what was measured with the test, and keeps it in artifacts/real-input.txt.</summary>
    public static void Report(string what, params FormattableString[] lines)
    {
        var texts = lines.Select(line => line.ToString(CultureInfo.InvariantCulture)).ToList();
        texts.ForEach(line => TestContext.Current.TestOutputHelper?.WriteLine(line));
        lock (Gate)
        {
            Measured[what] = texts;
            File.WriteAllLines(
                Path.Combine(Repository, "artifacts", "real-input.txt"),
                Measured.SelectMany(part => (string[])[$"== {part.Key}", .. part.Value, ""])
            );
        }
    }

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "EventForum.sln")))
        {
            folder =
                folder.Parent
                ?? throw new InvalidOperationException(
                    $"{AppContext.BaseDirectory} is not inside EventForum's repository."
                );
        }

        return folder.FullName;
    }
}
