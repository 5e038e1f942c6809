using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EventForum.Questions.Policies;

/// <summary>Reads a policy from JSON. What is wrong is said with the line or the field where it stands.</summary>
internal static class PolicyFile
{
    private const int MaxWords = 1_000;

    /// <summary>PostgreSQL's own intervals end there, and nobody's patience lasts longer.</summary>
    private const double MaxMinutes = 60 * 24 * 366;

    private static readonly JsonDocumentOptions Json = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
    };

    /// <exception cref="QuestionRefusedException">It cannot be read, or is no policy.</exception>
    public static async Task<Policy> ReadAsync(string path, CancellationToken cancellation)
    {
        string text;
        try
        {
            text = await File.ReadAllTextAsync(path, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new QuestionRefusedException($"The policy cannot be read: {e.Message}", e);
        }

        return Parse(text, Path.GetFileName(path));
    }

    /// <param name="name">What the file is called.</param>
    public static Policy Parse(string text, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Json);
            var root = Fields(document.RootElement, "the file", "words", "patterns", "rate", "links");
            var words = Words(root.GetValueOrDefault("words"), root.GetValueOrDefault("patterns"));
            var policy = new Policy(
                words,
                Rate(root.GetValueOrDefault("rate")),
                Links(root.GetValueOrDefault("links"))
            );
            return policy is { Words: null, Rate: null, LinksBefore: null }
                ? throw new FormatException("it has no rule: give it \"words\", \"patterns\", \"rate\" or \"links\".")
                : policy;
        }
        catch (JsonException e)
        {
            throw new QuestionRefusedException(
                e.LineNumber is { } line
                    ? $"Line {line + 1} of {name} is not JSON, at character {e.BytePositionInLine + 1}: {Plain(e)}"
                    : $"{name} is not JSON: {Plain(e)}",
                e
            );
        }
        catch (FormatException e)
        {
            throw new QuestionRefusedException($"{name} is no policy: {e.Message}", e);
        }
    }

    /// <summary>The parser's words without where, which it counts from 0.</summary>
    private static string Plain(JsonException e) =>
        e.Message.Split(" LineNumber:", 2)[0].Split(" Path:", 2)[0].TrimEnd('.') + ".";

    private static Dictionary<string, JsonElement> Fields(JsonElement element, string where, params string[] known)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException(
                $"{where} must be an object with {string.Join(", ", known.Select(field => $"\"{field}\""))}."
            );
        }

        var fields = element.EnumerateObject().ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal);
        return fields.Keys.FirstOrDefault(field => !known.Contains(field, StringComparer.Ordinal)) is { } unknown
            ? throw new FormatException(
                $"there is no \"{unknown}\" in {where}; there are {string.Join(", ", known.Select(field => $"\"{field}\""))}."
            )
            : fields;
    }

    private static Regex? Words(JsonElement words, JsonElement patterns)
    {
        var alternatives = Texts(words, "words")
            .Select((word, i) => OfWord(word, $"words[{i}]"))
            .Concat(Texts(patterns, "patterns").Select((pattern, i) => OfPattern(pattern, $"patterns[{i}]")))
            .ToList();
        return alternatives.Count == 0
            ? null
            : Compiled(string.Join('|', alternatives.Select(one => $"(?:{one})")), "words and patterns together");
    }

    private static IReadOnlyList<string> Texts(JsonElement list, string field)
    {
        if (list.ValueKind == JsonValueKind.Undefined)
        {
            return [];
        }

        return
            list.ValueKind == JsonValueKind.Array
            && list.GetArrayLength() is > 0 and <= MaxWords
            && list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? [.. list.EnumerateArray().Select(item => item.GetString()!)]
            : throw new FormatException($"\"{field}\" must be a list of 1 to {MaxWords:N0} texts, as [\"casino\"].");
    }

    /// <summary>A word as a whole, whatever its case; between several any white space.</summary>
    private static string OfWord(string word, string field)
    {
        var parts = word.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0)
        {
            throw new FormatException($"\"{field}\" is empty: take it out, or write the word.");
        }

        var (first, last) = (parts[0][0], parts[^1][^1]);
        return $"{(IsOfWord(first) ? @"\b" : "")}{string.Join(@"\s+", parts.Select(Regex.Escape))}{(IsOfWord(last) ? @"\b" : "")}";
    }

    private static bool IsOfWord(char c) => char.IsLetterOrDigit(c) || c == '_';

    private static string OfPattern(string pattern, string field)
    {
        if (Compiled(pattern, $"\"{field}\"").IsMatch(""))
        {
            throw new FormatException($"\"{field}\" matches a text without a character, and so every post: narrow it.");
        }

        return pattern;
    }

    /// <summary>In time linear in the text, whatever the pattern is.</summary>
    private static Regex Compiled(string pattern, string field)
    {
        try
        {
            return new Regex(
                pattern,
                RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
            );
        }
        catch (NotSupportedException e)
        {
            throw new FormatException(
                $"{field} is too large, or has what takes time without bound, such as a look-ahead or a reference back: write it without.",
                e
            );
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"{field} is no regular expression: {e.Message}", e);
        }
    }

    private static RateRule? Rate(JsonElement rate)
    {
        if (rate.ValueKind == JsonValueKind.Undefined)
        {
            return null;
        }

        var fields = Fields(rate, "\"rate\"", "posts", "minutes", "edits");
        return new RateRule(
            Count(fields, "rate", "posts"),
            Number(fields, "rate", "minutes", MaxMinutes),
            fields.GetValueOrDefault("edits").ValueKind switch
            {
                JsonValueKind.Undefined or JsonValueKind.True => true,
                JsonValueKind.False => false,
                _ => throw new FormatException("\"rate.edits\" must be true or false."),
            }
        );
    }

    private static int? Links(JsonElement links) =>
        links.ValueKind == JsonValueKind.Undefined
            ? null
            : Count(Fields(links, "\"links\"", "fewerPostsThan"), "links", "fewerPostsThan");

    private static int Count(Dictionary<string, JsonElement> fields, string rule, string field) =>
        Number(fields, rule, field, int.MaxValue) is var number && double.IsInteger(number)
            ? (int)number
            : throw new FormatException($"\"{rule}.{field}\" must be a whole number.");

    private static double Number(Dictionary<string, JsonElement> fields, string rule, string field, double most) =>
        fields.TryGetValue(field, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetDouble(out var number)
        && number > 0
        && number <= most
            ? number
            : throw new FormatException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"\"{rule}.{field}\" must be there, as a number above 0 and up to {most:N0}."
                )
            );
}
