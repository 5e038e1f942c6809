namespace EventForum.Exchange.Sources;

/// <summary>A source that is read into work tables; what comes of it are the rows of the table <c>lines</c>.</summary>
/// <param name="Source">What names the site, in everything's id: its own dumps of later must have the same.</param>
/// <param name="Progress">Gets how much is read, of how much.</param>
internal sealed record SourceReading(
    string Path,
    string Source,
    DateTimeOffset Now,
    WorkTables Tables,
    Defects Defects,
    Action<long, long> Progress,
    CancellationToken Cancellation
)
{
    /// <summary>Tells what of the table <c>left_out</c> does not come in, thread by thread, and why.</summary>
    public async Task ReportLeftOutAsync()
    {
        var left = await Tables.QueryAsync(
            "select why, thread, count(*) from left_out group by why, thread order by why, thread",
            [],
            row => (Why: row.GetString(0), Thread: row.GetString(1), Posts: row.GetInt64(2)),
            Cancellation
        );
        foreach (var (why, thread, posts) in left)
        {
            Defects.Add(new Defect(Name, 0, "left-out", $"{posts} posts: {why}.", Source, Thread: thread));
        }
    }

    public string Name { get; } = System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(Path));
}

/// <summary>The kinds of sources that are read, by the names that <c>import --from</c> has for them.</summary>
internal static class KnownSources
{
    public static readonly IReadOnlyDictionary<string, Func<SourceReading, Task>> All = new Dictionary<
        string,
        Func<SourceReading, Task>
    >(StringComparer.Ordinal)
    {
        ["mbox"] = Mailboxes.ReadAsync,
        ["stackexchange"] = StackExchange.ReadAsync,
        ["discourse"] = Discourse.ReadAsync,
        ["phpbb"] = PhpBb.ReadAsync,
        ["nodebb"] = NodeBb.ReadAsync,
    };
}
