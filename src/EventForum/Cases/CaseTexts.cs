using System.Globalization;
using EventForum.Platform;

namespace EventForum.Cases;

/// <summary>What people write about a case: some lines of plain text.</summary>
internal static class CaseTexts
{
    public const int MaxLength = 1_000;

    /// <summary>Null for a text of <paramref name="min"/> to 1,000 characters.</summary>
    public static Refusal? RefusalOf(string? text, string field, int min)
    {
        var trimmed = Trimmed(text) ?? "";
        var length = PlainLine.Length(trimmed);
        return length < min || length > MaxLength
                ? new Refusal(
                    422,
                    $"{field}-length",
                    $"The {field} is too short or too long.",
                    $"Send a {field} of {min} to {MaxLength:N0} characters; this one has {length}."
                )
            : !PlainLine.IsWellFormed(trimmed) || trimmed.Any(IsUnreadable)
                ? new Refusal(
                    422,
                    $"{field}-characters",
                    $"The {field} holds characters that cannot be kept.",
                    "Send plain text without control characters."
                )
            : null;
    }

    /// <summary>Null for no text.</summary>
    public static string? Trimmed(string? text) =>
        string.IsNullOrWhiteSpace(text) ? null : text.Trim().ReplaceLineEndings("\n");

    private static bool IsUnreadable(char c) =>
        c is not ('\n' or '\t') && char.GetUnicodeCategory(c) == UnicodeCategory.Control;
}
