using System.Text;
using System.Text.RegularExpressions;
using EventForum.Threads.Quoting;

namespace EventForum.Exchange;

/// <summary>
/// Quotes as mail and news write them: lines behind <c>&gt;</c>, and behind more of them what the quoted author quoted.
/// </summary>
internal static partial class MailQuotes
{
    /// <summary>The text with quote blocks in place of the quoted lines that a post says word for word, and how many.</summary>
    /// <param name="find">The post that says some words; null when none does.</param>
    public static (string Text, int Blocks) ToBlocks(string text, PostFormat format, Func<string, Guid?> find)
    {
        var lines = MailLines.Of(text);
        if (lines.All(line => line.Depth == 0))
            return (text, 0);
        var blocks = 0;
        var isMailInMarkdown = format is PostFormat.Markdown && Attribution.IsMatch(text);
        var body = new StringBuilder(text.Length);
        var wasQuoted = false;
        foreach (var stretch in Stretches(lines))
        {
            var isQuoted = stretch[0].Depth > 0;
            if (isQuoted && stretch[0].Kind == MailLineKind.Words)
            {
                blocks += AppendQuoted(body, text, stretch, find);
            }
            else
            {
                // Markdown takes a line right below a quoted one for quoted too; in mail it is the answer.
                if (wasQuoted && !isQuoted && isMailInMarkdown && !stretch[0].IsBlank)
                    body.Append('\n');
                AppendLines(body, text, stretch);
            }

            wasQuoted = isQuoted;
        }

        return blocks == 0 ? (text, 0) : (body.ToString(0, body.Length - 1), blocks);
    }

    private static int AppendQuoted(
        StringBuilder body,
        string text,
        IReadOnlyList<MailLine> lines,
        Func<string, Guid?> find
    )
    {
        if (Find(lines, find) is { } all)
        {
            AppendBlock(body, lines, all);
            return 1;
        }

        var blocks = 0;
        var run = new List<(IReadOnlyList<MailLine> Lines, Guid Post)>();
        foreach (var paragraph in Paragraphs(lines))
        {
            var post = Find(paragraph, find);
            if (run.Count > 0 && run[0].Post != post)
            {
                blocks += AppendRun(body, run, find);
                run.Clear();
            }

            if (post is { } said)
                run.Add((paragraph, said));
            else
                AppendLines(body, text, paragraph);
        }

        return run.Count == 0 ? blocks : blocks + AppendRun(body, run, find);
    }

    /// <summary>Paragraphs of one post that follow each other: a quote for each passage.</summary>
    private static int AppendRun(
        StringBuilder body,
        List<(IReadOnlyList<MailLine> Lines, Guid Post)> run,
        Func<string, Guid?> find
    )
    {
        List<MailLine> lines = [.. run.SelectMany(paragraph => paragraph.Lines)];
        if (run.Count == 1 || Find(lines, find) == run[0].Post)
        {
            AppendBlock(body, lines, run[0].Post);
            return 1;
        }

        var half = run.Count / 2;
        return AppendRun(body, run[..half], find) + AppendRun(body, run[half..], find);
    }

    private static Guid? Find(IReadOnlyList<MailLine> lines, Func<string, Guid?> find) =>
        Words(lines) is var words && MailAttributions.IsLike(words) ? null : find(words);

    private static void AppendBlock(StringBuilder body, IReadOnlyList<MailLine> lines, Guid post) =>
        body.Append("\n[quote=\"post:")
            .Append(post)
            .Append("\"]\n")
            .Append(QuoteTags.Shield(Words(lines)))
            .Append("\n[/quote]\n\n");

    private static void AppendLines(StringBuilder body, string text, IReadOnlyList<MailLine> lines)
    {
        foreach (var line in lines)
            body.Append(text, line.Span.Start, line.Span.Length).Append('\n');
    }

    private static string Words(IReadOnlyList<MailLine> lines) =>
        string.Join('\n', lines.Select(line => line.Words)).Trim('\n');

    /// <summary>Lines that follow each other at one depth. Who said what is quoted is no part of it.</summary>
    private static IEnumerable<List<MailLine>> Stretches(IReadOnlyList<MailLine> lines)
    {
        var stretch = new List<MailLine>();
        foreach (var line in lines)
        {
            if (stretch.Count > 0 && (stretch[^1].Depth != line.Depth || stretch[^1].Kind != line.Kind))
            {
                yield return stretch;
                stretch = [];
            }

            stretch.Add(line);
        }

        yield return stretch;
    }

    private static IEnumerable<List<MailLine>> Paragraphs(IReadOnlyList<MailLine> lines)
    {
        var paragraph = new List<MailLine>();
        foreach (var line in lines)
        {
            // The quoted author's signature is none of the words that the post is known to say.
            if (line.Words.TrimEnd() == "--" && paragraph.Count > 0)
            {
                yield return paragraph;
                paragraph = [];
            }

            paragraph.Add(line);
            if (line.IsBlank)
            {
                yield return paragraph;
                paragraph = [];
            }
        }

        if (paragraph.Count > 0)
            yield return paragraph;
    }

    [GeneratedRegex(
        @"\b(writes|wrote|says|said)\b[^\n]{0,20}\n\s*>",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Attribution { get; }
}
