namespace EventForum.Acceptance.Harness;

/// <summary>All tests share one address, and are in a hurry.</summary>
public static class TestLimits
{
    public static IReadOnlyList<(string Key, string Value)> High { get; } =
    [
        .. new[] { "Writes", "Reads", "DearReads" }
            .SelectMany(kind => new[] { $"{kind}:Member", $"{kind}:Address" })
            .Append("Registrations")
            .SelectMany(rate => new[] { $"Limits:{rate}:PerSecond", $"Limits:{rate}:Burst" })
            .Concat(["Limits:DearReadsAtOnce", "Limits:DearReadsWaiting", "Limits:ListenersOfAddress"])
            .Select(key => (key, "100000")),
    ];
}
