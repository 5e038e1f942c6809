using System.Globalization;
using System.Text;

namespace EventForum.Threads.Quoting;

/// <summary>Text as it is shown: marks piled on a letter, more of them than any language needs, would cover what stands around.</summary>
internal static class Legible
{
    private const int MaxMarks = 8;
    private const char FirstMark = '\u0300';

    public static string Of(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange(FirstMark, char.MaxValue))
            return text;
        StringBuilder? legible = null;
        var marks = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var isPair = char.IsSurrogatePair(text, i);
            marks = IsMark(text, i) ? marks + 1 : 0;
            if (marks > MaxMarks)
                legible ??= new StringBuilder(text, 0, i, text.Length);
            else if (legible is not null)
                legible.Append(text, i, isPair ? 2 : 1);
            i += isPair ? 1 : 0;
        }

        return legible?.ToString() ?? text;
    }

    private static bool IsMark(string text, int at) =>
        text[at] >= FirstMark
        && CharUnicodeInfo.GetUnicodeCategory(text, at)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.EnclosingMark;
}
