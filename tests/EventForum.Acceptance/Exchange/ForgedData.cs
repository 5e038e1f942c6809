using System.Text.Json.Nodes;
using static EventForum.Acceptance.Exchange.ForgedLines;
using static EventForum.Acceptance.Exchange.Forgery;

namespace EventForum.Acceptance.Exchange;

/// <summary>What an event could not say.</summary>
internal static class ForgedData
{
    private const string TooLong = "is one line of";
    private static readonly string Long = new('x', 100_001);

    public static IEnumerable<Forgery> All() =>
        [
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
