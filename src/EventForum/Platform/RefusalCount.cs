using System.Diagnostics.Metrics;

namespace EventForum.Platform;

/// <summary>Counts what was refused, as <c>eventforum.refusals</c>, by the type of the problem.</summary>
public sealed class RefusalCount(IMeterFactory meters)
{
    private readonly Counter<long> refusals = meters
        .Create(Telemetry.Name)
        .CreateCounter<long>(
            "eventforum.refusals",
            "{refusal}",
            "How many requests were refused, by the problem's type."
        );

    /// <summary>Types are the program's own constants: what a client sends makes no new one.</summary>
    public void Add(Refusal refusal) => refusals.Add(1, new KeyValuePair<string, object?>("type", refusal.Type));
}
