using System.Text;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace EventForum.Threads.Quoting;

/// <summary>Markdown without its mark-up.</summary>
internal static class MarkdownText
{
    public static string Of(string markdown) =>
        SafeMarkdown.Parse(Legible.Of(markdown)) is { } document ? Blocks(document) : Legible.Of(markdown);

    public static string Join(IEnumerable<string> paragraphs) =>
        string.Join("\n\n", paragraphs.Where(paragraph => paragraph.Length > 0));

    /// <summary>Every line but the blank ones; the first only behind its own mark, when it has one.</summary>
    public static string Indented(string text, string indent, string? first = null)
    {
        var indented = new StringBuilder(text.Length + indent.Length);
        foreach (var range in text.AsSpan().Split('\n'))
        {
            var line = text.AsSpan()[range];
            if (range.Start.Value > 0)
                indented.Append('\n');
            if (!line.IsEmpty)
                indented.Append(range.Start.Value == 0 ? first ?? indent : indent).Append(line);
        }

        return indented.ToString();
    }

    private static IEnumerable<string> Flat(ContainerBlock block) =>
        block.Select(child => child is ListItemBlock item ? Blocks(item) : Text(child));

    private static string Blocks(IEnumerable<Block> blocks) => Join(blocks.Select(Text));

    private static string Text(Block block) =>
        block switch
        {
            Markdig.Syntax.QuoteBlock or ListBlock when SafeMarkdown.IsShownFlat(block) => Join(
                Flat((ContainerBlock)block)
            ),
            Markdig.Syntax.QuoteBlock quote => Indented(Blocks(quote), "    "),
            ListBlock list => string.Join(list.IsLoose ? "\n\n" : "\n", list.OfType<ListItemBlock>().Select(Item)),
            Table table => string.Join('\n', table.OfType<TableRow>().Select(Row)),
            LinkReferenceDefinitionGroup => "",
            ContainerBlock container => Blocks(container),
            ThematicBreakBlock => "---",
            LeafBlock { Inline: { } inlines } => Inlines(inlines),
            LeafBlock leaf => leaf.Lines.ToString(),
            _ => "",
        };

    private static string Item(ListItemBlock item)
    {
        var mark = item.Parent is ListBlock { IsOrdered: true } list ? $"{item.Order}{list.OrderedDelimiter} " : "- ";
        var text = Blocks(item);
        return text.Length == 0 ? mark.TrimEnd() : Indented(text, new string(' ', mark.Length), mark);
    }

    private static string Row(TableRow row) => string.Join(" | ", row.OfType<TableCell>().Select(Blocks));

    private static string Inlines(ContainerInline inlines)
    {
        var text = new StringBuilder();
        foreach (var inline in inlines)
            text.Append(Text(inline));
        return text.ToString();
    }

    private static string Text(Inline inline) =>
        inline switch
        {
            LinkInline link => Link(Inlines(link), link.Url ?? ""),
            DelimiterInline unmatched => unmatched.ToLiteral() + Inlines(unmatched),
            ContainerInline container => Inlines(container),
            LiteralInline literal => literal.Content.ToString(),
            CodeInline code => code.Content,
            AutolinkInline auto => auto.Url,
            LineBreakInline => "\n",
            HtmlEntityInline entity => entity.Transcoded.ToString(),
            _ => "",
        };

    private static string Link(string text, string url) =>
        text.Length == 0 ? url
        : string.Equals(text, url, StringComparison.Ordinal) || url.Length == 0 ? text
        : $"{text} [{url}]";
}
