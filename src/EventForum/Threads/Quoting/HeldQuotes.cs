using EventForum.Platform;

namespace EventForum.Threads.Quoting;

/// <summary>A quote that a post which is edited holds already.</summary>
/// <param name="Words">What it shows; null where nobody may see it, or it is not known.</param>
/// <param name="IsHidden">Its post has been removed, or is not in this forum.</param>
public sealed record HeldQuote(Quote Quote, string? Words, bool IsHidden);

/// <summary>
/// Recognises the quotes that a post holds in the text that it is edited to, whatever became of what they quote. Words
/// that nobody may see play no part in it: the answer to an edit does not say whether somebody guessed them.
/// </summary>
public sealed class HeldQuotes
{
    private readonly string stored;
    private readonly Dictionary<Guid, List<Held>> byPost = [];
    private readonly List<Held> inOrder = [];

    /// <param name="stored">The post's body as it is stored.</param>
    public HeldQuotes(string stored, IEnumerable<HeldQuote> quotes)
    {
        this.stored = stored;
        var shown = new ShownWords(PlainLine.Length(stored));
        foreach (var quote in quotes)
        {
            if (!byPost.TryGetValue(quote.Quote.PostId, out var held))
            {
                byPost[quote.Quote.PostId] = held = [];
            }

            var one = new Held(quote, IsShown: shown.Add(quote.Words) && quote.Words is not null);
            held.Add(one);
            inOrder.Add(one);
        }

        IsTooMuch = shown.IsFull;
    }

    /// <summary>The post shows more than a post may by now: so it was accepted once.</summary>
    public bool IsTooMuch { get; }

    /// <summary>
    /// The blocks that stand for held quotes: by their words; else empty ones, as a page shows what is hidden or too
    /// much; and those that name a post which is hidden, whatever they say, unless they are text of the post.
    /// </summary>
    internal Dictionary<QuoteBlock, HeldQuote> In(string body, IReadOnlyList<QuoteBlock> blocks)
    {
        var found = new Dictionary<QuoteBlock, HeldQuote>(ReferenceEqualityComparer.Instance);
        var left = byPost.ToDictionary(post => post.Key, post => post.Value.ToList());
        foreach (var block in blocks)
        {
            if (
                QuoteExpansion.PlaceOfHidden(block) is { } place
                && inOrder.ElementAtOrDefault(place) is { Quote.IsHidden: true } hidden
                && left[hidden.Quote.Quote.PostId].Remove(hidden)
            )
            {
                found[block] = hidden.Quote;
            }
        }

        var named = blocks
            .Where(block => block.PostId is { } id && left.ContainsKey(id))
            .Select(block => (Block: block, Words: Folded(QuoteResolution.Excerpt(block.Inner.In(body)))))
            .ToList();
        foreach (var (block, words) in named.Where(block => block.Words.Length > 0))
        {
            Take(block, held => string.Equals(held.Folded, words, StringComparison.Ordinal));
        }

        foreach (var (block, words) in named.Where(block => !found.ContainsKey(block.Block)))
        {
            if (words.Length == 0)
            {
                if (!Take(block, held => !held.IsShown))
                {
                    Take(block, _ => true);
                }
            }
            else if (!stored.Contains(block.Span.In(body), StringComparison.Ordinal))
            {
                Take(block, held => held.Quote.IsHidden);
            }
        }

        return found;

        bool Take(QuoteBlock block, Predicate<Held> fits)
        {
            var held = left[block.PostId!.Value];
            var at = held.FindIndex(fits);
            if (at < 0)
            {
                return false;
            }

            found[block] = held[at].Quote;
            held.RemoveAt(at);
            return true;
        }
    }

    private static string Folded(string words) => FoldedText.Of(words, [new(0, words.Length)]).Text;

    private sealed record Held(HeldQuote Quote, bool IsShown)
    {
        public string? Folded => field ??= Quote.Words is { } words ? HeldQuotes.Folded(words) : null;
    }
}
