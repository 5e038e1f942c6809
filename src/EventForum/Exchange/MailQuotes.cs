using System.Text;
using System.Text.RegularExpressions;

namespace EventForum.Exchange;

/// <summary>
/// Quotes as mail and news write them: lines behind <c>&gt;</c>, and behind more of them what the quoted author quoted.
/// </summary>
internal static partial class MailQuotes
{
    /// <summary>The text with quote blocks in place of the quoted lines that a post says word for word, and how many.</summary>
    /// <param name="find">The post that says some words; null when none does.</param>
    public static (string Text, int Blocks) ToBlocks(string text, Func<string, Guid?> find)
    {
        if (!text.Contains('>', StringComparison.Ordinal))
            return (text, 0);
        var blocks = 0;
        var isMail = Attribution.IsMatch(text);
        var body = new StringBuilder(text.Length);
        var wasQuoted = false;
        foreach (var (depth, lines) in Stretches(text))
        {
            if (depth > 0)
            {
                blocks += AppendQuoted(body, lines, find);
            }
            else
            {
                // Markdown takes a line right below a quoted one for quoted too; in mail it is the answer.
                if (wasQuoted && isMail && !string.IsNullOrWhiteSpace(lines[0]))
                    body.Append('\n');
                AppendLines(body, lines);
            }

            wasQuoted = depth > 0;
        }

        return (body.ToString(0, body.Length - 1), blocks);
    }

    private static int AppendQuoted(StringBuilder body, List<string> lines, Func<string, Guid?> find)
    {
        if (find(Words(lines)) is { } all)
        {
            AppendBlock(body, lines, all);
            return 1;
        }

        var blocks = 0;
        foreach (var paragraph in Paragraphs(lines))
        {
            if (find(Words(paragraph)) is { } post)
            {
                AppendBlock(body, paragraph, post);
                blocks++;
            }
            else
            {
                AppendLines(body, paragraph);
            }
        }

        return blocks;
    }

    private static void AppendBlock(StringBuilder body, List<string> lines, Guid post) =>
        body.Append("\n[quote=\"post:").Append(post).Append("\"]\n").Append(Words(lines)).Append("\n[/quote]\n\n");

    private static void AppendLines(StringBuilder body, List<string> lines) =>
        lines.ForEach(line => body.Append(line).Append('\n'));

    private static string Words(List<string> lines) =>
        string.Join('\n', lines.Select(line => Marks.Replace(line, "", 1))).Trim('\n');

    /// <summary>Lines that follow each other at one depth; an empty quoted line belongs to those before it.</summary>
    private static IEnumerable<(int Depth, List<string> Lines)> Stretches(string text)
    {
        var stretch = new List<string>();
        var depth = 0;
        foreach (var line in text.Split('\n'))
        {
            var marks = Marks.Match(line);
            var isEmpty = marks.Length > 0 && string.IsNullOrWhiteSpace(line[marks.Length..]);
            var own = isEmpty && depth > 0 ? depth : marks.Value.Count(c => c == '>');
            if (own != depth && stretch.Count > 0)
            {
                yield return (depth, stretch);
                stretch = [];
            }

            depth = own;
            stretch.Add(line);
        }

        yield return (depth, stretch);
    }

    private static IEnumerable<List<string>> Paragraphs(List<string> lines)
    {
        var paragraph = new List<string>();
        foreach (var line in lines)
        {
            paragraph.Add(line);
            if (string.IsNullOrWhiteSpace(Marks.Replace(line, "", 1)))
            {
                yield return paragraph;
                paragraph = [];
            }
        }

        if (paragraph.Count > 0)
            yield return paragraph;
    }

    [GeneratedRegex(@"^(?: {0,3}>)+ ?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Marks { get; }

    [GeneratedRegex(
        @"\b(writes|wrote|says|said)\b[^\n]{0,20}\n\s*>",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Attribution { get; }
}
