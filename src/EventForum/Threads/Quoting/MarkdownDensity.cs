using System.Text.RegularExpressions;

namespace EventForum.Threads.Quoting;

/// <summary>How much there is for Markdig to do in a text: what is more than people write by hand is not formatted.</summary>
internal static partial class MarkdownDensity
{
    private const int MaxMarks = 2_000;
    private const int MaxUnderlines = 4_000;

    // Whatever follows a mark in its paragraph is put into it, until the paragraph ends: all of them are passed each time.
    private const long MaxSteps = 20_000_000;

    /// <summary>Too many marks that may open or close something.</summary>
    public static bool IsTooHigh(string text)
    {
        var marks = 0;
        var others = 0;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '*' or '[' or '|':
                case '~' when IsAt(i - 1, '~') || IsAt(i + 1, '~'):
                case '_' when !IsInWord(i):
                    marks++;
                    break;
                case '\n' or '\\' or '`' or '<' or '&' or '!' or ']' or ':' or '.':
                    others++;
                    break;
            }
        }

        return marks > MaxMarks || (long)marks * (marks + others) > MaxSteps;

        bool IsAt(int at, char c) => at >= 0 && at < text.Length && text[at] == c;

        // As in snake_case, where CommonMark lets it neither open nor close.
        bool IsInWord(int at) =>
            at > 0 && at + 1 < text.Length && char.IsLetterOrDigit(text[at - 1]) && char.IsLetterOrDigit(text[at + 1]);
    }

    /// <summary>Each line that may underline a heading makes Markdig look for its paragraph among all blocks so far.</summary>
    public static bool HasTooManyUnderlines(string text) =>
        text.Length > MaxUnderlines && Underline.Count(text) > MaxUnderlines;

    [GeneratedRegex(@"^[ \t>]*[=-]+[ \t]*$", RegexOptions.Multiline)]
    private static partial Regex Underline { get; }
}
