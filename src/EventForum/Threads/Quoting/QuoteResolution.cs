using System.Text;
using EventForum.Platform;

namespace EventForum.Threads.Quoting;

/// <summary>A revision of a post that may be the source of a quote.</summary>
public sealed record QuoteSource(Guid PostId, int Revision, string Body, PostFormat Format)
{
    /// <summary>A quote of the excerpt, or of the whole post when it is empty; null when the post does not say it.</summary>
    public Quote? Quote(string excerpt, int at = 0) => Quote(OwnWords.Of(Body, Format), excerpt, at);

    internal Quote? Quote(OwnWords words, string excerpt, int at) =>
        words.Find(excerpt) is { } span ? Of(span, at) : null;

    internal Quote Of(TextSpan span, int at = 0) => new(at, PostId, Revision, span.Start, span.Length);
}

/// <summary>What is stored of a post's text: the author's words, and references in place of quotes.</summary>
/// <param name="Body">The text without the quotes whose source was found. Empty when it was nothing else.</param>
/// <param name="Quotes">The quotes taken out, in the order in which they stand.</param>
/// <param name="Misquotes">Blocks of the text that name a post which does not say that. They are still in the body.</param>
/// <param name="Excess">Blocks whose words would be more than a post may show (see <see cref="ShownWords"/>). They are still in the body.</param>
public sealed record ResolvedBody(
    string Body,
    IReadOnlyList<Quote> Quotes,
    IReadOnlyList<QuoteBlock> Misquotes,
    IReadOnlyList<QuoteBlock> Excess
)
{
    /// <summary>The quote first, then this text as the answer.</summary>
    public ResolvedBody Answering(Quote quote) => this with { Quotes = [quote with { At = 0 }, .. Quotes] };
}

/// <summary>Turns the quote blocks of a text into references to what they quote.</summary>
public static class QuoteResolution
{
    /// <summary>Further quote blocks stay text: each may cost its caller a look-up.</summary>
    public const int MaxQuotes = 100;

    /// <summary>
    /// How many characters of posts are looked through for the blocks that name none: those of further posts stay text.
    /// </summary>
    public const int MaxSearched = 2_000_000;

    /// <summary>Takes out each outermost quote block that repeats the own words of one of its candidates.</summary>
    /// <param name="body">A normalised body.</param>
    /// <param name="candidates">
    /// The posts that a block may quote, best first; asked once for each block. Null where it names one that is too much
    /// to be read.
    /// </param>
    /// <param name="held">On an edit, the quotes that the post holds.</param>
    /// <param name="answered">How many characters the quote shows that is put in front of the text; 0 without one.</param>
    /// <param name="known">Own words of posts that are known already; what is read of others is added.</param>
    /// <param name="loosely">
    /// Also what is the same by its letters and digits (see <see cref="OwnWords.FindLoosely"/>), for what other programs
    /// copied: a block that leaves something out becomes several quotes.
    /// </param>
    public static ResolvedBody Resolve(
        string body,
        Func<QuoteBlock, IReadOnlyList<QuoteSource>?> candidates,
        HeldQuotes? held = null,
        int answered = 0,
        Dictionary<(Guid PostId, int Revision), OwnWords>? known = null,
        bool loosely = false
    )
    {
        var words = known ?? [];
        var (resolved, taken) = TakeOut(body, candidates, held, answered, words, loosely);
        return taken.Count == 0 || ReadsBack(resolved, taken, answered)
            ? resolved
            : resolved with
            {
                Body = body,
                Quotes = [],
            };
    }

    /// <summary>
    /// Taking a quote out can turn what is left into code that would swallow the quote when it is put back to be edited.
    /// </summary>
    private static bool ReadsBack(ResolvedBody resolved, IReadOnlyList<HeldQuote> taken, int answered)
    {
        var shown = new ShownWords(PlainLine.Length(resolved.Body) + answered);
        // As a page shows it: what is hidden, and what is too much for it, is an empty block.
        var texts = new Queue<string?>(taken.Select(quote => shown.Add(quote.Words) ? quote.Words : null));
        var expanded = QuoteExpansion.Expand(resolved.Body, resolved.Quotes, _ => ("", texts.Dequeue()));
        var held = new HeldQuotes(resolved.Body, taken);
        var (again, _) = TakeOut(expanded, _ => [], held, answered, [], loosely: false);
        return again.Body == resolved.Body && again.Quotes.SequenceEqual(resolved.Quotes);
    }

    private static (ResolvedBody Resolved, IReadOnlyList<HeldQuote> Taken) TakeOut(
        string body,
        Func<QuoteBlock, IReadOnlyList<QuoteSource>?> candidates,
        HeldQuotes? held,
        int answered,
        Dictionary<(Guid, int), OwnWords> words,
        bool loosely
    )
    {
        var misquotes = new List<QuoteBlock>();
        var excess = new List<QuoteBlock>();
        var searched = 0L;
        var blocks = QuoteSyntax.Parse(body);
        var kept = held?.In(body, blocks) ?? [];
        var room = MaxQuotes - kept.Count - (answered > 0 ? 1 : 0);
        var found = blocks
            .Select(block => (Block: block, Quotes: kept.TryGetValue(block, out var one) ? [one] : Found(block)))
            .Where(found => found.Quotes.Count > 0)
            .ToList();

        var answer = Answered(found);
        var shown = new ShownWords(PlainLine.Length(answer.Body) + answered);
        var beyond = found.Where(source => source.Quotes.Any(quote => !shown.Add(quote.Words))).ToList();
        if (held is { IsTooMuch: true } && beyond.Count > 0)
        {
            // What the post held once was accepted; it takes nothing more.
            beyond = found.FindAll(source => !kept.ContainsKey(source.Block));
        }

        if (beyond.Count > 0)
        {
            found = [.. found.Except(beyond)];
            answer = Answered(found);
            excess.AddRange(beyond.Select(source => source.Block));
        }

        // With their places in what is left, as the body holds them.
        var taken = found
            .SelectMany(source => source.Quotes)
            .Zip(answer.Quotes, (source, quote) => source with { Quote = quote });
        return (new(answer.Body, answer.Quotes, misquotes, excess), [.. taken]);

        Answer Answered(IEnumerable<(QuoteBlock Block, IReadOnlyList<HeldQuote> Quotes)> taken)
        {
            var written = new Answer();
            var start = 0;
            foreach (var (block, quotes) in taken)
            {
                written.Add(body[start..block.Span.Start]);
                foreach (var quote in quotes)
                    written.Add(quote.Quote);
                start = block.Span.End;
            }

            written.Add(body[start..]);
            return written;
        }

        IReadOnlyList<HeldQuote> Found(QuoteBlock block)
        {
            if (room <= 0)
                return [];
            if (candidates(block) is not { } sources)
            {
                room--;
                excess.Add(block);
                return [];
            }

            var quotes = Sought(block, Excerpt(block.Inner.In(body)), sources);
            room -= Math.Max(1, quotes.Count);
            if (quotes.Count == 0 && block.NamesPost && sources.Count > 0)
                misquotes.Add(block);
            return quotes;
        }

        IReadOnlyList<HeldQuote> Sought(QuoteBlock block, string excerpt, IReadOnlyList<QuoteSource> sources)
        {
            if (excerpt.Length == 0 && !block.NamesPost)
                return [];
            var within = sources.Where(source => block.NamesPost || MayBeSearched(source)).ToList();
            return InFirst(within, own => own.Find(excerpt) is { } span ? [span] : [])
                ?? (loosely ? InFirst(within, own => own.FindLoosely(excerpt)) : null)
                ?? [];
        }

        IReadOnlyList<HeldQuote>? InFirst(List<QuoteSource> sources, Func<OwnWords, IReadOnlyList<TextSpan>> find) =>
            sources
                .Select(source =>
                    find(WordsOf(source))
                        .Select(span => new HeldQuote(
                            source.Of(span),
                            WordsOf(source).Text(span.Start, span.Length),
                            IsHidden: false
                        ))
                        .ToList()
                )
                .FirstOrDefault(quotes => quotes.Count > 0);

        bool MayBeSearched(QuoteSource source) =>
            words.ContainsKey((source.PostId, source.Revision)) || (searched += source.Body.Length) <= MaxSearched;

        OwnWords WordsOf(QuoteSource source) =>
            words.TryGetValue((source.PostId, source.Revision), out var known)
                ? known
                : words[(source.PostId, source.Revision)] = OwnWords.Of(source.Body, source.Format);
    }

    internal static string Excerpt(string inner) =>
        string.Join("\n\n", QuoteSyntax.Between(inner).Select(span => span.In(inner))).Trim();

    /// <summary>Joins what stands around the quotes into paragraphs.</summary>
    private sealed class Answer
    {
        private readonly StringBuilder body = new();
        private readonly List<Quote> quotes = [];
        private int placed;

        public string Body => body.ToString();

        public IReadOnlyList<Quote> Quotes => quotes;

        public void Add(string words)
        {
            // The rest of a tag's line is no indented code.
            var text =
                quotes.Count > 0 && !words.AsSpan(0, words.Length - words.AsSpan().TrimStart().Length).Contains('\n')
                    ? words.Trim()
                    : PostBody.TrimBlankLines(words);
            if (text.Length > 0)
            {
                body.Append(body.Length > 0 ? "\n\n" : "");
                Place();
                body.Append(text);
            }
        }

        public void Add(Quote quote) => quotes.Add(quote with { At = body.Length });

        private void Place()
        {
            for (; placed < quotes.Count; placed++)
                quotes[placed] = quotes[placed] with { At = body.Length };
        }
    }
}
