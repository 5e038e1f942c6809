using System.Text.Json.Nodes;
using EventForum.History;

namespace EventForum.Audit;

/// <summary>A page of all that ever happened to a thing, in the order in which it happened.</summary>
/// <param name="Of">What it is the story of.</param>
/// <param name="Next">
/// Pass it as <c>after</c> to go on; null at the end. A page of long texts is short; with a filter one may be short, even empty, before
/// that.
/// </param>
public sealed record StoryPage(StorySubject Of, IReadOnlyList<StoryEntry> Entries, long? Next);

/// <summary>What a story is of, as it is now.</summary>
/// <param name="Kind">post, thread, member, batch or board.</param>
/// <param name="Title">Of a thread, and of the thread that a post is in.</param>
/// <param name="Name">A member's or a board's; of a post its author's, of a batch its kind.</param>
/// <param name="Number">A post's, in its thread.</param>
public sealed record StorySubject(string Kind, Guid Id, string? Title, string? Name, int? Number);

/// <summary>Something that happened to it.</summary>
/// <param name="Position">Its place in the order of everything that happened in the forum.</param>
/// <param name="Type">The event's type, such as post_removed.</param>
/// <param name="Stream">What it happened in: thread, board, member, batch or case.</param>
/// <param name="StreamId">The id of that.</param>
/// <param name="Version">Its place in that stream's own order, from 1 without gaps.</param>
/// <param name="Actor">Who did it; null where nobody is told.</param>
/// <param name="Sentence">What happened, for people, without the reason: moira removed post 12 by tom.</param>
/// <param name="Reason">Why, as who did it wrote; null where nothing was said, or this reader may not know.</param>
/// <param name="BatchId">The batch that it was a part of, where it was an act of moderation.</param>
/// <param name="Thread">The thread in which it happened.</param>
/// <param name="Post">The post that it is about; null when it is about none, or several.</param>
/// <param name="CaseId">The case that it belongs to.</param>
/// <param name="Data">The event as it is stored; what this reader may not see is null in it.</param>
/// <param name="Withheld">Something is withheld from this reader.</param>
public sealed record StoryEntry(
    long Position,
    DateTimeOffset At,
    string Type,
    string Stream,
    Guid StreamId,
    long Version,
    EventActor? Actor,
    string Sentence,
    string? Reason,
    Guid? BatchId,
    StoryThread? Thread,
    EventPost? Post,
    Guid? CaseId,
    JsonObject? Data,
    bool Withheld
);

/// <summary>A thread, with its title now.</summary>
public sealed record StoryThread(Guid Id, string Title);

/// <summary>The same as a row of a table.</summary>
internal sealed record StoryRow(
    long Position,
    DateTimeOffset At,
    string Type,
    string Stream,
    Guid StreamId,
    long Version,
    Guid? ActorId,
    string? Actor,
    string Sentence,
    string? Reason,
    Guid? BatchId,
    Guid? ThreadId,
    string? Thread,
    Guid? PostId,
    int? Number,
    Guid? CaseId
)
{
    public static StoryRow Of(StoryEntry entry) =>
        new(
            entry.Position,
            entry.At,
            entry.Type,
            entry.Stream,
            entry.StreamId,
            entry.Version,
            entry.Actor?.Id,
            entry.Actor?.Name,
            entry.Sentence,
            entry.Reason,
            entry.BatchId,
            entry.Thread?.Id,
            entry.Thread?.Title,
            entry.Post?.Id,
            entry.Post?.Number,
            entry.CaseId
        );
}

/// <summary>Which part of a story is wanted.</summary>
/// <param name="Actor">Only what this member did, by the id that events hold.</param>
/// <param name="From">Only at this time or later.</param>
/// <param name="To">Only before this time.</param>
public sealed record StoryFilter(string? Actor, string[]? Types, DateTimeOffset? From, DateTimeOffset? To)
{
    public static readonly StoryFilter None = new(null, null, null, null);

    public bool IsNone => this == None;
}
