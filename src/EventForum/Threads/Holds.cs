namespace EventForum.Threads;

/// <summary>A removal that has not been lifted, or that a post waits for a moderator.</summary>
/// <param name="Reason">Always there of a moderator's removal; null of a post that waits.</param>
public sealed record Hold(Guid By, DateTimeOffset At, string? Reason);

/// <summary>
/// What keeps a post from view: a hold of its author's, one of the moderators', or both. It is visible while there is
/// none.
/// </summary>
/// <param name="Shown">The moderators' hold, or else the author's; null while the post stands.</param>
/// <param name="Behind">The author's hold while the moderators' is shown; else null.</param>
public readonly record struct Holds(Hold? Shown, Hold? Behind)
{
    /// <summary>Whether the hold that this person can put on the post is on it.</summary>
    public bool HasThatOf(Guid actorId, Guid authorId) =>
        IsWaiting(authorId) && actorId != authorId
            ? false
            : Behind is not null || (Shown is { } shown && (shown.By == authorId) == (actorId == authorId));

    /// <summary>Whether this person has removed it and that still stands.</summary>
    public bool HasOneBy(Guid actorId, Guid authorId) =>
        (
            actorId == authorId ? Authors(authorId)
            : IsWaiting(authorId) ? null
            : Moderators(authorId)
        )?.By == actorId;

    /// <summary>Whether the moderators' hold is that of a silence, which a moderator's removal takes the place of.</summary>
    public bool IsWaiting(Guid authorId) => Shown is { Reason: null } shown && shown.By != authorId;

    public Hold? Moderators(Guid authorId) => Shown?.By == authorId ? null : Shown;

    public Hold? Authors(Guid authorId) => Shown?.By == authorId ? Shown : Behind;

    public static Holds Of(Hold? moderators, Hold? authors) =>
        moderators is null ? new Holds(authors, null) : new Holds(moderators, authors);

    /// <summary>Each of the two stands for itself; another removal of the same kind takes its place.</summary>
    public Holds With(Hold hold, Guid authorId) =>
        hold.By == authorId
            ? Shown is { } shown && shown.By != authorId
                ? this with
                {
                    Behind = hold,
                }
                : this with
                {
                    Shown = hold,
                }
            : new Holds(hold, Shown is { } own && own.By == authorId ? own : Behind);

    /// <summary>
    /// Its author lifts the author's hold, everyone else the moderators'; where only the other one is on it, that one.
    /// </summary>
    public Holds LiftedBy(Guid actorId, Guid authorId) =>
        Behind is null ? default
        : actorId == authorId ? this with { Behind = null }
        : new Holds(Behind, null);
}
