using System.Text;
using EventForum.Platform;

namespace EventForum.Threads.Quoting;

/// <summary>A revision of a post that may be the source of a quote.</summary>
public sealed record QuoteSource(Guid PostId, int Revision, string Body)
{
    /// <summary>A quote of the excerpt, or of the whole post when it is empty; null when the post does not say it.</summary>
    public Quote? Quote(string excerpt, int at = 0) => Quote(OwnWords.Of(Body), excerpt, at);

    internal Quote? Quote(OwnWords words, string excerpt, int at) =>
        words.Find(excerpt) is { } span ? new(at, PostId, Revision, span.Start, span.Length) : null;
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
    /// <param name="candidates">The posts that a block may quote, best first; asked once for each block.</param>
    /// <param name="hidden">
    /// On an edit, the post's present quotes whose words nobody may see now (see <see cref="QuoteExpansion"/>):
    /// an empty block that names their post stands for them.
    /// </param>
    /// <param name="answered">How many characters the quote shows that is put in front of the text; 0 without one.</param>
    public static ResolvedBody Resolve(
        string body,
        Func<QuoteBlock, IReadOnlyList<QuoteSource>> candidates,
        IEnumerable<Quote>? hidden = null,
        int answered = 0
    )
    {
        var words = new Dictionary<(Guid, int), OwnWords>();
        var hiddenQuotes = (hidden ?? []).ToList();
        var resolved = Resolve(body, candidates, hiddenQuotes, answered, words);
        return resolved.Quotes.Count == 0 || ReadsBack(resolved, hiddenQuotes, answered, words)
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
    private static bool ReadsBack(
        ResolvedBody resolved,
        List<Quote> hidden,
        int answered,
        Dictionary<(Guid PostId, int Revision), OwnWords> words
    )
    {
        var shown = new ShownWords(PlainLine.Length(resolved.Body) + answered);
        var expanded = QuoteExpansion.Expand(resolved.Body, resolved.Quotes, quote => ("", Shown(quote)));
        var again = Resolve(
            expanded,
            block =>
                [
                    .. words
                        .Keys.Where(key => key.PostId == block.PostId)
                        .Select(key => new QuoteSource(key.PostId, key.Revision, "")),
                ],
            hidden,
            answered,
            words
        );
        return again.Body == resolved.Body && again.Quotes.SequenceEqual(resolved.Quotes);

        // As a page shows it: what is too much for it is an empty block.
        string? Shown(Quote quote) =>
            words.GetValueOrDefault((quote.PostId, quote.Revision))?.Text(quote.Start, quote.Length) is { } text
            && shown.Add(text)
                ? text
                : null;
    }

    private static ResolvedBody Resolve(
        string body,
        Func<QuoteBlock, IReadOnlyList<QuoteSource>> candidates,
        List<Quote> hidden,
        int answered,
        Dictionary<(Guid, int), OwnWords> words
    )
    {
        var kept = hidden.ToLookup(quote => quote.PostId).ToDictionary(g => g.Key, g => new Queue<Quote>(g));
        var misquotes = new List<QuoteBlock>();
        var searched = 0L;
        var found = QuoteSyntax
            .Parse(body)
            .Take(answered > 0 ? MaxQuotes - 1 : MaxQuotes)
            .Select(Source)
            .Where(source => source.Quote is not null)
            .ToList();

        var answer = Answered(found);
        var shown = new ShownWords(PlainLine.Length(answer.Body) + answered);
        var excess = found.Where(source => !source.IsHidden && !shown.Add(WordsIn(source.Quote!))).ToList();
        if (excess.Count > 0)
            answer = Answered(found.Except(excess));
        return new(answer.Body, answer.Quotes, misquotes, [.. excess.Select(source => source.Block)]);

        Answer Answered(IEnumerable<(QuoteBlock Block, Quote? Quote, bool)> taken)
        {
            var written = new Answer();
            var start = 0;
            foreach (var (block, quote, _) in taken)
            {
                written.Add(body[start..block.Span.Start]);
                written.Add(quote!);
                start = block.Span.End;
            }

            written.Add(body[start..]);
            return written;
        }

        string WordsIn(Quote quote) => words[(quote.PostId, quote.Revision)].Text(quote.Start, quote.Length);

        (QuoteBlock Block, Quote? Quote, bool IsHidden) Source(QuoteBlock block)
        {
            var excerpt = Excerpt(block.Inner.In(body));
            var quote = Kept(block, excerpt);
            if (quote is not null)
                return (block, quote, true);
            var sources = candidates(block);
            quote = Found(block, excerpt, sources);
            if (quote is null && block.NamesPost && sources.Count > 0)
                misquotes.Add(block);
            return (block, quote, false);
        }

        Quote? Kept(QuoteBlock block, string excerpt) =>
            excerpt.Length == 0
            && block.PostId is { } id
            && kept.TryGetValue(id, out var queue)
            && queue.TryDequeue(out var quote)
                ? quote
                : null;

        Quote? Found(QuoteBlock block, string excerpt, IReadOnlyList<QuoteSource> sources) =>
            excerpt.Length == 0 && !block.NamesPost
                ? null
                : sources
                    .Where(source => block.NamesPost || MayBeSearched(source))
                    .Select(source => source.Quote(WordsOf(source), excerpt, at: 0))
                    .FirstOrDefault(q => q is not null);

        bool MayBeSearched(QuoteSource source) =>
            words.ContainsKey((source.PostId, source.Revision)) || (searched += source.Body.Length) <= MaxSearched;

        OwnWords WordsOf(QuoteSource source) =>
            words.TryGetValue((source.PostId, source.Revision), out var known)
                ? known
                : words[(source.PostId, source.Revision)] = OwnWords.Of(source.Body);
    }

    private static string Excerpt(string inner) =>
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
