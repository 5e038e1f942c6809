using Markdig.Syntax;

namespace EventForum.Threads.Quoting;

/// <summary>
/// What the author of a body said in it, in contrast to what the author quoted:
/// the body without its quote blocks and without its Markdown blockquotes.
/// </summary>
public sealed class OwnWords
{
    private readonly string body;

    private OwnWords(string body, List<TextSpan> spans) => (this.body, Spans) = (body, spans);

    /// <summary>The own words, in order.</summary>
    public IReadOnlyList<TextSpan> Spans { get; }

    private FoldedText Folded => field ??= FoldedText.Of(body, Spans);

    public static OwnWords Of(string body)
    {
        var own = new List<TextSpan>();
        foreach (var words in QuoteSyntax.Between(body))
        {
            var start = words.Start;
            foreach (var quoted in Blockquotes(words.In(body)))
            {
                own.Add(new(start, words.Start + quoted.Start - start));
                start = words.Start + quoted.End;
            }

            own.Add(new(start, words.End - start));
        }

        return new(body, own);
    }

    /// <summary>The own words inside a span of the body; what was left out between them becomes a blank line.</summary>
    public string Text(int start, int length)
    {
        var end = (int)Math.Min((long)start + length, body.Length);
        var pieces = Spans
            .Select(own => (From: Math.Max(own.Start, start), To: Math.Min(own.End, end)))
            .Where(clipped => clipped.From < clipped.To)
            .Select(clipped => PostBody.TrimBlankLines(body[clipped.From..clipped.To]))
            .Where(piece => piece.Length > 0);
        return string.Join("\n\n", pieces);
    }

    /// <summary>
    /// Where the excerpt stands, word for word, in the own words: its first occurrence, or null. Any white space
    /// equals any other, and a match may step over what was quoted. All of the own words are all of the body.
    /// </summary>
    public TextSpan? Find(string excerpt)
    {
        var sought = FoldedText.Of(excerpt, [new(0, excerpt.Length)]).Text;
        if (sought.Length == 0 || string.Equals(sought, Folded.Text, StringComparison.Ordinal))
            return new(0, body.Length);
        return Folded.Find(sought);
    }

    private static IEnumerable<TextSpan> Blockquotes(string text)
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
