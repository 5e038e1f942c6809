using System.Text.Json.Nodes;
using EventForum.Platform;

namespace EventForum.Erasure;

/// <summary>Takes out of events what is not to be kept for longer. Pure.</summary>
internal static class ExpiredValues
{
    /// <summary>The event without the reasons in it; null where there are none.</summary>
    public static ErasedEvent? Reasons(HeldEvent e)
    {
        var data = JsonNode.Parse(e.Data)!.AsObject();
        var forgotten = new List<string>();
        if (!PersonalValues.Facts.Contains($"{e.Type}.reason"))
        {
            Take(data, "data.reason");
        }

        foreach (var name in PersonalValues.Held)
        {
            Take(data[name] as JsonObject, $"data.{name}.reason");
        }

        return forgotten.Count == 0 ? null : ErasedEvent.Of(e, data, forgotten);

        void Take(JsonObject? of, string path)
        {
            if (
                of?["reason"] is JsonValue value
                && value.ToString() is { Length: > 0 } and not (EventSalts.ErasedText or EventSalts.ExpiredText)
            )
            {
                of["reason"] = EventSalts.ExpiredText;
                forgotten.Add(path);
            }
        }
    }

    /// <summary>A registration without the subject.</summary>
    public static ErasedEvent Subject(HeldEvent e)
    {
        var data = JsonNode.Parse(e.Data)!.AsObject();
        data["subject"] = EventSalts.ExpiredSubject + e.StreamId;
        return ErasedEvent.Of(e, data, ["data.subject"]);
    }
}
