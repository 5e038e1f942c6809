using System.Text.Json;
using CsCheck;

namespace EventForum.Tests.Threads.Quoting;

/// <summary>Texts that people, and worse, may write.</summary>
internal static class Bodies
{
    private static readonly string[] Marks =
    [
        .. (string[])["[quote]", "[quote=\"ann\"]", "[QUOTE=bob, post:3]", "[/quote]", "[code]", "[/code]"],
        .. (string[])["[b]", "[/b]", "[url=x]", "[/url]", "```", "~~~", "`", "``", "\\", "[", "](", "*", "**", "_"],
        .. (string[])["~~", "|", "> ", "- ", "1. ", "    ", "\t", "#", "---", "<", "&lt;", "\n", "\n", "\n\n", "\n\n"],
        .. (string[])[" ", " ", "\u00a0", "word", "ann", "two words", "Übermut", "😀", "e\u0301", "日本語", "x > y"],
    ];

    /// <summary>Mark-up in every wrong order.</summary>
    public static readonly Gen<string> Any = Gen.Int[0, Marks.Length - 1]
        .Select(i => Marks[i])
        .Array[0, 40]
        .Select(string.Concat);

    /// <summary>A stored body: normalised.</summary>
    public static readonly Gen<string> Stored = Any.Select(EventForum.Threads.Quoting.PostBody.Normalise);

    /// <summary>The texts of the shared collection; none where that is not at hand.</summary>
    public static readonly IReadOnlyList<string> Hostile = [.. ReadHostile()];

    public static string Times(this string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    private static IEnumerable<string> ReadHostile()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "shared", "data", "hostile-strings.jsonl");
            if (File.Exists(file))
                return File.ReadLines(file).Select(Text).OfType<string>();
        }

        return [];
    }

    private static string? Text(string line)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.TryGetProperty("text", out var text) ? text.GetString() : null;
    }
}
