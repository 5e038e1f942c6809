using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using EventForum.Members;

namespace EventForum.History;

/// <summary>Something that happened, as a reader sees it.</summary>
/// <param name="Position">Its place in the order of everything that happened in the forum.</param>
/// <param name="StreamId">The thread, member or board that it happened to.</param>
/// <param name="Stream">thread, member or board.</param>
/// <param name="Version">Its place in that stream's own order, from 1 without gaps.</param>
/// <param name="Actor">Who did it.</param>
/// <param name="Type">The event's type, such as post_removed.</param>
/// <param name="Sentence">What happened, for people: moira removed post 12 by tom: spam.</param>
/// <param name="Post">The post that it is about; null when it is about none.</param>
/// <param name="CorrelationId">The same for everything that one request, or one trace, led to.</param>
/// <param name="CausationId">The same for everything that one command led to.</param>
/// <param name="Data">The event as it is stored; what this reader may not see is null in it.</param>
/// <param name="Withheld">Something in data is withheld from this reader.</param>
public sealed record HistoryEntry(
    long Position,
    Guid StreamId,
    string Stream,
    long Version,
    DateTimeOffset At,
    EventActor? Actor,
    string Type,
    string Sentence,
    EventPost? Post,
    string? CorrelationId,
    string? CausationId,
    JsonObject? Data,
    bool Withheld
)
{
    /// <summary>In a replay, where the event brought a text to the page: the post as safe HTML, as it was then.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Html { get; init; }

    /// <summary>The same as plain text.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PlainText { get; init; }
}

/// <summary>Who did something.</summary>
public sealed record EventActor(Guid Id, string Name)
{
    internal static EventActor Of(Guid id, IReadOnlyDictionary<Guid, MemberCard> cards) =>
        new(id, cards.GetValueOrDefault(id)?.Name ?? "");
}

/// <summary>A post that something happened to.</summary>
/// <param name="Number">Its number in its thread.</param>
public sealed record EventPost(Guid Id, int Number, EventActor Author);
