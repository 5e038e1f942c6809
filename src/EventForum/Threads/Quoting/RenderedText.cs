namespace EventForum.Threads.Quoting;

/// <summary>
/// A text as HTML and as plain text, in the pieces between its quotes: what a revision says never changes, how its quotes
/// stand does. Each shape is made when it is asked for first.
/// </summary>
public sealed class RenderedText
{
    private readonly Lazy<IReadOnlyList<string>> html;
    private readonly Lazy<IReadOnlyList<string>> plain;

    private RenderedText(Func<IReadOnlyList<string>> html, Func<IReadOnlyList<string>> plain)
    {
        this.html = new(html);
        this.plain = new(plain);
    }

    /// <summary>What was rendered before.</summary>
    public RenderedText(IReadOnlyList<string> html, IReadOnlyList<string> plain)
    {
        this.html = new(html);
        this.plain = new(plain);
    }

    public IReadOnlyList<string> Html => html.Value;

    public IReadOnlyList<string> Plain => plain.Value;

    public static RenderedText OfPost(string body, PostFormat format, IReadOnlyList<Quote> quotes) =>
        new(() => PostHtml.Pieces(body, format, quotes), () => PostPlainText.Pieces(body, format, quotes));

    /// <summary>Words without quotes in them: one piece.</summary>
    public static RenderedText OfWords(string words, PostFormat format)
    {
        words = format is PostFormat.BbCode ? BbCodeParts.WithoutLoneTags(words) : words;
        return new(() => [FormattedText.ToHtml(words, format)], () => [FormattedText.ToPlain(words, format)]);
    }
}
