using EventForum.Threads;

namespace EventForum.Exchange;

/// <summary>What the events of an export made of a stream so far.</summary>
internal sealed class StreamSoFar
{
    public required string Kind { get; init; }
    public required int Line { get; init; }
    public required DateTimeOffset At { get; set; }
    public long Version { get; set; }
    public int LastNumber { get; set; }

    /// <summary>A thread that is locked, or a board that is closed.</summary>
    public bool IsLocked { get; set; }
    public bool IsPinned { get; set; }
}

/// <summary>What the events of an export made of a post so far; of its texts, the lengths only.</summary>
internal sealed class PostSoFar(Guid threadId, int number, Guid authorId, int line)
{
    public Guid ThreadId { get; set; } = threadId;
    public int Number { get; set; } = number;

    /// <summary>Where it was written.</summary>
    public (Guid ThreadId, int Number) Origin { get; } = (threadId, number);
    public Guid AuthorId { get; } = authorId;
    public int Line { get; } = line;
    public Holds Holds { get; set; }

    /// <summary>How long the body of each revision is.</summary>
    public List<int> Lengths { get; } = new(1);

    public bool Says(int revision, long end) => revision <= Lengths.Count && end <= Lengths[revision - 1];

    public static string NotSaid(Guid postId, int revision) =>
        $"It quotes words that revision {revision} of post {postId} does not have.";
}
