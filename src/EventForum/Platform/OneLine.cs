using System.Globalization;
using System.Text;

namespace EventForum.Platform;

/// <summary>
/// Texts of others as a part of one line in a terminal or a file: nothing in them steers a terminal, begins a line or
/// turns the text around.
/// </summary>
public static class OneLine
{
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;

    /// <summary>White space becomes one space; control characters, line separators and formatting ones are left out.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="max">How many characters it may have: Unicode scalar values. A longer one ends in an ellipsis.</param>
    public static string Of(string text, int max = int.MaxValue)
    {
        var line = new StringBuilder();
        var (length, cut) = (0, 0);
        var space = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                space = length > 0;
                continue;
            }

            if (!Shows(rune))
            {
                continue;
            }

            if (space)
            {
                Add(new Rune(' '));
                space = false;
            }

            Add(rune);
            if (length > max)
            {
                line.Length = cut;
                return line.ToString().TrimEnd() + '…';
            }
        }

        return line.ToString();

        void Add(Rune rune)
        {
            line.Append(rune);
            cut = ++length < max ? line.Length : cut;
        }
    }

    /// <summary>Joiners belong to scripts and emoji; of the other formatting characters, some reorder what stands around.</summary>
    private static bool Shows(Rune rune) =>
        rune.Value is ZeroWidthJoiner or ZeroWidthNonJoiner
        || Rune.GetUnicodeCategory(rune)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.Surrogate
            );
}
