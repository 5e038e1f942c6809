using System.Globalization;
using System.Text;
using EventForum.Platform;
using EventForum.Threads.Quoting;

namespace EventForum.Exchange;

/// <summary>
/// Texts from outside within the forum's limits. Whatever is changed is changed visibly, and the flaw says that it was.
/// </summary>
internal static class SourceText
{
    public const string NoText = "(no text)";
    public const string NoTitle = "(no title)";

    private const int MinTitle = 3;
    private const int MaxTitle = 255;

    public static (string Text, string? Flaw) Body(string raw)
    {
        var body = PostBody.Normalise(raw);
        return PostBody.Flaw(body) switch
        {
            null => (body, null),
            TextFlaw.TooShort => (NoText, "empty-body"),
            _ => (Shorten(body, PostBody.MaxLength), "long-body"),
        };
    }

    public static (string Text, string? Flaw) Title(string? raw)
    {
        var title = OneLine(raw ?? "");
        return title.Length == 0 ? (NoTitle, "empty-title")
            : PlainLine.Length(title) < MinTitle ? (title + " (short title)", "short-title")
            : PlainLine.Length(title) > MaxTitle ? (Shorten(title, MaxTitle), "long-title")
            : (title, title == raw!.Trim() ? null : "title-not-one-line");
    }

    /// <summary>The text on one line: what would break it becomes a space.</summary>
    public static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            var breaks =
                char.GetUnicodeCategory(c)
                    is UnicodeCategory.Control
                        or UnicodeCategory.LineSeparator
                        or UnicodeCategory.ParagraphSeparator
                || c == '\uFFFE'; // no character: names with it cannot be compared
            line.Append(breaks ? ' ' : c);
        }

        return line.ToString().Trim();
    }

    /// <summary>The first so many characters, as <see cref="PlainLine.Length"/> counts them.</summary>
    public static string Cut(string text, int length)
    {
        var end = 0;
        for (var count = 0; end < text.Length && count < length; count++)
        {
            end += char.IsHighSurrogate(text[end]) && end + 1 < text.Length ? 2 : 1;
        }

        return text[..end];
    }

    private static string Shorten(string text, int length)
    {
        const string Mark = " \u2026 (cut)";
        return Cut(text, length - Mark.Length) + Mark;
    }
}
