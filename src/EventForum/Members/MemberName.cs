using System.Collections.Frozen;
using System.Text;
using EventForum.Platform;

namespace EventForum.Members;

/// <summary>
/// The rules for a member's name. Names that members registered with under older rules are facts and stay: 1-60
/// characters, one line.
/// </summary>
public static class MemberName
{
    /// <summary>What a new name may have, as people count characters.</summary>
    public const int MaxLength = 50;

    /// <summary>What a name in a forum's history may have, in Unicode scalar values.</summary>
    public const int MaxStored = 60;

    /// <summary>The rules in a few words, for where a name is chosen.</summary>
    public const string Rules =
        "1 to 50 characters that show, of one script (Latin beside Chinese, Japanese or Korean), and not to be taken for another member's name";

    internal static Refusal NoSuchMember { get; } =
        new(
            404,
            "member-not-found",
            "There is no such member.",
            "Someone becomes a member by writing; GET /api/members?name= finds one."
        );

    /// <summary>By which a member is found: the same for names that differ only in case or in compatible characters.</summary>
    public static string Key(string name) => CanBeCompared(name) ? Fold(name.Trim()) : "";

    /// <summary>
    /// What names that are taken for each other have in common: their confusable skeletons (Unicode Technical
    /// Standard 39), as they stand ("AIice" with a capital i for "Alice") and without regard to case ("a1ice").
    /// </summary>
    public static IReadOnlySet<string> Skeletons(string name)
    {
        if (!CanBeCompared(name))
        {
            return FrozenSet<string>.Empty;
        }

        var text = name.Trim().Normalize(NormalizationForm.FormKC);
        return new SortedSet<string>([Skeleton.Of(text), Skeleton.Of(Fold(text))], StringComparer.Ordinal);
    }

    public static Refusal Taken(string name) =>
        new(
            409,
            "name-taken",
            "Another member has this name, or one that looks like it.",
            $"The name “{Bidi.Isolate(name)}” is taken. Sign in with a token that has another name."
        );

    /// <summary>Whether somebody who is no member yet can become one with this name.</summary>
    public static Refusal? RefusalOf(string? name) =>
        NewName.Flaw((name ?? "").Trim()) is not { } flaw
            ? null
            : new Refusal(
                422,
                "name-invalid",
                "The name in the token cannot be a member's name.",
                $"{flaw} Sign in with a token whose name has {Rules}."
            );

    /// <summary>Whether a forum's history may hold the name, as a source that is imported gives it.</summary>
    public static bool CanBeStored(string name) =>
        PlainLine.RefusalOf(name, "name", 1, MaxStored) is null && CanBeCompared(name);

    internal static string Fold(string text) =>
        text.Normalize(NormalizationForm.FormKC).ToUpperInvariant().ToLowerInvariant();

    /// <summary>U+FFFE is no character: Unicode's normal forms are not defined for it.</summary>
    internal static bool CanBeCompared(string name) =>
        PlainLine.IsWellFormed(name) && !name.Contains('\uFFFE', StringComparison.Ordinal);
}
