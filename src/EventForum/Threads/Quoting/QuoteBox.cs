namespace EventForum.Threads.Quoting;

/// <summary>Quotes that are shown in one box: they follow each other and are of the same revision of a post.</summary>
/// <param name="Quotes">Those with words that are shown, and those that may not be; empty where there is nothing to show.</param>
/// <param name="Revision">The revision that they quote.</param>
/// <param name="End">The piece of the text that stands behind the box.</param>
internal readonly record struct QuoteBox(IReadOnlyList<RenderedQuote> Quotes, int Revision, int End)
{
    /// <summary>The boxes of a text, in order.</summary>
    /// <param name="pieces">What stands between the quotes: one piece more than there are quotes.</param>
    public static IEnumerable<QuoteBox> Of(
        IReadOnlyList<string> pieces,
        IReadOnlyList<Quote> quotes,
        Func<Quote, RenderedQuote> source
    )
    {
        for (var i = 0; i < quotes.Count; )
        {
            var first = quotes[i];
            var box = new List<RenderedQuote>();
            do
            {
                var quote = source(quotes[i++]);
                if (!IsEmpty(quote))
                    box.Add(quote);
            } while (
                i < quotes.Count
                && pieces[i].Length == 0
                && quotes[i].PostId == first.PostId
                && quotes[i].Revision == first.Revision
                // Of what is hidden nothing is said, nor that it is of one post.
                && box is not [{ State: QuoteState.Hidden }]
            );
            yield return new(box, first.Revision, i);
        }
    }

    private static bool IsEmpty(RenderedQuote quote) =>
        quote is { IsVisible: true, Text: { } text } && string.IsNullOrWhiteSpace(text);
}
