using System.Text.RegularExpressions;
using Markdig;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Renderers.Html.Inlines;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using QuoteBlockNode = Markdig.Syntax.QuoteBlock;

namespace EventForum.Threads.Quoting;

/// <summary>Markdown of strangers: parsed within bounds, rendered without HTML of theirs, sanitised.</summary>
internal static partial class SafeMarkdown
{
    // Beyond it, Markdig takes seconds for what nobody wrote by hand.
    private const int MaxDepth = 100;

    // A page has a heading, and each of its posts has one.
    private const int HeadingsAbove = 2;

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .DisableHtml()
        .Use<AutoLinks>()
        .UsePipeTables()
        .UseEmphasisExtras(EmphasisExtraOptions.Strikethrough)
        .UseSoftlineBreakAsHardlineBreak()
        .Build();

    private static readonly MarkdownPipeline BlockPipeline = BlocksOnly();

    /// <summary>Safe HTML; the text itself, unformatted, when it is more than can be formatted within bounds.</summary>
    public static string ToHtml(string text)
    {
        text = Legible.Of(text);
        if (Parse(text) is not { } document)
            return Html.Preformatted(text);
        foreach (var heading in document.Descendants<HeadingBlock>())
            heading.Level = Math.Min(heading.Level + HeadingsAbove, 6);
        using var writer = new StringWriter();
        var renderer = new HtmlRenderer(writer);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.Replace<LinkInlineRenderer>(new LinksOnly { Rel = SafeHtml.Rel });
        renderer.ObjectRenderers.FindExact<AutolinkInlineRenderer>()!.Rel = SafeHtml.Rel;
        renderer.ObjectRenderers.Replace<QuoteBlockRenderer>(new ShallowQuotes());
        renderer.ObjectRenderers.Replace<ListRenderer>(new ShallowLists());
        renderer.Render(document);
        return SafeHtml.Of(writer.ToString(), text);
    }

    /// <summary>Null when the text is too deeply nested or too dense.</summary>
    public static MarkdownDocument? Parse(string text) =>
        MarkdownDensity.IsTooHigh(text) ? null : Parse(BbCode.ToMarkdown(text), Pipeline);

    /// <summary>The blocks of a text, without a look at what is in its paragraphs; positions are the text's.</summary>
    public static MarkdownDocument? Blocks(string text) => Parse(text, BlockPipeline);

    private static MarkdownDocument? Parse(string text, MarkdownPipeline pipeline)
    {
        if (DeepLine.IsMatch(text) || MarkdownDensity.HasTooManyUnderlines(text))
            return null;
        try
        {
            var document = Markdown.Parse(text, pipeline);
            return IsDeep(document) ? null : document;
        }
        catch (ArgumentException) // Markdig's way to say: blocks more than 128 deep.
        {
            return null;
        }
    }

    // Parsing bounds blocks only; inlines may still be deeper than the stack, or Markdig's renderer, allows.
    private static bool IsDeep(MarkdownDocument document)
    {
        var open = new Stack<(MarkdownObject Node, int Depth)>([(document, 0)]);
        while (open.TryPop(out var node))
        {
            if (node.Depth > MaxDepth)
                return true;
            IEnumerable<MarkdownObject> children = node.Node switch
            {
                ContainerBlock container => container,
                LeafBlock { Inline: { } inlines } => inlines,
                ContainerInline inlines => inlines,
                _ => [],
            };
            foreach (var child in children)
                open.Push((child, node.Depth + 1));
        }

        return false;
    }

    /// <summary>Quotes and lists are shown nested up to here; what is nested deeper is shown at this depth.</summary>
    public const int MaxShownDepth = SafeHtml.MaxShownDepth;

    /// <summary>How many quotes and lists a block is in, itself among them.</summary>
    public static bool IsShownFlat(Block block)
    {
        var depth = 0;
        for (Block? outer = block; outer is not null; outer = outer.Parent)
            depth += outer is QuoteBlockNode or ListBlock ? 1 : 0;
        return depth > MaxShownDepth;
    }

    private static MarkdownPipeline BlocksOnly()
    {
        var builder = new MarkdownPipelineBuilder();
        builder.InlineParsers.Clear();
        return builder.Build();
    }

    /// <summary>An image would tell a foreign host who reads what: it becomes a link, its text the link's.</summary>
    private sealed class LinksOnly : LinkInlineRenderer
    {
        protected override void Write(HtmlRenderer renderer, LinkInline link)
        {
            if (!link.IsImage)
            {
                base.Write(renderer, link);
                return;
            }

            // Inside a link there can be no other.
            var linked = !Ancestors(link).OfType<LinkInline>().Any();
            if (linked)
                renderer.Write("<a href=\"").WriteEscapeUrl(link.Url).Write($"\" rel=\"{SafeHtml.Rel}\">");
            if (link.FirstChild is null)
                renderer.WriteEscape(link.Url);
            renderer.WriteChildren(link);
            if (linked)
                renderer.Write("</a>");
        }

        private static IEnumerable<ContainerInline> Ancestors(Inline inline)
        {
            for (var parent = inline.Parent; parent is not null; parent = parent.Parent)
                yield return parent;
        }
    }

    private sealed class ShallowQuotes : QuoteBlockRenderer
    {
        protected override void Write(HtmlRenderer renderer, QuoteBlockNode quote)
        {
            if (IsShownFlat(quote))
                WriteFlat(renderer, quote);
            else
                base.Write(renderer, quote);
        }
    }

    private sealed class ShallowLists : ListRenderer
    {
        protected override void Write(HtmlRenderer renderer, ListBlock list)
        {
            if (!IsShownFlat(list))
            {
                base.Write(renderer, list);
                return;
            }

            foreach (var item in list.OfType<ContainerBlock>())
                WriteFlat(renderer, item);
        }
    }

    private static void WriteFlat(HtmlRenderer renderer, ContainerBlock block)
    {
        var implicitParagraph = renderer.ImplicitParagraph;
        renderer.ImplicitParagraph = false;
        renderer.WriteChildren(block);
        renderer.ImplicitParagraph = implicitParagraph;
    }

    [GeneratedRegex(@"^(?:[ \t]*(?:>|[-*+][ \t]|\d{1,9}[.)][ \t])){100}", RegexOptions.Multiline)]
    private static partial Regex DeepLine { get; }
}
