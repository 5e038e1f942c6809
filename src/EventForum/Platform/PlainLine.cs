using System.Globalization;

namespace EventForum.Platform;

/// <summary>One line of text that a person typed: a title, a name, a reason.</summary>
public static class PlainLine
{
    /// <summary>Null when the trimmed text is one well-formed line of <paramref name="min"/> to <paramref name="max"/> characters.</summary>
    public static Refusal? RefusalOf(string? text, string field, int min, int max)
    {
        var trimmed = (text ?? "").Trim();
        var length = Length(trimmed);
        if (length < min || length > max)
        {
            return new Refusal(
                422,
                $"{field}-length",
                $"The {field} is too short or too long.",
                $"Send a {field} of {min} to {max} characters; this one has {length}."
            );
        }

        return IsWellFormed(trimmed) && !trimmed.Any(IsLineBreaking)
            ? null
            : new Refusal(
                422,
                $"{field}-characters",
                $"The {field} holds characters that cannot be kept.",
                $"Send the {field} as one line without control characters."
            );
    }

    /// <summary>Characters as people count them for a limit: Unicode scalar values.</summary>
    public static int Length(string text) =>
        HasSurrogate(text) ? text.Length - text.Count(char.IsLowSurrogate) : text.Length;

    /// <summary>Neither a NUL, which PostgreSQL cannot store, nor half a surrogate pair, which no encoding can.</summary>
    public static bool IsWellFormed(string text)
    {
        var length = HasSurrogate(text) ? text.Length : 0;
        for (var i = 0; i < length; i++)
        {
            if (char.IsSurrogate(text[i]) && (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[++i])))
            {
                return false;
            }
        }

        return !text.Contains('\0', StringComparison.Ordinal);
    }

    private static bool HasSurrogate(string text) => text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF');

    private static bool IsLineBreaking(char c) =>
        char.GetUnicodeCategory(c)
            is UnicodeCategory.Control
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator;
}
