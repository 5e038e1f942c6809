using EventForum.Platform;

namespace EventForum.Transparency;

/// <summary>
/// Which tables hold what is made of the events: all of the schema, but those that are named here. A new table is
/// compared with the events unless it is added to these.
/// </summary>
internal static class ReadModelTables
{
    /// <summary>A document of Marten's own; the rest of a table's name follows <see cref="MartenTables.DocumentIndexes"/>.</summary>
    private static string Document(string type) => MartenTables.DocumentIndexes + type;

    /// <summary>The tables that are not made of the events, and why they need not be, by their names without the schema.</summary>
    public static IReadOnlyDictionary<string, string> NotMadeOfEvents { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [NameOf(LogTables.Leaves)] = "the log, compared with the events",
            [NameOf(LogTables.Tiles)] = "the log, compared with the events",
            [NameOf(EventSalts.Head)] = "the log, compared with the events",
            [NameOf(EventSalts.Table)] = "the log, compared with the events",
            [NameOf(MartenTables.Progress)] = "how far views are: their rows are compared as of there",
            [NameOf(MartenTables.Floors)] = "how far projections are",
            [NameOf(MartenTables.SkippedGaps)] = "how far events are settled",
            [NameOf(History.SettledPosition.Table)] = "how far events are settled",
            [Document("givenanswer")] = "answers to commands, for when they are sent again",
            [Document("deadletterevent")] = "what failed",
            [Document("envelope")] = "what servers tell each other",
            [NameOf(Revocations.Table)] = "tokens that were ended",
            [NameOf(Access.ErasureTable.Table)] = "what is left to do of erasures",
            [NameOf(UnfinishedRebuilds.Table)] = "rebuilds that were broken off",
            [NameOf(ViewLeases.Leases)] = "which server keeps a view up",
            [NameOf(ViewLeases.Servers)] = "which servers there are",
        };

    /// <summary>Columns that say when or by which save a row was written, or how a view runs, and nothing that the events say.</summary>
    private static readonly Dictionary<string, string[]> NotMadeOfEventsIn = new(StringComparer.Ordinal)
    {
        // These are compared with the log.
        [NameOf(MartenTables.EventTable)] = MartenTables.EventColumns.Split(", "),
        [NameOf(MartenTables.Streams)] = ["created", "timestamp"],
        [NameOf(ViewRegistry.Table)] = ["began_at", "caught_up_at", "failure", "failed_at", "aside"],
    };

    /// <summary>Null where a table, or one that nothing is known of, is made of the events.</summary>
    public static string? WhyNotMadeOfEvents(string table) =>
        table.StartsWith("wolverine_", StringComparison.Ordinal)
            ? "what servers tell each other"
            : NotMadeOfEvents.GetValueOrDefault(table);

    /// <param name="type">The column's, as PostgreSQL names it.</param>
    public static bool IsMadeOfEvents(string table, string column, string type) =>
        column != MartenTables.LastModified
        // A version that is a number is the stream's; one that is an id is made by chance.
        && (column, type) is not (MartenTables.DocumentVersion, "uuid")
        && !NotMadeOfEventsIn.GetValueOrDefault(table, []).Contains(column, StringComparer.Ordinal);

    public static string NameOf(string table) => table[(Store.Schema.Length + 1)..];
}
