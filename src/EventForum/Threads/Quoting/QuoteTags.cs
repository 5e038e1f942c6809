using System.Text.RegularExpressions;

namespace EventForum.Threads.Quoting;

/// <summary>The quote tags of a text, and the code in it, where a tag is only text. One pass, linear.</summary>
/// <remarks>
/// Simpler than CommonMark on purpose: inline code ends with its line and indentation makes no code,
/// so that what a writer sees around a tag decides, not what stands paragraphs away.
/// </remarks>
internal sealed partial class QuoteTags
{
    internal readonly record struct Tag(TextSpan Span, bool Closes, TextSpan? Attribute);

    internal readonly record struct Code(TextSpan Span, bool IsBbCode);

    // Where a line has no run of so many back ticks any more: to look again for each would be quadratic.
    private readonly HashSet<(int LineEnd, int Run)> unclosed = [];
    private TextSpan current = new(-1, 0);

    public List<Tag> Tags { get; } = [];

    public List<Code> CodeSpans { get; } = [];

    public static QuoteTags In(string text)
    {
        var found = new QuoteTags();
        var lineStart = 0;
        var bbCodeCloses = true;
        for (var match = Token.Match(text); match.Success; )
        {
            var next = match.Index + match.Length;
            if (match.Groups["mark"].Success)
            {
                if (found.CodeEnd(text, match.Index, match.Length, lineStart) is { } end)
                    found.CodeSpans.Add(new(new(match.Index, (next = end) - match.Index), IsBbCode: false));
            }
            else if (match.Groups["code"].Success)
            {
                var close = bbCodeCloses ? CodeClose.Match(text, next) : Match.Empty;
                bbCodeCloses = close.Success;
                if (bbCodeCloses)
                    found.CodeSpans.Add(
                        new(new(match.Index, (next = close.Index + close.Length) - match.Index), IsBbCode: true)
                    );
            }
            else
            {
                var attribute = match.Groups["attribute"];
                TextSpan? span = attribute.Success ? new(attribute.Index, attribute.Length) : null;
                found.Tags.Add(new(new(match.Index, match.Length), match.Groups["close"].Success, span));
                // A fence may follow a tag on its line: taking the quote out must not turn text into code.
                lineStart = next;
            }

            match = Token.Match(text, next);
        }

        return found;
    }

    /// <summary>A back slash before each thing that would be read as a tag, or as code that hides one.</summary>
    public static string Shield(string text) => Structure.Replace(text, @"\");

    private int? CodeEnd(string text, int start, int run, int lineStart)
    {
        var eol = EndOfLine(text, start);
        var isTilde = text[start] == '~';
        if (run >= 3 && (isTilde || text.IndexOf('`', start + run, eol - start - run) < 0))
        {
            var before = text.AsSpan(lineStart, start - lineStart);
            before = before[(before.LastIndexOf('\n') + 1)..];
            if (IsPrefix(before))
                return FenceEnd(text, start, run, quoted: before.Contains('>'));
        }

        return isTilde ? null : InlineEnd(text, start + run, run, eol);
    }

    // The marks of a line are met in order: its end is looked for once.
    private int EndOfLine(string text, int from)
    {
        if (from < current.Start || from > current.End)
            current = new(from, LineEnd(text, from) - from);
        return current.End;
    }

    // Indentation, and the marks of blockquotes and lists.
    private static bool IsPrefix(ReadOnlySpan<char> line)
    {
        foreach (var c in line)
        {
            if (!char.IsWhiteSpace(c) && !">-*+.)0123456789".Contains(c, StringComparison.Ordinal))
                return false;
        }

        return true;
    }

    private static int FenceEnd(string text, int start, int run, bool quoted)
    {
        for (var line = LineEnd(text, start) + 1; line < text.Length; )
        {
            var end = LineEnd(text, line);
            var content = text.AsSpan(line, end - line).Trim();
            if (quoted && !content.StartsWith('>'))
                return line;
            var bare = content.TrimStart(" \t>");
            if (bare.Length >= run && bare.Trim(text[start]).IsEmpty)
                return end;
            line = end + 1;
        }

        return text.Length;
    }

    private int? InlineEnd(string text, int from, int run, int eol)
    {
        if (unclosed.Contains((eol, run)))
            return null;
        while (text.IndexOf('`', from, eol - from) is >= 0 and var tick)
        {
            from =
                tick
                + text.AsSpan(tick, eol - tick).IndexOfAnyExcept('`') switch
                {
                    < 0 => eol - tick,
                    var n => n,
                };
            if (from - tick == run)
                return from;
        }

        unclosed.Add((eol, run));
        return null;
    }

    private static int LineEnd(string text, int from) =>
        text.IndexOf('\n', from) switch
        {
            < 0 => text.Length,
            var end => end,
        };

    [GeneratedRegex(
        """
            (?<!\\)(?: (?<mark> `+ | ~{3,} )
              | (?<code> \[code (=[^\]\n]{0,40})? \] )
              | \[ (?<close>/)? quote (= (?<attribute> "[^"\n]{0,200}"[^\]\n]{0,100} | [^\]\n]{0,200} ))? \] )
            """,
        RegexOptions.IgnoreCase
            | RegexOptions.CultureInvariant
            | RegexOptions.ExplicitCapture
            | RegexOptions.IgnorePatternWhitespace
    )]
    private static partial Regex Token { get; }

    [GeneratedRegex(@"(?<!\\)\[/code\]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex CodeClose { get; }

    [GeneratedRegex(
        @"(?<!\\)(?=\[/?(quote|code))|(?<![\\`])(?=```)|(?<![\\~])(?=~~~)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Structure { get; }
}
