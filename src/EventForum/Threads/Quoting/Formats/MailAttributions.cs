using System.Text.RegularExpressions;

namespace EventForum.Threads.Quoting;

/// <summary>Finds the lines that say who wrote what is quoted below them: <c>On Monday, Ann wrote:</c></summary>
internal static partial class MailAttributions
{
    private const int MaxLines = 3;
    private const int MaxLength = 300;

    // Without an opening such as "In article", a longer paragraph before a quote is somebody's own.
    private const int MaxParagraph = 2;

    public static void MarkIn(List<MailLine> lines)
    {
        var next = lines.Count;
        for (var i = lines.Count - 1; i >= 0; i--)
        {
            if (lines[i].IsBlank)
                continue;
            // At the end of a text stands what it quotes by reference.
            var isBeforeQuote =
                next == lines.Count || lines[next].Depth > lines[i].Depth || lines[next].Kind != MailLineKind.Words;
            next = i;
            if (lines[i].Kind == MailLineKind.Words && First(lines, i, isBeforeQuote) is { } first)
            {
                for (; i > first; i--)
                    lines[i].Kind = MailLineKind.Attribution;
                lines[i].Kind = MailLineKind.Attribution;
                next = i;
            }
        }
    }

    /// <summary>Whether a quoted paragraph reads as if it said who wrote something: many posts have the same.</summary>
    public static bool IsLike(string paragraph) =>
        paragraph.Length <= MaxLength
        && paragraph.Count('\n') < MaxParagraph
        && Verb.IsMatch(paragraph)
        && Ending.IsMatch(paragraph);

    /// <summary>The first line of an attribution that ends with this one; null where none does.</summary>
    private static int? First(List<MailLine> lines, int last, bool isBeforeQuote)
    {
        if (lines[last].Words.Length > MaxLength || !Ending.IsMatch(lines[last].Words))
            return null;
        var verb = false;
        for (var i = last; i > last - MaxLines && Belongs(i); i--)
        {
            verb |= Verb.IsMatch(lines[i].Words);
            if (verb && Opening.IsMatch(lines[i].Words))
                return i;
        }

        if (!isBeforeQuote || !Verb.IsMatch(lines[last].Words) || (Belongs(last - 1) && Belongs(last - MaxParagraph)))
            return null;
        return Belongs(last - 1) ? last - 1 : last;

        bool Belongs(int at) =>
            at >= 0
            && lines[at] is { IsBlank: false, Kind: MailLineKind.Words, Words.Length: <= MaxLength }
            && lines[at].Depth == lines[last].Depth;
    }

    [GeneratedRegex(
        @"^\s*(in\s+(article|message|reply)\b|in\s+<|from\s+article\b|on\s+.*\d|quoting\s|according\s+to\s)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Opening { get; }

    [GeneratedRegex(
        @"\b(quoting|writes?|wrote|writ|says|said|asks|asked|replied|responds|responded|states|stated|scribbled|typed|posted|schrieb|schreibt|écrit|escribió|scrisse)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Verb { get; }

    [GeneratedRegex(
        @"(:|\.\.\.?|\b(writes?|wrote|says|said))\s*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Ending { get; }
}
