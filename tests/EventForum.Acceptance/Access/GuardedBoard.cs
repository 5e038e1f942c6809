namespace EventForum.Acceptance.Access;

/// <summary>A board and what stands in it.</summary>
/// <param name="Quoting">A post of a public thread that quotes the first post.</param>
/// <param name="Words">What only who sees the board may read, and only who moderates it: of a post that was removed.</param>
public sealed record GuardedBoard(
    string Kind,
    Guid Id,
    Guid ThreadId,
    Guid FirstPost,
    Guid RemovedPost,
    Guid Quoting,
    string Words,
    string RemovedWords
)
{
    /// <summary>On the third page of the thread, one of each state.</summary>
    public IReadOnlyList<GuardedPost> Posts { get; init; } = [];

    /// <summary>What a post said at all times, and what was said of it, that came here by itself from a public thread.</summary>
    public string MovedWords { get; init; } = "";

    /// <summary>A public thread whose posts quote them.</summary>
    public Guid Elsewhere { get; init; }

    /// <summary>The batch by which a moderator removed one of them.</summary>
    public Guid Batch { get; init; }

    /// <summary>The case that the visible one of them has.</summary>
    public Guid Case { get; init; }

    /// <summary>What only moderators read: it stands in the report of that post, and in a note on the case.</summary>
    public string ReportedWords { get; init; } = "";

    /// <summary>How many posts of the thread are of the named member.</summary>
    public int PostsOfNamed { get; init; }
}

/// <summary>A post whose words and author no other has, and whose number no other in its thread and the public ones.</summary>
/// <param name="Elsewhere">The public post that quotes it.</param>
public sealed record GuardedPost(
    PostIs State,
    Guid Id,
    int Number,
    string Words,
    string Author,
    Guid AuthorId,
    Guid Elsewhere
)
{
    public bool IsRemoved => State is PostIs.RemovedByModerator or PostIs.RemovedByAuthor;
}

public enum PostIs
{
    Visible,
    RemovedByModerator,
    RemovedByAuthor,

    /// <summary>It stands in the guarded board and quotes the first post of the public thread.</summary>
    Quoting,
}
