using System.Text;
using JasperFx.Events;

namespace EventForum.Exchange;

/// <summary>An event that happened before, here or elsewhere: with its id, stream, version, time and actor.</summary>
/// <param name="Kind">The kind of its stream, as the store names it: forum_thread, member, board.</param>
/// <param name="Data">The event's data as JSON, stored as it is.</param>
/// <param name="Headers">Its headers as JSON.</param>
/// <param name="File">The name of the file that it is in.</param>
/// <param name="Line">Where in the file, counted from 1.</param>
internal sealed record PastEvent(IEvent Event, string Kind, byte[] Data, byte[]? Headers, string File, int Line)
{
    public Defect Defect(string kind, string detail, string? stored)
    {
        var source = Event.Headers?.GetValueOrDefault("import") as IReadOnlyDictionary<string, object>;
        return new Defect(
            File,
            Line,
            kind,
            detail,
            Origin("source"),
            Origin("thread"),
            Origin("post"),
            Encoding.UTF8.GetString(Data),
            stored
        );

        string? Origin(string name) => source?.GetValueOrDefault(name)?.ToString();
    }
}

/// <summary>What became of some past events.</summary>
/// <param name="Known">Events that are there already.</param>
/// <param name="Defects">Each event that is left out, and each that is there with other data.</param>
internal sealed record Stored(int Added, int Known, IReadOnlyList<Defect> Defects);
