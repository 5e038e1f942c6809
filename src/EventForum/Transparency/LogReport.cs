namespace EventForum.Transparency;

/// <summary>Something that is not as it was when it came to the log.</summary>
/// <param name="Position">Of the event; null where it is about the log itself.</param>
/// <param name="Kind">altered, removed, inserted, reordered or salt of events; leaf, tile or checkpoint of the log.</param>
public sealed record Flaw(long? Position, string Kind, string What)
{
    public override string ToString() =>
        Position is { } position ? $"{Kind}: event {position}: {What}" : $"{Kind}: {What}";
}

/// <param name="Size">How many leaves there are.</param>
/// <param name="Behind">How many events are not in the log yet.</param>
/// <param name="Flaws">In the order of positions.</param>
public sealed record LogReport(long Size, long Behind, IReadOnlyList<Flaw> Flaws);
