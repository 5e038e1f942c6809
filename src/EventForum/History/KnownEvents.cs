using System.Collections.Frozen;
using EventForum.Access;
using EventForum.Platform;

namespace EventForum.History;

/// <summary>The types of events that the forum knows.</summary>
public sealed class KnownEvents(IEnumerable<EventDescription> descriptions)
{
    private readonly FrozenDictionary<string, EventDescription> byName = descriptions.ToFrozenDictionary(
        description => description.Name,
        StringComparer.Ordinal
    );

    /// <summary>Their names, in order.</summary>
    public IEnumerable<string> Names => byName.Keys.Order(StringComparer.Ordinal);

    /// <summary>Those that this reader does not learn of.</summary>
    public string[] HiddenFrom(Reader reader) =>
        reader.ModeratesAllBoards
            ? []
            :
            [
                .. byName
                    .Values.Where(description => description.IsForModerators)
                    .Select(description => description.Name),
            ];

    /// <summary>Those of which no list says who did it.</summary>
    public string[] Confidential { get; } =
    [.. descriptions.Where(description => description.IsConfidential).Select(description => description.Name)];

    /// <summary>What events about posts withhold, as JSON names it, where a post is in a board that somebody does not see.</summary>
    public IReadOnlyList<string> WithheldOfPosts { get; } = descriptions.WithheldOfPosts();

    /// <summary>The kinds of streams in which they stand.</summary>
    public IEnumerable<StreamKind> Streams => byName.Values.Select(description => description.Stream).Distinct();

    /// <summary>Null when it is not known.</summary>
    public EventDescription? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>The types of a list such as post_removed,post_restored; null when all are wanted.</summary>
    public (Refusal? Refusal, string[]? Types) TypesIn(string? list)
    {
        if (string.IsNullOrWhiteSpace(list))
        {
            return (null, null);
        }

        var wanted = list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return wanted.FirstOrDefault(type => !byName.ContainsKey(type)) is { } unknown
            ? (
                new Refusal(
                    422,
                    "event-type-unknown",
                    "There is no such type of event.",
                    $"“{unknown}” is none of {string.Join(", ", Names)}."
                ),
                null
            )
            : (null, wanted);
    }
}
