namespace EventForum.Threads.Quoting;

internal enum MailLineKind
{
    Words,

    /// <summary>Says who wrote the lines that follow it, at a greater depth.</summary>
    Attribution,

    /// <summary>The line <c>--</c> and everything below.</summary>
    Signature,

    /// <summary>What a mailing list appends.</summary>
    Footer,
}

/// <summary>A line of a mail.</summary>
/// <param name="Span">Where it is in the mail, with its marks.</param>
/// <param name="Words">What it says, without them.</param>
/// <param name="Depth">How deep it is quoted; 0 for the author's own. A blank line is as deep as the shallower of its neighbours.</param>
/// <param name="Initials">Of who is quoted, where the marks say them.</param>
internal sealed record MailLine(TextSpan Span, string Words, int Depth, string? Initials)
{
    public MailLineKind Kind { get; set; }

    public bool IsBlank { get; } = string.IsNullOrWhiteSpace(Words);
}

/// <summary>Reads a mail line by line. Linear in its length.</summary>
internal static class MailLines
{
    private const int MaxSignature = 20;
    private const int MaxFooter = 12;

    private static readonly string[] FooterWords = ["mailing list", "unsubscribe", "listinfo", "list archive"];

    public static IReadOnlyList<MailLine> Of(string mail)
    {
        var texts = mail.Split('\n');
        var own = OwnMark(texts);
        var marks = Array.ConvertAll(texts, text => MailMarks.Of(text, own));
        var lines = new List<MailLine>(texts.Length);
        var start = 0;
        for (var i = 0; i < texts.Length; i++)
        {
            var (depth, length, initials, _) = IsQuoted(marks, texts, i) ? marks[i] : default;
            lines.Add(new(new(start, texts[i].Length), texts[i][length..], depth, initials));
            start += texts[i].Length + 1;
        }

        LevelBlankLines(lines);
        MarkSignature(lines);
        MarkFooter(lines);
        MailAttributions.MarkIn(lines);
        MarkSetIn(lines);
        return lines;
    }

    /// <summary>What of a mail its author did not write for it: what is quoted, who said it, signatures, footers.</summary>
    public static IEnumerable<TextSpan> NotOwn(string mail)
    {
        TextSpan? run = null;
        foreach (var line in Of(mail))
        {
            var isOwn = line is { Depth: 0, Kind: MailLineKind.Words };
            if (!isOwn)
                run = run is { } open ? new(open.Start, line.Span.End - open.Start) : line.Span;
            else if (run is { } ended)
            {
                yield return ended;
                run = null;
            }
        }

        if (run is { } last)
            yield return last;
    }

    private static bool IsQuoted(MailMarks[] marks, string[] texts, int at) =>
        marks[at].Doubtful is not { } mark
        || (at > 0 && (marks[at - 1].Doubtful == mark || IsIntroduction(texts[at - 1])))
        || (at + 1 < marks.Length && marks[at + 1].Doubtful == mark);

    /// <summary>The mark of two lines or more that stand right below one that says who wrote them.</summary>
    public static char? OwnMark(string[] texts)
    {
        var last = "";
        for (var i = 0; i + 1 < texts.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(texts[i]))
                continue;
            var mark = texts[i].AsSpan().TrimStart(' ')[0];
            if (
                MailMarks.OwnMarks.Contains(mark)
                && texts[i + 1].AsSpan().TrimStart(' ').StartsWith([mark])
                && MailAttributions.IsLike(last)
                && MailMarks.Of(texts[i], mark).Depth > 0
            )
            {
                return mark;
            }

            last = texts[i];
        }

        return null;
    }

    /// <summary>
    /// A piece of a mail whose own marks are the usual ones: out of its mail nothing says that these are marks.
    /// </summary>
    public static string WithUsualMarks(string piece, char own)
    {
        var texts = piece.Split('\n');
        var marks = Array.ConvertAll(texts, text => MailMarks.Of(text, own));
        return string.Join(
            '\n',
            texts.Select(
                (text, i) =>
                    IsQuoted(marks, texts, i) && MailMarks.Of(text).Depth < marks[i].Depth
                        ? new string('>', marks[i].Depth) + " " + text[marks[i].Length..]
                        : text
            )
        );
    }

    private static bool IsIntroduction(string line) => line.AsSpan().TrimEnd().EndsWith(':');

    /// <summary>Paragraphs that are set in right below a line that says who wrote them are quoted, without any mark.</summary>
    private static void MarkSetIn(List<MailLine> lines)
    {
        for (var i = 1; i < lines.Count; i++)
        {
            if (lines[i - 1].Kind != MailLineKind.Attribution || lines[i] is not { Depth: 0, Kind: MailLineKind.Words })
                continue;
            var (start, end) = SetIn(lines, i);
            // One line may be the beginning of the answer.
            if (end - start < 2)
                continue;
            var margin = lines[start..end].Where(line => !line.IsBlank).Min(Margin);
            for (var at = start; at < end; at++)
                lines[at] = lines[at] with { Depth = 1, Words = lines[at].IsBlank ? "" : lines[at].Words[margin..] };
        }
    }

    /// <summary>Whole paragraphs, of which each line is set in.</summary>
    private static (int Start, int End) SetIn(List<MailLine> lines, int from)
    {
        var start = from;
        while (start < lines.Count && lines[start].IsBlank)
            start++;
        var end = start;
        while (end < lines.Count && (lines[end].IsBlank || IsSetIn(lines[end])))
            end++;
        while (end > start && end < lines.Count && !lines[end - 1].IsBlank)
            end--;
        while (end > start && lines[end - 1].IsBlank)
            end--;
        return (start, end);
    }

    private static int Margin(MailLine line) => line.Words.Length - line.Words.AsSpan().TrimStart().Length;

    private static bool IsSetIn(MailLine line) =>
        line is { Depth: 0, Kind: MailLineKind.Words, Words: ['\t', ..] or [' ', ' ', ..] };

    private static void LevelBlankLines(List<MailLine> lines)
    {
        var above = 0;
        for (var i = 0; i < lines.Count; i++)
        {
            if (!lines[i].IsBlank)
            {
                above = lines[i].Depth;
                continue;
            }

            var end = i;
            while (end < lines.Count && lines[end].IsBlank)
                end++;
            var depth = end == lines.Count ? 0 : Math.Min(above, lines[end].Depth);
            for (; i < end; i++)
                lines[i] = lines[i] with { Depth = depth, Initials = null };
            i--;
        }
    }

    private static void MarkSignature(List<MailLine> lines)
    {
        var first = lines.Count;
        for (var i = lines.Count - 1; i >= 0 && lines.Count - i <= MaxSignature + 1; i--)
        {
            if (lines[i] is { Depth: > 0, IsBlank: false })
                break;
            if (
                i + 1 < lines.Count
                && lines[i].Words.StartsWith("--", StringComparison.Ordinal)
                && lines[i].Words.TrimEnd() == "--"
            )
                first = i;
        }

        foreach (var line in lines.Skip(first))
            line.Kind = MailLineKind.Signature;
    }

    private static void MarkFooter(List<MailLine> lines)
    {
        for (var i = Math.Max(0, lines.Count - MaxFooter); i < lines.Count; i++)
        {
            var below = lines[i..];
            if (
                MailProse.IsRule(lines[i].Words)
                && below.TrueForAll(line => line is { Depth: 0, Kind: MailLineKind.Words })
                && below.Exists(line =>
                    Array.Exists(FooterWords, word => line.Words.Contains(word, StringComparison.OrdinalIgnoreCase))
                )
            )
            {
                below.ForEach(line => line.Kind = MailLineKind.Footer);
            }
        }
    }
}
