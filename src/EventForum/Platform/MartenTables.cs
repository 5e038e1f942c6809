namespace EventForum.Platform;

/// <summary>
/// What Marten calls its tables and columns. Reading several streams, a range of positions or a part of an event's data
/// goes beyond its API, and is SQL; no other file spells these names.
/// </summary>
public static class MartenTables
{
    /// <summary>
    /// Events to read, under the names that SQL in this program uses. It stands for a table and takes an alias;
    /// PostgreSQL plans it like the table itself.
    /// </summary>
    public const string Events = $"""
        (select {Position} as position, id, stream_id, version, type, data, timestamp, user_name, correlation_id,
                causation_id, headers, {CameAt} as came_at from {EventTable})
        """;

    /// <summary>
    /// A header of an event that an import appended behind later ones of its stream: the time of the latest of these. An event has
    /// its own time nevertheless.
    /// </summary>
    public const string Behind = "behind";

    /// <summary>When an event came to its stream, by the clock of what happened there: a stream is searched by it.</summary>
    private const string CameAt = $"coalesce((headers ->> '{Behind}')::timestamptz, timestamp)";

    /// <summary>The table of events itself, to write, lock or index.</summary>
    public const string EventTable = Store.Schema + ".mt_events";

    /// <summary>An event's position, as the table has it.</summary>
    public const string Position = "seq_id";

    /// <summary>The columns of the table that an import fills, in this order.</summary>
    public const string EventColumns =
        Position
        + $", id, stream_id, version, data, type, timestamp, {DotNetType}, correlation_id, causation_id, headers, user_name";

    /// <summary>Indexes on the events, after which an own one is named.</summary>
    public const string EventIndexes = "mt_events_";

    /// <summary>The sequence that positions are drawn from.</summary>
    public const string Positions = Store.Schema + ".mt_events_sequence";

    /// <summary>
    /// The type of what Marten stores in the place of events that could not be stored, a moment after they failed: it says nothing.
    /// </summary>
    public const string Tombstone = "tombstone";

    /// <summary>Streams: <c>id</c>, <c>type</c>, <c>version</c>, <c>created</c>, <c>timestamp</c>.</summary>
    public const string Streams = Store.Schema + ".mt_streams";

    /// <summary>How far each view has come, and all events: <c>name</c> and <see cref="ReachedPosition"/>.</summary>
    public const string Progress = Store.Schema + ".mt_event_progression";

    /// <summary>From where projections take in events.</summary>
    public const string Floors = Store.Schema + ".mt_event_projection_floors";

    /// <summary>Gaps of positions that were stepped over.</summary>
    public const string SkippedGaps = Store.Schema + ".mt_high_water_skips";

    public const string ReachedPosition = "last_seq_id";

    /// <summary>Documents: behind it comes their type's name in lower case. They have an <c>id</c> and their JSON, <c>data</c>.</summary>
    public const string Documents = Store.Schema + "." + DocumentIndexes;

    /// <summary>Indexes on documents: behind it comes what <see cref="Documents"/> is followed by.</summary>
    public const string DocumentIndexes = "mt_doc_";

    /// <summary>A document's type.</summary>
    public const string DotNetType = "mt_dotnet_type";

    /// <summary>A document's version.</summary>
    public const string DocumentVersion = "mt_version";

    /// <summary>When a document was written last.</summary>
    public const string LastModified = "mt_last_modified";
}
