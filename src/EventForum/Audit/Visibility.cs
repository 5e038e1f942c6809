using EventForum.History;

namespace EventForum.Audit;

/// <summary>Whether somebody could read a post at a time, or who could, and what decided it.</summary>
/// <param name="At">The time that is asked about, or that of the position; null for now. Everything that events say of it and before it counts.</param>
/// <param name="Position">The position that is asked about; null where a time is.</param>
/// <param name="Who">The member that is asked about; null for a guest, and where it is asked who could.</param>
/// <param name="Visible">Whether the member or the guest could read the post's words; null where it is asked who could.</param>
/// <param name="To">Who could; null where one reader is asked about.</param>
/// <param name="Facts">What decided it, each with the event by which it was so.</param>
public sealed record Visibility(
    Guid PostId,
    DateTimeOffset? At,
    long? Position,
    EventActor? Who,
    bool? Visible,
    Readership? To,
    IReadOnlyList<VisibilityFact> Facts
);

/// <summary>Who could read a post. Admins could in any case.</summary>
/// <param name="Everyone">Guests, too.</param>
/// <param name="Roles">Whoever had one of these roles; <c>member</c> is everybody who had signed in.</param>
/// <param name="Members">Members that the board named, and an author who was silenced.</param>
public sealed record Readership(bool Everyone, IReadOnlyList<string> Roles, IReadOnlyList<EventActor> Members);

/// <summary>A fact that decides it.</summary>
/// <param name="Fact">post, thread, board, permissions, roles, state, moderates or silence.</param>
/// <param name="Holds">Whether it speaks for reading the post: one that does not is why it could not be read, unless a later one makes up for it.</param>
/// <param name="Sentence">The same for people.</param>
/// <param name="Position">Of the event by which it was so; null where nothing had happened that says otherwise.</param>
/// <param name="At">When that was.</param>
public sealed record VisibilityFact(string Fact, bool Holds, string Sentence, long? Position, DateTimeOffset? At);
