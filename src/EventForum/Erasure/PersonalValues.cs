using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;

namespace EventForum.Erasure;

/// <summary>A stored event, as far as it may hold something of a person.</summary>
internal sealed record HeldEvent(
    long Position,
    Guid StreamId,
    string Type,
    string Data,
    string? Headers,
    string? Actor
);

/// <summary>An event without what it held of a person.</summary>
/// <param name="PostId">The post that it is about, by the member of that name; null where it is about none.</param>
/// <param name="Forgotten">The values that it lost, as <see cref="EventSalts"/> names them.</param>
internal sealed record ErasedEvent(
    HeldEvent Event,
    string Data,
    string? Headers,
    Guid? PostId,
    IReadOnlyList<string> Forgotten
)
{
    public static ErasedEvent Of(
        HeldEvent e,
        JsonObject data,
        IReadOnlyList<string> forgotten,
        string? headers = null
    ) =>
        new(
            e,
            data.ToJsonString(),
            headers ?? e.Headers,
            Guid.TryParse(data["postId"]?.ToString(), out var post) ? post : null,
            forgotten
        );

    /// <summary>Whether it is another event for who folds it: what a source said of it is read by nobody else.</summary>
    public bool HasLostData => Forgotten.Any(path => path.StartsWith("data.", StringComparison.Ordinal));
}

/// <summary>
/// Takes a person out of events that are shown to it in their order. Pure. What a person wrote is what stands in their events
/// under a name of <see cref="Words"/>, what others wrote into the person's own posts, and what others repeated of it in the same stream: an
/// undo gives a thread back the title that it had.
/// </summary>
internal sealed class PersonalValues(Guid member, ErasureScope scope, int number)
{
    /// <summary>The members of events that hold what people write.</summary>
    public static readonly FrozenSet<string> Words = FrozenSet.Create(
        StringComparer.Ordinal,
        "body",
        "title",
        "reason",
        "text",
        "explanation",
        "message"
    );

    /// <summary>Members of that name that hold no words of who did it: keys, and what is said of somebody for the forum.</summary>
    public static readonly FrozenSet<string> Facts = FrozenSet.Create(
        StringComparer.Ordinal,
        "post_reported.reason",
        "case_resolved.reason",
        "title_granted.title",
        "member_erased.reason"
    );

    /// <summary>Members of events that hold who put a hold or a sanction there, and why.</summary>
    public static readonly string[] Held = ["moderators", "authors", "suspension", "silence"];

    private readonly HashSet<string> posts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> revisions = new(StringComparer.Ordinal);
    private readonly HashSet<(string Post, int Revision)> own = [];
    private readonly HashSet<(Guid Stream, string Text)> written = [];

    public static string Name(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{MemberErased.Called}{number}");

    /// <summary>The number of a member who has been erased; null for somebody, by whatever name an import brought them.</summary>
    public static int? NumberOf(Member member) =>
        IsErased(member.Subject)
            ? int.Parse(member.Subject.AsSpan(EventSalts.ErasedSubject.Length), CultureInfo.InvariantCulture)
            : null;

    private static bool IsErased(string subject) =>
        subject.StartsWith(EventSalts.ErasedSubject, StringComparison.Ordinal);

    /// <summary>The event without the person; null where nothing of the person is in it.</summary>
    public ErasedEvent? Of(HeldEvent e)
    {
        var data = JsonNode.Parse(e.Data)!.AsObject();
        var headers = e.Headers is null ? null : JsonNode.Parse(e.Headers) as JsonObject;
        var forgotten = new List<string>();
        var isOwn = e.Actor == member.ToString();
        if (e.Type == "member_registered" && e.StreamId == member && !IsErased($"{data["subject"]}"))
        {
            Set(data, "name", Name(number));
            Set(data, "subject", string.Create(CultureInfo.InvariantCulture, $"{EventSalts.ErasedSubject}{number}"));
            forgotten.AddRange(["data.name", "data.subject"]);
        }

        if (isOwn && headers?["import"] is JsonObject import)
        {
            Empty(import, "headers.import", forgotten);
        }

        if (scope == ErasureScope.NameAndWords)
        {
            TakeWords(e, data, isOwn, forgotten);
        }

        return forgotten.Count == 0 ? null : ErasedEvent.Of(e, data, forgotten, headers?.ToJsonString());
    }

    private void TakeWords(HeldEvent e, JsonObject data, bool isOwn, List<string> forgotten)
    {
        var post = data["postId"]?.ToString() ?? "";
        if (isOwn && e.Type is ("thread_started" or "reply_posted"))
        {
            posts.Add(post);
        }

        var isOwnBody = data.ContainsKey("body") && IsOwnRevision(post, data, isOwn);

        foreach (var word in Words)
        {
            if (
                data[word] is not JsonValue value
                || value.GetValueKind() != JsonValueKind.String
                || value.ToString() is not { Length: > 0 } text
                || text == Instead(word)
                || text == EventSalts.ExpiredText
                || Facts.Contains($"{e.Type}.{word}")
            )
            {
                continue;
            }

            if (word == "body" ? isOwnBody : isOwn || written.Contains((e.StreamId, text)))
            {
                Set(data, word, Instead(word));
                forgotten.Add("data." + word);
                if (word != "body")
                {
                    written.Add((e.StreamId, text));
                }
                else
                {
                    data["mask"] = JsonSerializer.SerializeToNode(
                        new Mask(Masking.Erased, PlainLine.Length(text)),
                        JsonSerializerOptions.Web
                    );
                }
            }
        }

        // What holds or sanctions a moderator set is told again where they come back.
        foreach (var name in Held)
        {
            if (
                data[name] is JsonObject held
                && held["by"]?.ToString() == member.ToString()
                && held["reason"]?.ToString()
                    is { Length: > 0 }
                        and not (EventSalts.ErasedText or EventSalts.ExpiredText)
            )
            {
                Set(held, "reason", EventSalts.ErasedText);
                forgotten.Add($"data.{name}.reason");
            }
        }
    }

    /// <summary>Whether a revision has the person's words: written by the person, in a post of the person's, or taken back to one that was.</summary>
    private bool IsOwnRevision(string post, JsonObject data, bool isOwn)
    {
        var revision = revisions[post] = revisions.GetValueOrDefault(post) + 1;
        var has =
            isOwn
            || posts.Contains(post)
            || (data["revertsTo"]?.GetValue<int>() is { } earlier && own.Contains((post, earlier)));
        if (has)
        {
            own.Add((post, revision));
        }

        return has;
    }

    /// <summary>What a source said of an event: its numbers stay, its texts go.</summary>
    private static void Empty(JsonObject facts, string path, List<string> forgotten)
    {
        foreach (var (name, value) in facts.ToList())
        {
            var here =
                $"{path}.{name.Replace("~", "~0", StringComparison.Ordinal).Replace(".", "~1", StringComparison.Ordinal)}";
            if (value is JsonObject inner)
            {
                Empty(inner, here, forgotten);
            }
            else if (value is JsonArray { Count: > 0 })
            {
                facts[name] = new JsonArray();
                forgotten.Add(here);
            }
            else if (value?.GetValueKind() == JsonValueKind.String && value.ToString().Length > 0)
            {
                facts[name] = "";
                forgotten.Add(here);
            }
        }
    }

    /// <summary>What stands there then: what a text of that name must be at least.</summary>
    private static string Instead(string word) =>
        word switch
        {
            "body" => "",
            "title" => EventSalts.ErasedTitle,
            _ => EventSalts.ErasedText,
        };

    private static void Set(JsonObject of, string name, string value) => of[name] = value;
}
