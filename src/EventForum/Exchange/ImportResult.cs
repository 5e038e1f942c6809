namespace EventForum.Exchange;

/// <summary>What an import came to.</summary>
internal sealed record ImportResult
{
    public int Threads { get; set; }
    public int Posts { get; set; }
    public int Members { get; set; }
    public int Boards { get; set; }
    public int Added { get; set; }
    public int Known { get; set; }
    public int Quotes { get; set; }
    public int QuotesKept { get; set; }
}
