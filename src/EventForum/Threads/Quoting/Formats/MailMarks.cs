namespace EventForum.Threads.Quoting;

/// <summary>What stands before the words of a line of a mail that quotes.</summary>
/// <param name="Depth">How many marks these are.</param>
/// <param name="Length">How many characters, with the blanks between and one behind them.</param>
/// <param name="Initials">Of who is quoted, as <c>JN</c> in <c>JN&gt;</c>; null without.</param>
/// <param name="Doubtful">
/// A first mark that is one only where the lines beside have it, too: <c>|</c>, <c>:</c>, initials, what is set in, and the
/// mail's own mark.
/// </param>
internal readonly record struct MailMarks(int Depth, int Length, string? Initials, char? Doubtful)
{
    // Nobody quotes deeper; what stands behind so many marks is words.
    private const int MaxDepth = 100;
    private const int MaxBlanks = 3;
    private const int MaxInitials = 4;

    /// <summary>What some people mark quotes with. Elsewhere it is code, a rule or a list.</summary>
    public const string OwnMarks = "#}<=+;]%";

    /// <param name="own">A mark out of <see cref="OwnMarks"/> that this mail has for quotes; null for none.</param>
    public static MailMarks Of(ReadOnlySpan<char> line, char? own = null)
    {
        var marks = default(MailMarks);
        var end = 0;
        while (marks.Depth < MaxDepth)
        {
            var at = end;
            while (at < line.Length && at - end < MaxBlanks && line[at] == ' ')
                at++;
            if (at == line.Length)
                break;
            if (line[at] == '>')
                marks = marks with
                {
                    Depth = marks.Depth + 1,
                    Doubtful = marks.Depth == 0 && at > 0 ? ' ' : marks.Doubtful,
                };
            else if ((line[at] is '|' or ':' || line[at] == own) && IsMark(line, at))
                marks = marks with { Depth = marks.Depth + 1, Doubtful = marks.Depth == 0 ? line[at] : marks.Doubtful };
            else if (InitialsAt(line[at..]) is > 0 and var length)
            {
                marks = marks with
                {
                    Depth = marks.Depth + 1,
                    Initials = $"{marks.Initials} {line.Slice(at, length)}".TrimStart(),
                    Doubtful = marks.Depth == 0 ? 'A' : marks.Doubtful,
                };
                at += length;
            }
            else
                break;
            end = at + 1;
        }

        return marks with
        {
            Length = marks.Depth > 0 && end < line.Length && line[end] == ' ' ? end + 1 : end,
        };
    }

    /// <summary>A rule at the left of some words, and not the border of a table or a smiley.</summary>
    private static bool IsMark(ReadOnlySpan<char> line, int at)
    {
        var rest = line[(at + 1)..];
        return line[at] switch
        {
            ':' => rest.IsEmpty || rest[0] is ' ' or '>' or ':' || char.IsLetter(rest[0]),
            '|' => rest.TrimStart("| ").IndexOf('|') < 0,
            var own => rest.IsEmpty || rest[0] != own,
        };
    }

    private static int InitialsAt(ReadOnlySpan<char> line)
    {
        var length = 0;
        while (length < line.Length && length <= MaxInitials && char.IsAsciiLetter(line[length]))
            length++;
        return
            length is > 0 and <= MaxInitials
            && char.IsAsciiLetterUpper(line[0])
            && length < line.Length
            && line[length] == '>'
            && (length + 1 == line.Length || line[length + 1] is ' ' or '>')
            ? length
            : 0;
    }
}
