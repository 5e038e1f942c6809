namespace EventForum.Threads.Quoting;

/// <summary>A mail is read part by part.</summary>
internal abstract record MailPart
{
    /// <summary>Prose: lines that its author's margin broke are one again; those broken for their own sake are not.</summary>
    public sealed record Paragraph(IReadOnlyList<string> Lines) : MailPart;

    /// <summary>Columns, code, verse, drawings: lines as they are.</summary>
    public sealed record Verbatim(List<string> Blocks) : MailPart
    {
        public string Text => string.Join("\n\n", Blocks);
    }

    /// <summary>Says who wrote what is quoted below it.</summary>
    public sealed record Attribution(string Text) : MailPart;

    public sealed record Signature(string Text) : MailPart;

    public sealed record Footer(string Text) : MailPart;

    /// <summary>What is quoted, with what was quoted in it.</summary>
    public sealed record Quoted(IReadOnlyList<MailPart> Parts) : MailPart;
}

/// <summary>The parts of a mail.</summary>
internal static class MailParts
{
    public static IReadOnlyList<MailPart> Of(string mail)
    {
        var lines = MailLines.Of(mail);
        var isFlowed = MailProse.IsFlowed(lines);
        return Of(lines, 0, lines.Count, 0, isFlowed);
    }

    private static List<MailPart> Of(IReadOnlyList<MailLine> lines, int start, int end, int depth, bool isFlowed)
    {
        var parts = new List<MailPart>();
        string? initials = null;
        for (var i = start; i < end; )
        {
            var run = i + 1;
            if (lines[i].IsBlank && lines[i].Kind is MailLineKind.Words)
            {
                i++;
                continue;
            }

            if (lines[i].Depth > depth && depth < SafeHtml.MaxShownDepth)
            {
                while (run < end && lines[run].Depth > depth)
                    run++;
                parts.Add(new MailPart.Quoted(Of(lines, i, run, depth + 1, isFlowed)));
                i = run;
                continue;
            }

            var first = lines[i];
            while (
                run < end
                && lines[run].Kind == first.Kind
                && (first.Kind is MailLineKind.Signature or MailLineKind.Footer || !lines[run].IsBlank)
                && (depth == SafeHtml.MaxShownDepth || lines[run].Depth == depth)
                && lines[run].Initials == first.Initials
                && (first.Kind != MailLineKind.Words || !MailProse.IsApart(lines[run].Words, lines[run - 1].Words))
            )
            {
                run++;
            }

            if (depth > 0 && first.Initials is not null && first.Initials != initials)
            {
                parts.Add(new MailPart.Attribution(first.Initials));
                initials = first.Initials;
            }

            Add(parts, first, [.. lines.Skip(i).Take(run - i).Select(line => line.Words)], isFlowed);
            i = run;
        }

        return parts;
    }

    private static void Add(List<MailPart> parts, MailLine first, string[] block, bool isFlowed)
    {
        switch (first.Kind)
        {
            case MailLineKind.Attribution:
                parts.Add(new MailPart.Attribution(string.Join(' ', block.Select(line => line.Trim()))));
                break;
            case MailLineKind.Signature:
                parts.Add(new MailPart.Signature(string.Join('\n', block).TrimEnd()));
                break;
            case MailLineKind.Footer:
                parts.Add(new MailPart.Footer(string.Join('\n', block).TrimEnd()));
                break;
            default:
                if (!MailProse.IsVerbatim(block))
                {
                    parts.Add(new MailPart.Paragraph(MailProse.Reflow(block, isFlowed)));
                }
                else if (parts.LastOrDefault() is MailPart.Verbatim above)
                {
                    // A table or a program with blank lines in it is one.
                    above.Blocks.Add(Text(block));
                }
                else
                {
                    parts.Add(new MailPart.Verbatim([Text(block)]));
                }

                break;
        }
    }

    private static string Text(string[] block) => string.Join('\n', block.Select(line => line.TrimEnd()));
}
