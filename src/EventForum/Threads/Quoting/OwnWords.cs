namespace EventForum.Threads.Quoting;

/// <summary>
/// What the author of a body said in it, in contrast to what the author quoted:
/// the body without its quote blocks and without what its format has as quoted: the blockquotes of Markdown, the quoted lines
/// of a mail.
/// </summary>
public sealed class OwnWords
{
    private readonly string body;

    private OwnWords(string body, PostFormat format, List<TextSpan> spans) =>
        (this.body, Format, Spans) = (body, format, spans);

    public PostFormat Format { get; }

    /// <summary>The own words, in order.</summary>
    public IReadOnlyList<TextSpan> Spans { get; }

    private FoldedText Folded => field ??= FoldedText.Of(body, Spans);

    private LooseText Loose => field ??= LooseText.Of(body, Spans);

    public static OwnWords Of(string body, PostFormat format)
    {
        var own = new List<TextSpan>();
        foreach (var words in QuoteSyntax.Between(body))
        {
            var start = words.Start;
            foreach (var quoted in FormattedText.QuotedIn(words.In(body), format))
            {
                own.Add(new(start, words.Start + quoted.Start - start));
                start = words.Start + quoted.End;
            }

            own.Add(new(start, words.End - start));
        }

        return new(body, format, own);
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

    /// <summary>
    /// Where the excerpt stands by its letters and digits, in whole words: one span, or several where the excerpt leaves
    /// something out. For what other programs copied.
    /// </summary>
    public IReadOnlyList<TextSpan> FindLoosely(string excerpt) => Loose.Find(excerpt);
}
