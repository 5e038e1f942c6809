using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using EventForum.Threads.Quoting;

namespace EventForum.Exchange;

/// <summary>A quote block of a post, as its source lists them.</summary>
/// <param name="Post">The earlier post that it was found in.</param>
internal sealed record SourceQuote(string? Author, string? Post);

/// <summary>A line of a file of discussions: a post, a revision of one, or what a moderator did.</summary>
internal sealed partial class SourceLine
{
    /// <summary>Of a property that stands twice nobody can tell which one is meant.</summary>
    public static readonly JsonDocumentOptions Once = new() { AllowDuplicateProperties = false };

    private readonly byte[] utf8;
    private readonly JsonElement root;
    private string? body;

    private SourceLine(string file, int number, byte[] utf8, JsonElement root)
    {
        File = file;
        Number = number;
        this.utf8 = utf8;
        this.root = root;
        Source = Required("source");
        Thread = Required("thread");
        Act = Text("event");
        Post = Act is null ? Required("post") : Text("post") ?? "";
        Author = Act is null ? Required("author") : Text("actor") ?? "";
        AuthorKey = Text("author_id", "actor_id") ?? Author;
        At = Time(Required("posted_at", "at"));
        if (Act is null && Find("body", "text") is null)
        {
            throw Lacks("body", "text");
        }

        Format = Text("format") is not { } format
            ? null
            : PostFormats.Find(format)
                ?? throw new FormatException($"{format} is no format: it is markdown, bbcode, mail or text.");
        _ = EditedAt;
    }

    /// <summary>The name of the file that it is in.</summary>
    public string File { get; }

    /// <summary>Counted from 1.</summary>
    public int Number { get; }

    public string Raw => Encoding.UTF8.GetString(utf8);

    public string Source { get; }

    public string Thread { get; }

    /// <summary>Empty for an act on the thread.</summary>
    public string Post { get; }

    /// <summary>Empty for an act of nobody who is known.</summary>
    public string Author { get; }

    /// <summary>What a moderator did; null for what somebody wrote.</summary>
    public string? Act { get; }

    /// <summary>What tells authors of one source apart: an id where the source has one, else the name.</summary>
    public string AuthorKey { get; }

    public DateTimeOffset At { get; }

    /// <summary>Read when it is asked for first: who surveys a file needs none.</summary>
    public string Body => body ??= Act is null ? Required("body", "text") : "";

    /// <summary>How the body is written; null where the line does not say.</summary>
    public PostFormat? Format { get; }

    public string? Title => Text("thread_title") ?? Text("title");

    public string? Section => Text("section");

    /// <summary>The post that it answers.</summary>
    public string? Parent => Text("parent");

    public string? DisplayName => Text("display_name");

    public string? Comment => Text("comment");

    /// <summary>When its text was last changed, where the source says that but not what the text was before.</summary>
    public DateTimeOffset? EditedAt => Text("edited_at") is { } text ? Time(text) : null;

    public string? EditedBy => Text("edited_by");

    /// <summary>What tells that author apart, where the source has an id.</summary>
    public string? EditedByKey => Text("edited_by_id");

    public string? EditReason => Text("edit_reason");

    public int EditCount => Integer("edit_count") ?? 1;

    /// <summary>The number of a post in its source's thread.</summary>
    public int? PostNumber => Integer("post_number");

    /// <summary>The number of a revision, from 1.</summary>
    public int? Revision => Integer("revision");

    /// <summary>Something that no text in PostgreSQL can hold stood in the line; it reads as U+FFFD.</summary>
    public bool HadNoCharacter { get; private init; }

    public IEnumerable<SourceQuote> Quotes =>
        root.TryGetProperty("quotes", out var quotes) && quotes.ValueKind == JsonValueKind.Array
            ? quotes.EnumerateArray().Select(quote => new SourceQuote(Text(quote, "author"), Text(quote, "post")))
            : [];

    /// <summary>Everything that the line says beside its text.</summary>
    public Dictionary<string, object> Facts()
    {
        var facts = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var property in root.EnumerateObject())
        {
            if (
                property.Name is not ("body" or "text" or "thread_title")
                && property.Value.ValueKind != JsonValueKind.Null
            )
            {
                facts[property.Name] = property.Value;
            }
        }

        return facts;
    }

    /// <summary>Null, and what is wrong, when the line cannot be read.</summary>
    public static SourceLine? Read(string file, int number, byte[] utf8, out string? flaw)
    {
        flaw = null;
        try
        {
            var clean = utf8.AsSpan().IndexOf(@"\u"u8) >= 0 ? WithoutNoCharacters(utf8) : utf8;
            StrictJson.ThrowIfNotKept(clean);
            return new SourceLine(file, number, utf8, JsonElement.Parse(clean, Once))
            {
                HadNoCharacter = clean.AsSpan().IndexOf("\uFFFD"u8) >= 0 || !clean.AsSpan().SequenceEqual(utf8),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            flaw = e.Message;
            return null;
        }
    }

    private static byte[] WithoutNoCharacters(byte[] utf8) =>
        Encoding.UTF8.GetBytes(
            Escape.Replace(
                Encoding.UTF8.GetString(utf8),
                escape => escape.Groups["none"].Success ? @"\ufffd" : escape.Value
            )
        );

    /// <param name="names">What it is called in a post, then in a revision.</param>
    private string Required(params ReadOnlySpan<string> names) => Text(names) ?? throw Lacks(names);

    private static FormatException Lacks(params ReadOnlySpan<string> names) =>
        new($"The line has no {string.Join(" or ", names)}.");

    private string? Text(params ReadOnlySpan<string> names) => Find(names)?.GetString();

    private JsonElement? Find(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Find(root, name) is { } text)
            {
                return text;
            }
        }

        return null;
    }

    private static string? Text(JsonElement element, string name) => Find(element, name)?.GetString();

    private static JsonElement? Find(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value : null;

    private int? Integer(string name) =>
        root.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt32(out var n)
            ? n
            : null;

    /// <summary>In microseconds, which is what PostgreSQL keeps.</summary>
    private static DateTimeOffset Time(string text)
    {
        if (!Date.IsMatch(text))
        {
            throw new FormatException($"{text} is no time as in 2001-02-03T04:05:06Z.");
        }

        var time = PastEvents.Plausible(
            DateTimeOffset.Parse(
                text,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal
            )
        );
        return time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    /// <summary>An escape of JSON; <c>none</c> is one that stands for no character: a NUL, or half a surrogate pair.</summary>
    [GeneratedRegex(
        @"\\(u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<none>u0000|u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Escape { get; }

    [GeneratedRegex(
        @"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}|$)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Date { get; }
}
