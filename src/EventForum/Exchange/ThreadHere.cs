using EventForum.Members;

namespace EventForum.Exchange;

/// <summary>An event of a thread that is stored already.</summary>
/// <param name="Data">Null where it brings no text.</param>
internal sealed record StoredFact(Guid Id, long Version, DateTimeOffset At, string Type, object? Data);

/// <summary>What is stored of a thread before a file of discussions goes on with it.</summary>
/// <param name="Version">How many events it has; 0 for a thread that is not here yet.</param>
/// <param name="LastNumber">The last number that is taken.</param>
/// <param name="Events">In the order in which they came.</param>
/// <param name="Places">The threads in which posts of the file are now, as far as they are here.</param>
internal sealed record ThreadHere(
    Guid Id,
    long Version,
    int LastNumber,
    IReadOnlyList<StoredFact> Events,
    IReadOnlyDictionary<Guid, Guid> Places
)
{
    private readonly Dictionary<Guid, StoredFact> byId = Events.ToDictionary(e => e.Id);

    public bool IsNew => Version == 0;

    /// <summary>When the last happened of what is here.</summary>
    public DateTimeOffset LastAt { get; } = Events.Select(e => e.At).DefaultIfEmpty(DateTimeOffset.MinValue).Max();

    /// <summary>When the last of its posts was written that is here.</summary>
    public DateTimeOffset LastPostAt { get; } =
        Events.Where(e => e.Data is IPostWritten).Select(e => e.At).DefaultIfEmpty(DateTimeOffset.MinValue).Max();

    /// <summary>When it got the title that it has.</summary>
    public DateTimeOffset LastTitleAt { get; } =
        Events
            .Where(e => e.Type is "thread_renamed" or "thread_started")
            .Select(e => e.At)
            .DefaultIfEmpty(DateTimeOffset.MinValue)
            .Max();

    public static ThreadHere New(Guid id) => new(id, 0, 0, [], new Dictionary<Guid, Guid>());

    /// <summary>Whether a post is stored, and came with another thread.</summary>
    public bool IsElsewhere(SourceLine post) =>
        Places.ContainsKey(SourcePosts.PostId(post)) && Find(SourceThread.EventId(post, "")) is null;

    public StoredFact? Find(Guid id) => byId.GetValueOrDefault(id);

    /// <summary>The version that somebody had in view who wrote then.</summary>
    public long VersionAt(DateTimeOffset at) =>
        Math.Max(1, Events.Where(e => e.At <= at).Select(e => e.Version).DefaultIfEmpty(1).Max());
}
