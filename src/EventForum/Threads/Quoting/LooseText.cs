using System.Text;
using System.Text.RegularExpressions;

namespace EventForum.Threads.Quoting;

/// <summary>
/// Some spans of a body by letters and digits alone: what is the same in words that another program copied, with other
/// quotation marks, dashes, ellipses, mark-up, line breaks or capitals.
/// </summary>
/// <param name="Positions">Where each letter stands in the body.</param>
/// <param name="Markup">Tags, targets of links, fences of code, entities: no words, but they belong to those beside them.</param>
internal sealed partial record LooseText(
    string Body,
    string Text,
    IReadOnlyList<int> Positions,
    IReadOnlyList<TextSpan> Markup
)
{
    /// <summary>Fewer letters may stand anywhere by chance.</summary>
    private const int MinLetters = 8;

    /// <summary>Nor do a few words of an excerpt that leaves something out say where they are from.</summary>
    private const int MinPiece = 15;

    private const int MaxTries = 20;

    private const string Before = "\"'“‘«¿¡(…*_~`";
    private const string Behind = "\"'”’».,:;!?)…%*_~`";

    public static LooseText Of(string body, IReadOnlyList<TextSpan> spans)
    {
        var text = new StringBuilder(body.Length);
        var positions = new List<int>(body.Length);
        var markup = new List<TextSpan>();
        foreach (var span in spans)
        {
            var start = span.Start;
            foreach (var match in MarkupPattern.EnumerateMatches(body.AsSpan(span.Start, span.Length)))
            {
                markup.Add(new(span.Start + match.Index, match.Length));
                Add(start, markup[^1].Start);
                start = markup[^1].End;
            }

            Add(start, span.End);
        }

        return new(body, text.ToString(), positions, markup);

        void Add(int start, int end)
        {
            for (var i = start; i < end; i++)
            {
                if (char.IsLetterOrDigit(body[i]))
                {
                    text.Append(char.ToLowerInvariant(body[i]));
                    positions.Add(i);
                }
            }
        }
    }

    /// <summary>
    /// Where an excerpt stands, in whole words: one span, or several where it leaves something out; none where it does
    /// not stand here.
    /// </summary>
    public IReadOnlyList<TextSpan> Find(string excerpt)
    {
        var whole = Letters(excerpt);
        if (whole.Length < MinLetters)
            return [];
        if (Find(whole, 0) is { } found)
            return [Span(found, whole.Length)];
        var spans = new List<TextSpan>();
        var from = 0;
        foreach (var piece in LeftOut.Split(excerpt).Select(Letters).Where(piece => piece.Length > 0))
        {
            if (piece.Length < MinPiece || Find(piece, from) is not { } at)
                return [];
            spans.Add(Span(at, piece.Length));
            from = at + piece.Length;
        }

        return spans;
    }

    /// <summary>The letters and digits of a text without its mark-up.</summary>
    public static string Letters(string text) => Of(text, [new(0, text.Length)]).Text;

    private int? Find(string letters, int from)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var at = Text.IndexOf(letters, from, StringComparison.Ordinal);
            if (at < 0)
                return null;
            if (IsWordsEdge(at) && IsWordsEdge(at + letters.Length))
                return at;
            from = at + 1;
        }

        return null;
    }

    /// <summary>Whether what stands before this letter is not of the same word.</summary>
    private bool IsWordsEdge(int at) => at == 0 || at == Text.Length || Positions[at] != Positions[at - 1] + 1;

    /// <summary>With the punctuation, the emphasis and the tags that stand right around the words.</summary>
    private TextSpan Span(int at, int length)
    {
        var (start, end) = (Positions[at], Positions[at + length - 1] + 1);
        for (var moved = true; moved; )
        {
            while (start > 0 && Before.Contains(Body[start - 1]))
                start--;
            while (end < Body.Length && Behind.Contains(Body[end]))
                end++;
            var (opens, closes) = (OpeningBefore(start), ClosingBehind(start, end));
            moved = opens != start || closes != end;
            (start, end) = (opens, closes);
        }

        // The text of a link whose target is quoted, too.
        if (
            start > 0
            && Body[start - 1] == '['
            && Body.AsSpan(start, end - start).Contains("](", StringComparison.Ordinal)
        )
            start--;
        return new(start, end - start);
    }

    private int OpeningBefore(int start)
    {
        var mark = Markup.LastOrDefault(mark => mark.End <= start);
        var text = Body.AsSpan(mark.Start, mark.Length).TrimStart(' ');
        return text switch
        {
            ['`' or '~', ..] when IsBlank(mark.End, start) => mark.Start,
            ['[', not ('/' or '*'), ..] or ['<', not '/', ..] when mark.End == start => mark.Start,
            _ => start,
        };
    }

    private int ClosingBehind(int start, int end)
    {
        // The bracket of a link stands before its target.
        var from = end < Body.Length && Body[end] == ']' ? end + 1 : end;
        var mark = Markup.FirstOrDefault(mark => mark.Start >= end);
        var text = Body.AsSpan(mark.Start, mark.Length).TrimStart(' ');
        return text switch
        {
            ['`' or '~', ..] when IsBlank(end, mark.Start) && text.StartsWith(Body.AsSpan(start).TrimStart(' ')[..3]) =>
                mark.End,
            ['[' or '<', '/', ..] when mark.Start == end => mark.End,
            ['(', ..] when mark.Start == from && from > end => mark.End,
            _ => end,
        };
    }

    private bool IsBlank(int from, int to) => Body.AsSpan(from, to - from).IsWhiteSpace();

    [GeneratedRegex(
        @"\[/?(b|i|u|s|img|url|email|code|size|color|font|list|center|left|right|\*)(=[^\]\n]{0,500})?\]|(?<=\])\([^()\s]{0,500}\)|</?(a|b|br|code|em|i|kbd|li|p|pre|s|span|strong|sub|sup|u)(\s[^<>\n]{0,200})?/?>|&(amp|gt|lt|nbsp|quot|\#\d{1,5});|^ {0,3}(```|~~~)[^`\n]*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline
    )]
    private static partial Regex MarkupPattern { get; }

    [GeneratedRegex(
        @"[\[(<]\s{0,3}(\.{2,}|…|snip[^\])>\n]{0,50}|stuff deleted|deleted)\s{0,3}[\])>]|\.{3,}|…",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex LeftOut { get; }
}
