namespace EventForum.Questions;

/// <summary>Which events are read. PostgreSQL passes over the others.</summary>
/// <param name="From">Not before this time; null from the beginning.</param>
/// <param name="To">Before this time; null up to the end.</param>
/// <param name="Board">Only the board's own events, and those of threads that are in it now.</param>
/// <param name="Member">Only what this member did.</param>
/// <param name="Thread">Only the events of this thread.</param>
/// <param name="Bodies">Whether texts of posts are read; else they are null.</param>
internal sealed record EventFilter(
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    Guid? Board = null,
    Guid? Member = null,
    Guid? Thread = null,
    bool Bodies = true
);
