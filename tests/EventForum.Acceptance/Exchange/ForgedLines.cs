using System.Text.Json.Nodes;
using static EventForum.Acceptance.Exchange.Forgery;

namespace EventForum.Acceptance.Exchange;

/// <summary>Lines of an export to forge others from.</summary>
internal static class ForgedLines
{
    public const string Zeros = "00000000-0000-0000-0000-000000000000";
    public const string Nobody = "01890000-0000-7000-8000-00000000000a";

    /// <summary>An event of a type once more, as the last of its stream.</summary>
    public static JsonObject Next(List<JsonObject> lines, string type)
    {
        var again = (JsonObject)lines[IndexOf(lines, type)].DeepClone();
        var stream = (string?)again["stream"]!["id"];
        var last = lines.Last(line => (string?)line["stream"]!["id"] == stream);
        again["id"] = Guid.CreateVersion7().ToString();
        again["version"] = (long)last["version"]! + 1;
        again["time"] = last["time"]!.DeepClone();
        return again;
    }

    public static int Append(List<JsonObject> lines, JsonObject line)
    {
        line["position"] = (long)lines[^1]["position"]! + 1;
        lines.Add(line);
        return lines.Count - 1;
    }

    public static int Twice(List<JsonObject> lines, string type, string instead)
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

    public static string FirstPost(List<JsonObject> lines) => PostOf(lines, "reply_posted", same: true);

    public static string OtherPost(List<JsonObject> lines) => PostOf(lines, "reply_posted", same: false);

    /// <summary>The first post of the thread that has the last event of a type, or of another thread.</summary>
    private static string PostOf(List<JsonObject> lines, string type, bool same)
    {
        var thread = (string?)lines[IndexOf(lines, type)]["stream"]!["id"];
        return (string)
            lines.First(line =>
                (string?)line["type"] == "thread_started" && (string?)line["stream"]!["id"] == thread == same
            )["data"]!["postId"]!;
    }

    public static JsonObject FirstMember(List<JsonObject> lines) =>
        lines.First(line => (string?)line["type"] == "member_registered");
}
