using System.Text;
using System.Text.RegularExpressions;

namespace EventForum.Threads.Quoting;

/// <summary>The BBCode that phpBB posts bring along, as Markdown: code, links, images, lists, bold, italic, struck out.</summary>
internal static partial class BbCode
{
    public static string ToMarkdown(string text)
    {
        if (!text.Contains("[/", StringComparison.Ordinal))
            return text;
        var markdown = new StringBuilder(text.Length);
        var start = 0;
        foreach (var code in QuoteTags.In(text).CodeSpans)
        {
            markdown.Append(Inlines(text[start..code.Span.Start]));
            markdown.Append(code.IsBbCode ? Fence(code.Span.In(text)) : code.Span.In(text));
            start = code.Span.End;
        }

        return markdown.Append(Inlines(text[start..])).ToString();
    }

    private static string Fence(string code)
    {
        var content = code[(code.IndexOf(']', StringComparison.Ordinal) + 1)..^"[/code]".Length].Trim('\n');
        var fence = new string(
            '`',
            Math.Max(3, 1 + Ticks.Matches(content).Select(m => m.Length).DefaultIfEmpty().Max())
        );
        return $"\n\n{fence}\n{content}\n{fence}\n\n";
    }

    private static string Inlines(string text) =>
        Inline.Replace(
            EndOfList.IsMatch(text) ? ListTag.Replace(text, tag => ListMark(tag.Groups["tag"].Value)) : text,
            match =>
            {
                var inner = match.Groups["text"].Value.Trim();
                var target = match.Groups["target"] is { Success: true } group ? group.Value.Trim('"') : inner;
                return match.Groups["tag"].ValueSpan switch
                {
                    "b" or "B" => $"**{Inlines(inner)}**",
                    "i" or "I" => $"*{Inlines(inner)}*",
                    "s" or "S" => $"~~{Inlines(inner)}~~",
                    ['u' or 'U', _, ..] => $"[{Inlines(inner)}](<{target}>)",
                    ['i' or 'I', ..] => $"![](<{target}>)",
                    // Markdown has no size, colour, middle or line below.
                    _ => Inlines(inner),
                };
            }
        );

    private static string ListMark(string tag) =>
        tag switch
        {
            "*" or ['l' or 'L', 'i' or 'I'] => "\n- ",
            ['/', 'l' or 'L', 'i' or 'I'] or "/*" => "",
            _ => "\n\n",
        };

    // What a tag encloses is short and on one line: no text makes this slow.
    [GeneratedRegex(
        @"\[(?<tag>b|i|s|url|img|u|size|color|center)(?:=(?<target>[^\]\s<>]{1,1000}))?\](?<text>(?:[^\[\n]|\[(?!/\k<tag>\])){1,300})\[/\k<tag>\]",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Inline { get; }

    [GeneratedRegex(@"\[/(?:ul|ol|list)\]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex EndOfList { get; }

    [GeneratedRegex(
        @"\n?\[(?<tag>/?(?:ul|ol|list|li|\*))(?:=[^\]\s]{1,10})?\]",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex ListTag { get; }

    [GeneratedRegex("`+")]
    private static partial Regex Ticks { get; }
}
