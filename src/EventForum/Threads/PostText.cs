using EventForum.Platform;
using EventForum.Threads.Quoting;

namespace EventForum.Threads;

/// <summary>A body as it came, made into what an event keeps: the author's own text and what it quotes.</summary>
public sealed record PostText(string Body, IReadOnlyList<Quote> Quotes, Refusal? Refusal = null)
{
    /// <summary>The posts that a body's quote blocks name: by id, by number, or by author only.</summary>
    public static PostNames NamesIn(string? raw)
    {
        var blocks = QuoteSyntax.Parse(PostBody.Normalise(raw ?? "")).Take(QuoteResolution.MaxQuotes).ToList();
        return blocks.Count == 0
            ? PostNames.None
            : new PostNames(
                [.. blocks.Select(block => block.PostId).OfType<Guid>().Distinct()],
                [.. blocks.Select(block => block.PostNumber).OfType<int>().Distinct()],
                [
                    .. blocks
                        .Where(block => !block.NamesPost)
                        .Select(block => block.Name)
                        .OfType<string>()
                        .Distinct(StringComparer.OrdinalIgnoreCase),
                ]
            );
    }

    /// <param name="thread">The thread that the text is for; null for a new one.</param>
    /// <param name="posts">The posts that it names.</param>
    /// <param name="edited">The post that gets the text: what it quotes already may stay quoted as it is.</param>
    /// <param name="answered">A quote that the text answers, put in front of it.</param>
    public static PostText Read(
        string? raw,
        ForumThread? thread,
        NamedPosts posts,
        PostState? edited = null,
        Quote? answered = null
    )
    {
        var body = PostBody.Normalise(raw ?? "");
        var flaw = PostBody.FlawOfTyped(body);
        if (flaw is not null)
        {
            return Refuse(
                flaw == TextFlaw.TooShort ? ThreadRefusals.BodyEmpty
                : flaw == TextFlaw.TooLong ? ThreadRefusals.BodyTooLong(PlainLine.Length(body))
                : ThreadRefusals.BodyCharacters
            );
        }

        var text = QuoteResolution.Resolve(
            body,
            block => Sources(block, thread, posts, edited),
            edited is null ? [] : Hidden(edited, posts),
            answered is null ? 0 : PlainLine.Length(Words(answered, posts) ?? "")
        );
        // What stands in the post already was accepted once, as an import keeps what it cannot place.
        if (text.Misquotes.Any(block => edited?.Body.Contains(block.Span.In(body), StringComparison.Ordinal) != true))
        {
            return Refuse(ThreadRefusals.Misquote);
        }

        if (text.Excess.Count > 0)
        {
            return Refuse(ThreadRefusals.TooMuchQuoted);
        }

        if (PlainLine.Length(text.Body) is > PostBody.MaxLength and var length)
        {
            return Refuse(ThreadRefusals.BodyTooLong(length));
        }

        text = answered is null ? text : text.Answering(answered);
        return new PostText(text.Body, text.Quotes);
    }

    /// <summary>The quotes of a post whose words its page leaves out: they may not be seen, or are too many.</summary>
    private static IEnumerable<Quote> Hidden(PostState edited, NamedPosts posts)
    {
        var shown = new ShownWords(PlainLine.Length(edited.Body));
        return edited.Quotes.Where(quote =>
            posts.Find(quote.PostId) is null or { IsRemoved: true } || !shown.Add(Words(quote, posts))
        );
    }

    private static string? Words(Quote quote, NamedPosts posts) =>
        posts.Find(quote.PostId, quote.Revision) is { } source
            ? OwnWords.Of(source.Body).Text(quote.Start, quote.Length)
            : null;

    private static PostText Refuse(Refusal refusal) => new("", [], refusal);

    /// <summary>What a quote block may mean, best first: a revision quoted before, the named post, a recent post by the named author. A new thread has none by number or author.</summary>
    private static List<QuoteSource> Sources(QuoteBlock block, ForumThread? thread, NamedPosts posts, PostState? edited)
    {
        IEnumerable<PostState?> named = block switch
        {
            { PostId: { } id } => [posts.Find(id)],
            { PostNumber: { } number } when thread is not null => [posts.Numbered(thread.Id, number)],
            { Name: { } name } when thread is not null => (IEnumerable<PostState?>)posts.By(thread.Id, name),
            _ => [],
        };
        var sources = new List<QuoteSource>();
        foreach (var post in named.OfType<PostState>())
        {
            sources.AddRange(
                (edited?.Quotes ?? [])
                    .Where(quote => quote.PostId == post.Id)
                    .Select(quote => posts.Find(quote.PostId, quote.Revision))
                    .OfType<PostState>()
                    .DistinctBy(source => source.Revision)
                    .Select(Source)
            );
            if (!post.IsRemoved && post.Id != edited?.Id)
            {
                sources.Add(Source(post));
            }
        }

        return sources;

        static QuoteSource Source(PostState post) => new(post.Id, post.Revision, post.Body);
    }
}
