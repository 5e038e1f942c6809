using Markdig;
using Markdig.Extensions.AutoLinks;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Renderers;
using Markdig.Syntax.Inlines;

namespace EventForum.Threads.Quoting;

/// <summary>
/// Markdig's links of bare addresses, in linear time: Markdig looks through all that stands before an address in its
/// paragraph for the HTML of a link, and reads what is no address to its end from each of its parts.
/// </summary>
internal sealed class AutoLinks() : AutoLinkParser(new AutoLinkOptions()), IMarkdownExtension
{
    private const int MaxFailures = 10;

    private static readonly string[] Schemes = ["http://", "https://", "www.", "mailto:", "ftp://", "tel:"];

    public void Setup(MarkdownPipelineBuilder pipeline) => pipeline.InlineParsers.Insert(0, this);

    public void Setup(MarkdownPipeline pipeline, IMarkdownRenderer renderer) { }

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        var text = slice.AsSpan();
        if (!MayFollow(slice.PeekCharExtra(-1)) || !StartsAddress(text))
            return false;
        var run = processor.GetParserState<Run>(this);
        if (slice.Start >= run.End)
            (run.End, run.Failures) = (slice.Start + EndOfRun(text), 0);
        if (run.Failures == MaxFailures)
            return false;
        if (MatchUnseen(processor, ref slice))
            return true;
        run.Failures++;
        return false;
    }

    /// <summary>The end of a link, put there for the moment, is where Markdig's look back stops.</summary>
    private bool MatchUnseen(InlineProcessor processor, ref StringSlice slice)
    {
        var last = processor.Inline;
        if ((last as DelimiterInline ?? last?.Parent) is not { } container)
            return base.Match(processor, ref slice);
        var end = new HtmlInline("</a>");
        container.AppendChild(end);
        processor.Inline = end;
        var matches = base.Match(processor, ref slice);
        end.Remove();
        if (!matches)
            processor.Inline = last;
        return matches;
    }

    private bool MayFollow(char previous) =>
        previous.IsWhiteSpaceOrZero() || Options.ValidPreviousCharacters.Contains(previous, StringComparison.Ordinal);

    private static bool StartsAddress(ReadOnlySpan<char> text)
    {
        foreach (var scheme in Schemes)
        {
            if (text.StartsWith(scheme, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    private static int EndOfRun(ReadOnlySpan<char> text) =>
        text.IndexOfAny(" \t\n") switch
        {
            < 0 => text.Length,
            var end => end,
        };

    /// <summary>Characters without a space between them, and how often they began like an address and were none.</summary>
    private sealed class Run
    {
        public int End { get; set; }

        public int Failures { get; set; }
    }
}
