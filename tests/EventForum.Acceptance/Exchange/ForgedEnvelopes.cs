using System.Text.Json.Nodes;
using static EventForum.Acceptance.Exchange.ForgedLines;
using static EventForum.Acceptance.Exchange.Forgery;

namespace EventForum.Acceptance.Exchange;

/// <summary>Where an event could not stand, and what it could not be.</summary>
internal static class ForgedEnvelopes
{
    public static IEnumerable<Forgery> All() =>
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

    public static IEnumerable<Forgery> Order() =>
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
}
