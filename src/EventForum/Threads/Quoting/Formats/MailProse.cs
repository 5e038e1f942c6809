using System.Text.RegularExpressions;

namespace EventForum.Threads.Quoting;

/// <summary>Tells prose, whose lines may be broken anew, from columns, code, verse and drawings, whose lines may not.</summary>
internal static partial class MailProse
{
    // A margin nearer than this is no margin: such lines are short because they are meant to be.
    private const int NarrowestMargin = 50;
    private const int DeepIndent = 4;
    private const int LongRule = 8;
    private const int ShortBlock = 8;

    /// <summary>
    /// Whether the mail is <c>format=flowed</c>: its long lines end with a blank where they go on, as none by hand do.
    /// </summary>
    public static bool IsFlowed(IReadOnlyList<MailLine> lines)
    {
        var (going, flowing) = (0, 0);
        for (var i = 0; i + 1 < lines.Count; i++)
        {
            if (
                lines[i].Words.Length >= NarrowestMargin
                && !lines[i + 1].IsBlank
                && lines[i + 1].Depth == lines[i].Depth
            )
            {
                going++;
                flowing += lines[i].Words.EndsWith(' ') ? 1 : 0;
            }
        }

        return flowing > 1 && flowing * 10 >= going * 6;
    }

    /// <summary>The lines of a paragraph, with those joined that only a margin broke.</summary>
    public static IReadOnlyList<string> Reflow(IReadOnlyList<string> block, bool isFlowed)
    {
        var margin = Math.Max(NarrowestMargin, block.Max(line => line.TrimEnd().Length) * 3 / 4);
        var lines = new List<string>();
        var joined = new List<string> { block[0].Trim() };
        for (var i = 1; i < block.Count; i++)
        {
            var goesOn =
                !Item.IsMatch(block[i])
                && !IsRule(block[i])
                && !IsRule(block[i - 1])
                && (isFlowed ? block[i - 1].EndsWith(' ') : IsFull(block[i - 1], block[i], margin));
            if (!goesOn)
            {
                lines.Add(string.Join(' ', joined));
                joined.Clear();
            }

            joined.Add(block[i].Trim());
        }

        lines.Add(string.Join(' ', joined));
        return lines;
    }

    public static bool IsVerbatim(IReadOnlyList<string> block)
    {
        // Below a rule stands what is set apart on purpose, such as a signature.
        if (block.Count > 1 && IsRule(block[0]) && (block[0].Trim().Length >= LongRule || block.Count <= ShortBlock))
            return true;
        var gaps = block.Count(line => Gap.IsMatch(line));
        if (block.Count == 1 ? WideGap.IsMatch(block[0]) : gaps > 1 && gaps * 2 >= block.Count)
            return true;
        var drawn = block.Where(line => !IsRule(line)).ToList();
        var (symbols, marks) = (drawn.Sum(Symbols), drawn.Sum(Marks));
        if (marks > 3 && symbols * 5 > marks * (block.Count > 1 ? 2 : 3))
            return true;
        if (block.Count < 2)
            return false;
        if (block.Count(line => Code.IsMatch(line)) * 5 >= block.Count * 2)
            return true;
        var margin = Math.Max(NarrowestMargin, block.Max(line => line.TrimEnd().Length) * 3 / 4);
        var full = Enumerable.Range(1, block.Count - 1).Count(i => IsFull(block[i - 1], block[i], margin));
        if (full * 2 >= block.Count - 1)
            return false;
        // What is set in, or set in and out, is meant to be; an item and what hangs below it is prose.
        var indents = block.Where(line => !Item.IsMatch(line)).Select(Indent).ToList();
        return indents.Count > 1 && (indents.Min() >= DeepIndent || indents.Max() - indents.Min() >= 2);
    }

    /// <summary>Whether a line stands apart from the one above it: a rule that is no underline of it.</summary>
    public static bool IsApart(string line, string above) =>
        IsRule(line) && Math.Abs(line.Trim().Length - above.Trim().Length) > 3;

    /// <summary>A line of one sign.</summary>
    public static bool IsRule(string line)
    {
        var mark = line.AsSpan().Trim();
        return mark.Length >= 3
            && mark[0] is ('_' or '-' or '=' or '*' or '~' or '#')
            && mark.IndexOfAnyExcept(mark[0]) < 0;
    }

    /// <summary>The next line's first word had no room any more.</summary>
    private static bool IsFull(string line, string next, int margin)
    {
        var word = next.AsSpan().Trim();
        return line.TrimEnd().Length + 1 + (word.IndexOf(' ') is >= 0 and var end ? end : word.Length) > margin;
    }

    private static int Indent(string line) => line.Length - line.AsSpan().TrimStart().Length;

    private static int Symbols(string line) => line.Count(c => !char.IsLetterOrDigit(c) && !char.IsWhiteSpace(c));

    private static int Marks(string line) => line.Count(c => !char.IsWhiteSpace(c));

    /// <summary>Words with so much between them that they stand in columns.</summary>
    [GeneratedRegex(@"\S(?: {3,}|\t)\s*\S", RegexOptions.CultureInvariant)]
    private static partial Regex Gap { get; }

    [GeneratedRegex(@"\S(?: {5,}|\t)\s*\S", RegexOptions.CultureInvariant)]
    private static partial Regex WideGap { get; }

    [GeneratedRegex(
        @"^\s*(#\s*(include|define|if|end)|/\*|//|[$%]\s)|[;{}\\]\s*$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Code { get; }

    /// <summary>An item of a list that somebody typed, or a field of a header.</summary>
    [GeneratedRegex(
        @"^\s*([-*o+•]|\(?([0-9]{1,3}|[A-Za-z])[.)]|[A-Z][A-Za-z-]{2,15}:)\s",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Item { get; }
}
