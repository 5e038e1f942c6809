using System.Text.Json.Nodes;
using static EventForum.Acceptance.Exchange.Forgery;

namespace EventForum.Acceptance.Exchange;

/// <summary>An import is as strict as the commands: what could not have happened does not come in, and nothing with it.</summary>
public sealed class ForgedExportTests(ForgedExport export) : IClassFixture<ForgedExport>
{
    private const string Zeros = "00000000-0000-0000-0000-000000000000";
    private const string Nobody = "01890000-0000-7000-8000-00000000000a";
    private const string TooLong = "is one line of";
    private static readonly string Long = new('x', 100_001);

    private static readonly Forgery[] Known =
    [
        .. Envelope(),
        .. Order(),
        // What an event says.
        OfData("reply_posted", "number", 99, "comes next"),
        OfData("reply_posted", "number", 2, "comes next"),
        OfData("reply_posted", "number", "(missing)", "number"),
        OfData("reply_posted", "number", "7", "number"),
        OfData("reply_posted", "body", "(missing)", "body"),
        OfData("reply_posted", "body", null, "body"),
        OfData("reply_posted", "body", "", "1 to 100,000"),
        OfData("reply_posted", "body", Long, "1 to 100,000"),
        OfData("reply_posted", "body", "A \0 in it.", "NUL"),
        OfData("reply_posted", "format", "wiki", "format"),
        OfData("reply_posted", "format", 7, "format"),
        OfData("reply_posted", "quotes", "(missing)", "quotes"),
        OfData("reply_posted", "quotes", null, "quotes"),
        OfData("reply_posted", "quotes", new JsonArray([null]), "none"),
        OfData("reply_posted", "quotes", Quotes(102, Nobody), "101 times"),
        OfData("reply_posted", "quotes", Quotes(1, Zeros), "refers to nothing"),
        OfData("reply_posted", "quotes", Quotes(1, Nobody, revision: 0), "refers to nothing"),
        OfData("reply_posted", "quotes", Quotes(1, Nobody, start: -1), "refers to nothing"),
        OfData("reply_posted", "quotes", Quotes(1, Nobody, length: -1), "refers to nothing"),
        OfData("reply_posted", "quotes", Quotes(1, Nobody, at: 1_000), "stands nowhere"),
        Of(
            "reply_posted",
            "quotes what nobody said",
            "does not have",
            (line, lines) => line["data"]!["quotes"] = Quotes(1, FirstPost(lines), length: 5_000)
        ),
        Of(
            "reply_posted",
            "quotes a revision that never was",
            "does not have",
            (line, lines) => line["data"]!["quotes"] = Quotes(1, FirstPost(lines), revision: 9)
        ),
        OfData("reply_posted", "postId", Zeros, "zeros"),
        OfData("reply_posted", "postId", "(missing)", "postId"),
        Of(
            "reply_posted",
            "its post is another one",
            "is that of line",
            (line, lines) => line["data"]!["postId"] = FirstPost(lines)
        ),
        OfData("reply_posted", "answeredVersion", 99, "had not come to"),
        OfData("reply_posted", "answeredVersion", 0, "had not come to"),
        OfData("thread_started", "title", "no", TooLong),
        OfData("thread_started", "title", "two\nlines", TooLong),
        OfData("thread_started", "title", new string('x', 256), TooLong),
        OfData("thread_started", "boardId", Nobody, "There is no board"),
        OfData("thread_started", "boardId", Zeros, "zeros"),
        OfData("post_edited", "postId", Nobody, "has no post"),
        Of(
            "post_edited",
            "of another thread's post",
            "has no post",
            (line, lines) => line["data"]!["postId"] = OtherPost(lines)
        ),
        Of(
            "post_removed",
            "of another thread's post",
            "has no post",
            (line, lines) => line["data"]!["postId"] = OtherPost(lines)
        ),
        Of(
            "post_restored",
            "of another thread's post",
            "has no post",
            (line, lines) => line["data"]!["postId"] = OtherPost(lines)
        ),
        Of(
            "post_restored",
            "of a post that stands",
            "not removed",
            (line, lines) => line["data"]!["postId"] = FirstPost(lines)
        ),
        Of(
            "post_removed",
            "twice by one",
            "removed already",
            (line, lines) =>
                line["actor"] = (string?)lines.First(one => (string?)one["type"] == "post_removed")["actor"]
        ),
        OfData("post_edited", "reason", new string('x', 501), TooLong),
        OfData("post_edited", "body", Long, "1 to 100,000"),
        OfData("thread_renamed", "title", "", TooLong),
        OfData("thread_locked", "reason", "", TooLong),
        OfData("thread_locked", "reason", "(missing)", "reason"),
        OfData("board_created", "name", "no", TooLong),
        OfData("board_created", "description", new string('x', 1_001), TooLong),
        Of(
            "board_created",
            "the name of another",
            "another board's",
            (line, lines) =>
                line["data"]!["name"] = (
                    (string)lines.First(one => (string?)one["type"] == "board_created")["data"]!["name"]!
                ).ToUpperInvariant()
        ),
        OfData("member_registered", "name", "", TooLong),
        OfData("member_registered", "name", new string('n', 61), TooLong),
        OfData("member_registered", "subject", "", "subject"),
        OfData("member_registered", "subject", new string('s', 2_001), "subject"),
        Of(
            "member_registered",
            "the name of another",
            "another member's",
            (line, lines) => line["data"]!["name"] = FirstMember(lines)["data"]!["name"]!.DeepClone()
        ),
        Of(
            "member_registered",
            "the subject of another",
            "another member's",
            (line, lines) => line["data"]!["subject"] = FirstMember(lines)["data"]!["subject"]!.DeepClone()
        ),
        OfData("title_granted", "title", new string('x', 61), TooLong),
        OfData("post_reported", "postId", Nobody, "does not hold before it"),
        OfData("post_reported", "authorId", Nobody, "another author's post"),
        OfData("post_reported", "revision", 99, "a revision that there is not"),
        OfData("post_reported", "text", new string('x', 1_001), "0 to 1,000"),
        OfData("post_reported", "reason", "", "gives no reason"),
        Of(
            "post_reported",
            "by its author",
            "reporter's own",
            (line, _) => line["actor"] = line["data"]!["authorId"]!.DeepClone()
        ),
        OfData("case_noted", "text", "", "1 to 1,000"),
        OfData("case_resolved", "batchId", Nobody, "There is no moderation_batch"),
        OfData("batch_applied", "caseId", Nobody, "There is no case"),
        Of(
            "decision_appealed",
            "by another than the author",
            "Only the author",
            (line, lines) => line["actor"] = lines[IndexOf(lines, "case_noted")]["actor"]!.DeepClone()
        ),
        Of(
            "appeal_decided",
            "by who made the decision",
            "You made the decision",
            (line, lines) => line["actor"] = lines[IndexOf(lines, "case_resolved")]["actor"]!.DeepClone()
        ),
    ];

    public static TheoryData<string> Forgeries => new(Known.Select(forgery => forgery.What));

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task a_forged_export_is_refused_with_its_line_and_stores_nothing(string what)
    {
        var forgery = Known.Single(known => known.What == what);
        var lines = export.Copy();
        var index = forgery.Forge(lines);

        var told = await export.RefusalOfAsync([.. lines.Select(ForgedExport.Text)]);

        told.ShouldNotBeNull().ShouldStartWith($"Line {index + 1}: ");
        told.ShouldContain(forgery.Why);
    }

    [Theory]
    [InlineData("{", "}}")]
    [InlineData("\"body\":\"The last line.\"", "\"body\":\"One.\",\"body\":\"Another.\"")]
    [InlineData("The last line.", "Half a \\ud800 pair.")]
    [InlineData("\"data\":{", "\"data\":{\"more\":1e999,")]
    [InlineData("\"data\":{", "\"data\":{\"more\":12345678901234567890123456789012345678901234567890,")]
    [InlineData("\"data\":{", "\"headers\":\"none\",\"data\":{")]
    public async Task a_line_that_no_program_wrote_is_refused(string whole, string broken)
    {
        var lines = export.Lines.ToArray();
        var last = Array.FindLastIndex(lines, line => line.Contains("The last line.", StringComparison.Ordinal));
        var at = lines[last].IndexOf(whole, StringComparison.Ordinal);
        lines[last] = lines[last][..at] + broken + lines[last][(at + whole.Length)..];

        (await export.RefusalOfAsync(lines)).ShouldNotBeNull().ShouldStartWith($"Line {last + 1}: ");
    }

    private static IEnumerable<Forgery> Envelope() =>
        [
            Of("reply_posted", "no event that is known", "is known here", (line, _) => line["type"] = "post_burnt"),
            Of("reply_posted", "type is null", "type", (line, _) => line["type"] = null),
            Of("reply_posted", "time is null", "time", (line, _) => line["time"] = null),
            Of(
                "reply_posted",
                "in a kind of stream that is not known",
                "is known here",
                (line, _) => line["stream"]!["kind"] = "shelf"
            ),
            Of("reply_posted", "in a board", "has no event", (line, _) => line["stream"]!["kind"] = "board"),
            Of("board_created", "in a thread", "has no event", (line, _) => line["stream"]!["kind"] = "forum_thread"),
            Of("title_granted", "to a thread", "has no event", (line, _) => line["stream"]!["kind"] = "forum_thread"),
            Of("reply_posted", "id of zeros", "zeros", (line, _) => line["id"] = Zeros),
            Of("reply_posted", "stream of zeros", "zeros", (line, _) => line["stream"]!["id"] = Zeros),
            Of("reply_posted", "id is none", "invalid format", (line, _) => line["id"] = "12"),
            Of(
                "reply_posted",
                "id of another event",
                "is that of line",
                (line, lines) => line["id"] = lines[0]["id"]!.DeepClone()
            ),
            Of("reply_posted", "no actor", "no actor", (line, _) => line.Remove("actor")),
            Of("reply_posted", "actor of zeros", "no actor", (line, _) => line["actor"] = Zeros),
            Of("reply_posted", "actor in braces", "no actor", (line, _) => line["actor"] = "{" + line["actor"] + "}"),
            Of("reply_posted", "an actor who is nobody", "There is no member", (line, _) => line["actor"] = Nobody),
            Of(
                "reply_posted",
                "a thread as actor",
                "is no member",
                (line, _) => line["actor"] = line["stream"]!["id"]!.DeepClone()
            ),
            Of(
                "reply_posted",
                "a time to come",
                "still to come",
                (line, _) => line["time"] = "2999-01-01T00:00:00.000000Z"
            ),
            Of(
                "reply_posted",
                "a time before all time",
                "1900",
                (line, _) => line["time"] = "0001-01-01T00:00:00.000000Z"
            ),
            Of(
                "reply_posted",
                "long before what it follows",
                "before that of",
                (line, _) => line["time"] = "2001-01-01T00:00:00.000000Z"
            ),
            Of(
                "reply_posted",
                "a correlation without end",
                "correlation",
                (line, _) => line["correlation"] = new string('c', 201)
            ),
            Of(
                "reply_posted",
                "a causation without end",
                "causation",
                (line, _) => line["causation"] = new string('c', 201)
            ),
            Of("reply_posted", "data is a list", "JSON", (line, _) => line["data"] = new JsonArray()),
        ];

    private static IEnumerable<Forgery> Order() =>
        [
            Of(
                "reply_posted",
                "position near the largest number",
                "beyond",
                (line, _) => line["position"] = long.MaxValue - 1
            ),
            Of(
                "reply_posted",
                "position of an event before",
                "not after",
                (line, lines) => line["position"] = lines[0]["position"]!.DeepClone()
            ),
            Of("reply_posted", "position below zero", "not after", (line, _) => line["position"] = -5),
            Of(
                "reply_posted",
                "a version left out",
                "comes next",
                (line, _) => line["version"] = (long)line["version"]! + 1
            ),
            Of(
                "reply_posted",
                "a version twice",
                "comes next",
                (line, _) => line["version"] = (long)line["version"]! - 1
            ),
            Of("reply_posted", "version zero", "comes next", (line, _) => line["version"] = 0),
            Of(
                "reply_posted",
                "begins a stream",
                "begins with its beginning",
                (line, _) =>
                {
                    line["stream"]!["id"] = Nobody;
                    line["version"] = 1;
                }
            ),
            Of(
                "reply_posted",
                "follows nothing",
                "beginning of its stream",
                (line, _) => line["stream"]!["id"] = Nobody
            ),
            new(
                "a thread begins twice",
                "begins with its beginning",
                lines =>
                {
                    var again = (JsonObject)lines[IndexOf(lines, "thread_started")].DeepClone();
                    again["id"] = Nobody;
                    again["version"] = 2;
                    return Append(lines, again);
                }
            ),
            new(
                "a reply to a locked thread",
                "locked",
                lines =>
                {
                    var reply = IndexOf(lines, "reply_posted");
                    var unlock = IndexOf(lines, "thread_unlocked");
                    lines[reply]["version"] = (long)lines[unlock]["version"]!;
                    lines[reply]["data"]!["answeredVersion"] = 1;
                    lines[unlock] = lines[reply];
                    lines.RemoveAt(reply);
                    lines[unlock]["position"] = (long)lines[unlock - 1]["position"]! + 1;
                    return unlock;
                }
            ),
            new("a thread unlocked twice", "is so already", lines => Twice(lines, "thread_unlocked", "thread_locked")),
            new("a thread unpinned twice", "is so already", lines => Append(lines, Next(lines, "thread_unpinned"))),
            new(
                "an edit of what is removed",
                "is removed",
                lines =>
                {
                    var removal = Next(lines, "post_removed");
                    Append(lines, removal);
                    var edit = Next(lines, "post_edited");
                    edit["data"]!["postId"] = removal["data"]!["postId"]!.DeepClone();
                    return Append(lines, edit);
                }
            ),
        ];

    /// <summary>An event of a type once more, as the last of its stream.</summary>
    private static JsonObject Next(List<JsonObject> lines, string type)
    {
        var again = (JsonObject)lines[IndexOf(lines, type)].DeepClone();
        var stream = (string?)again["stream"]!["id"];
        var last = lines.Last(line => (string?)line["stream"]!["id"] == stream);
        again["id"] = Guid.CreateVersion7().ToString();
        again["version"] = (long)last["version"]! + 1;
        again["time"] = last["time"]!.DeepClone();
        return again;
    }

    private static int Append(List<JsonObject> lines, JsonObject line)
    {
        line["position"] = (long)lines[^1]["position"]! + 1;
        lines.Add(line);
        return lines.Count - 1;
    }

    private static int Twice(List<JsonObject> lines, string type, string instead)
    {
        var index = IndexOf(lines, instead);
        var again = (JsonObject)lines[IndexOf(lines, type)].DeepClone();
        foreach (var member in (string[])["id", "version", "position", "time"])
        {
            again[member] = lines[index][member]!.DeepClone();
        }

        lines[index] = again;
        return index;
    }

    private static string FirstPost(List<JsonObject> lines) => PostOf(lines, "reply_posted", same: true);

    private static string OtherPost(List<JsonObject> lines) => PostOf(lines, "reply_posted", same: false);

    /// <summary>The first post of the thread that has the last event of a type, or of another thread.</summary>
    private static string PostOf(List<JsonObject> lines, string type, bool same)
    {
        var thread = (string?)lines[IndexOf(lines, type)]["stream"]!["id"];
        return (string)
            lines.First(line =>
                (string?)line["type"] == "thread_started" && (string?)line["stream"]!["id"] == thread == same
            )["data"]!["postId"]!;
    }

    private static JsonObject FirstMember(List<JsonObject> lines) =>
        lines.First(line => (string?)line["type"] == "member_registered");

    private static JsonArray Quotes(
        int count,
        string postId,
        int revision = 1,
        int start = 0,
        int length = 1,
        int at = 0
    ) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ => new JsonObject
                {
                    ["at"] = at,
                    ["postId"] = postId,
                    ["revision"] = revision,
                    ["start"] = start,
                    ["length"] = length,
                }),
        ];
}
