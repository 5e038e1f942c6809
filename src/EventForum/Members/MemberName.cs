using System.Text;
using EventForum.Platform;

namespace EventForum.Members;

/// <summary>The rules for a member's name: 1-60 characters, one line, told apart without regard to case.</summary>
public static class MemberName
{
    public const int MaxLength = 60;

    /// <summary>Two names with the same key are the same name.</summary>
    public static string Key(string name) =>
        CanBeCompared(name)
            ? name.Trim().Normalize(NormalizationForm.FormKC).ToUpperInvariant().ToLowerInvariant()
            : "";

    internal static Refusal NoSuchMember { get; } =
        new(
            404,
            "member-not-found",
            "There is no such member.",
            "Someone becomes a member by writing; GET /api/members?name= finds one."
        );

    public static Refusal Taken(string name) =>
        new(
            409,
            "name-taken",
            "Another member has this name.",
            $"The name \u201c{name}\u201d is taken. Sign in with a token that has another name."
        );

    public static Refusal? RefusalOf(string? name) =>
        PlainLine.RefusalOf(name, "name", 1, MaxLength) is null && CanBeCompared(name!)
            ? null
            : new Refusal(
                422,
                "name-invalid",
                "The name in the token cannot be a member's name.",
                $"Sign in with a token whose name is one line of 1 to {MaxLength} characters."
            );

    /// <summary>U+FFFE is no character: Unicode's normal forms are not defined for it.</summary>
    private static bool CanBeCompared(string name) =>
        PlainLine.IsWellFormed(name) && !name.Contains('\uFFFE', StringComparison.Ordinal);
}
