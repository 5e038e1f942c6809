using System.Text.RegularExpressions;

namespace EventForum.Threads.Quoting;

/// <summary>Tells prose, whose lines may be broken anew, from columns, code, verse and drawings, whose lines may not.</summary>
internal static partial class MailProse
{
    // A margin nearer than this is no margin: such lines are short because they are meant to be.
    private const int NarrowestMargin = 50;
    private const int DeepIndent = 4;

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
        var gaps = block.Count(line => Gap.IsMatch(line));
        if (gaps > 0 && gaps * 2 >= block.Count)
            return true;
        var (symbols, marks) = (block.Sum(Symbols), block.Sum(Marks));
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

    [GeneratedRegex(
        @"^\s*(#\s*(include|define|if|end)|/\*|//|[$%]\s)|[;{}\\]\s*$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Code { get; }

    /// <summary>An item of a list that somebody typed.</summary>
    [GeneratedRegex(
        @"^\s*([-*o+•]|\(?([0-9]{1,3}|[A-Za-z])[.)])\s",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Item { get; }
}
