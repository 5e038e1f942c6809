using Markdig.Syntax;

namespace EventForum.Threads.Quoting;

/// <summary>The blockquotes of a Markdown text.</summary>
internal static class MarkdownQuotes
{
    public static IEnumerable<TextSpan> In(string text)
    {
        if (!text.Contains('>', StringComparison.Ordinal))
            return [];
        return SafeMarkdown.Blocks(text) is { } document ? Outermost(document) : QuotedLines(text);
    }

    private static IEnumerable<TextSpan> Outermost(ContainerBlock container) =>
        container.SelectMany(block =>
            block switch
            {
                Markdig.Syntax.QuoteBlock quote => [new(quote.Span.Start, quote.Span.Length)],
                ContainerBlock inner => Outermost(inner),
                _ => Enumerable.Empty<TextSpan>(),
            }
        );

    private static IEnumerable<TextSpan> QuotedLines(string text)
    {
        var start = 0;
        foreach (var line in text.Split('\n'))
        {
            if (line.TrimStart().StartsWith('>'))
                yield return new(start, line.Length);
            start += line.Length + 1;
        }
    }
}
