using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace EventForum.Audit;

/// <summary>How a story is asked for, whatever it is of. The API's description takes what a member means from its attribute.</summary>
public sealed class StoryRequest
{
    [Description("A position: the next of the page before. Without it, the story begins.")]
    [FromQuery(Name = "after")]
    public long? After { get; set; }

    [Description(
        "How many entries, from 1 to 500; 50 without it. What lies beyond is taken for the nearest. A file has no limit of its own."
    )]
    [FromQuery(Name = "limit")]
    public int? Limit { get; set; }

    [Description("Only what this member did: its name, whatever its case, or its id.")]
    [FromQuery(Name = "actor")]
    public string? Actor { get; set; }

    [Description("Only these types of events, separated by commas, as GET /api/events lists them.")]
    [FromQuery(Name = "types")]
    public string? Types { get; set; }

    [Description("Only at this time or later.")]
    [FromQuery(Name = "from")]
    public DateTimeOffset? From { get; set; }

    [Description("Only before this time.")]
    [FromQuery(Name = "to")]
    public DateTimeOffset? To { get; set; }

    [Description(
        "json, the default; jsonl or csv for a file with an entry a line: then all pages come at once. Accept says the same by application/x-ndjson and text/csv."
    )]
    [FromQuery(Name = "format")]
    public string? Format { get; set; }

    [Description("Waits until the story goes up to this position.")]
    [FromQuery(Name = "min-position")]
    public long? MinPosition { get; set; }
}
