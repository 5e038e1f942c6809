using EventForum.Platform;
using EventForum.Threads.Quoting;

namespace EventForum.Threads;

/// <summary>A body as it came, made into what an event keeps: the author's own text and what it quotes.</summary>
public sealed record PostText(string Body, IReadOnlyList<Quote> Quotes, Refusal? Refusal = null)
{
    /// <summary>Of a command without text.</summary>
    public static PostText None { get; } = new("", []);

    /// <summary>How it is written, as the command says; Markdown where it does not.</summary>
    public PostFormat Format { get; private init; }

    /// <summary>The posts that it quotes and did not quote before: they must still be there when it is stored.</summary>
    public IReadOnlyList<Guid> Sources { get; private init; } = [];

    /// <summary>Why it is not stored: what was wrong with it, or that a post it quotes has been removed since it was read.</summary>
    public Refusal? RefusalIn(NamedPosts posts) =>
        Refusal ?? (Sources.All(id => posts.Find(id) is { IsRemoved: false }) ? null : ThreadRefusals.SourceRemoved);

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

    /// <param name="edited">The post that gets the text: what it quotes already may stay quoted as it is.</param>
    public static PostText Read(
        string? raw,
        string? format,
        Guid threadId,
        NamedPosts posts,
        PostState? edited = null
    ) => Read(raw, format, threadId, posts, edited, answered: null, []);

    /// <summary>A text with a quote in front of it that it answers.</summary>
    /// <param name="excerpt">Words of the post; all of its own where it is empty.</param>
    public static PostText ReadAnswer(
        string? raw,
        string? format,
        Guid threadId,
        NamedPosts posts,
        Guid quotedId,
        string? excerpt
    )
    {
        if (posts.Find(quotedId) is not { } post)
        {
            return Refuse(ThreadRefusals.NoSuchPost);
        }

        if (post.IsRemoved)
        {
            return Refuse(ThreadRefusals.PostRemoved);
        }

        if (post.Row.Mask is not null)
        {
            return Refuse(ThreadRefusals.PostRedacted);
        }

        if (post.Body is null)
        {
            return Refuse(ThreadRefusals.TooMuchQuoted);
        }

        var sought = PostBody.Normalise(excerpt ?? "");
        var words = OwnWords.Of(post.Body, post.Row.Format);
        return
            PostBody.FlawOfExcerpt(sought) is null
            && new QuoteSource(post.Id, post.Revision, post.Body, post.Row.Format).Quote(words, sought, at: 0)
                is { } quote
            ? Read(raw, format, threadId, posts, null, quote, new() { [(post.Id, post.Revision)] = words })
            : Refuse(ThreadRefusals.Misquote);
    }

    private static PostText Read(
        string? raw,
        string? format,
        Guid threadId,
        NamedPosts posts,
        PostState? edited,
        Quote? answered,
        Dictionary<(Guid, int), OwnWords> known
    )
    {
        if (PostFormats.Find(format ?? PostFormat.Markdown.Name()) is not { } written)
        {
            return Refuse(ThreadRefusals.UnknownFormat);
        }

        var body = PostBody.Normalise(raw ?? "");
        var flaw = PostBody.FlawOfTyped(body, edited?.Quotes.Count ?? 0);
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
            block => Candidates(block, threadId, posts, edited),
            edited is null
                ? null
                : new HeldQuotes(edited.Body!, edited.Quotes.Select(quote => Held(quote, posts, known))),
            answered is null
                ? 0
                : PlainLine.Length(known[(answered.PostId, answered.Revision)].Text(answered.Start, answered.Length)),
            known
        );
        // What stands in the post already was accepted once, as an import keeps what it cannot place.
        if (text.Misquotes.Any(block => edited?.Body!.Contains(block.Span.In(body), StringComparison.Ordinal) != true))
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
        return new PostText(text.Body, text.Quotes)
        {
            Format = written,
            Sources = [.. text.Quotes.Select(quote => quote.PostId).Except(edited?.Quotes.Select(q => q.PostId) ?? [])],
        };
    }

    private static HeldQuote Held(Quote quote, NamedPosts posts, Dictionary<(Guid, int), OwnWords> known)
    {
        if (posts.Find(quote.PostId) is not { IsRemoved: false })
        {
            return new HeldQuote(quote, null, IsHidden: true);
        }

        if (posts.Find(quote.PostId, quote.Revision)?.Row.Mask is not null)
        {
            return new HeldQuote(quote, null, IsHidden: true);
        }

        if (posts.Find(quote.PostId, quote.Revision) is not { Body: { } body } source)
        {
            return new HeldQuote(quote, null, IsHidden: false);
        }

        if (!known.TryGetValue((quote.PostId, quote.Revision), out var words))
        {
            known[(quote.PostId, quote.Revision)] = words = OwnWords.Of(body, source.Row.Format);
        }

        return new HeldQuote(quote, words.Text(quote.Start, quote.Length), IsHidden: false);
    }

    private static PostText Refuse(Refusal refusal) => new("", [], refusal);

    /// <summary>
    /// What a quote block may mean, best first: a revision quoted before, the named post, a recent post by the named author.
    /// A removed post is never looked into: the answer would say whether words stand in it. Null where a post that the
    /// block names is too much to be read.
    /// </summary>
    private static List<QuoteSource>? Candidates(QuoteBlock block, Guid threadId, NamedPosts posts, PostState? edited)
    {
        IEnumerable<PostState?> named = block switch
        {
            { PostId: { } id } => [posts.Find(id)],
            { PostNumber: { } number } => [posts.Numbered(threadId, number)],
            { Name: { } name } => (IEnumerable<PostState?>)posts.By(threadId, name),
            _ => [],
        };
        var sources = new List<PostState>();
        foreach (var post in named.OfType<PostState>().Where(post => !post.IsRemoved))
        {
            sources.AddRange(
                (edited?.Quotes ?? [])
                    .Where(quote => quote.PostId == post.Id)
                    .Select(quote => posts.Find(quote.PostId, quote.Revision))
                    .OfType<PostState>()
                    .DistinctBy(source => source.Revision)
            );
            if (post.Id != edited?.Id)
            {
                sources.Add(post);
            }
        }

        return block.NamesPost && sources.Exists(source => source.Body is null)
            ? null
            :
            [
                .. sources
                    .Where(source => source.Body is not null)
                    .Select(post => new QuoteSource(post.Id, post.Revision, post.Body!, post.Row.Format)),
            ];
    }
}
