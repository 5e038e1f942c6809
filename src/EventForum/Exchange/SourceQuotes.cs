using EventForum.Members;
using EventForum.Threads;
using EventForum.Threads.Quoting;

namespace EventForum.Exchange;

/// <summary>What the posts of a thread have said so far: what later ones may quote.</summary>
internal sealed class SourceQuotes
{
    private const int EnoughWords = 20;
    private const int Newest = 20;

    private readonly Dictionary<Guid, List<QuoteSource>> texts = [];
    private readonly Dictionary<QuoteSource, OwnWords> ownWords = [];
    private readonly Dictionary<Guid, (ResolvedBody Body, PostFormat Format)> bodies = [];
    private readonly List<SourcePost> said = [];
    private readonly Dictionary<string, SourcePost> byId = new(StringComparer.Ordinal);
    private readonly Dictionary<int, SourcePost> byNumber = [];
    private readonly Dictionary<string, List<SourcePost>> byName = new(StringComparer.Ordinal);

    /// <summary>The post that says some words: one that this one answers, or else one of the newest.</summary>
    public Guid? FindPost(string words, SourcePost quoting)
    {
        if (words.Length < EnoughWords)
        {
            return null;
        }

        return Answered(quoting)
            .Concat(said.AsEnumerable().Reverse().Take(Newest))
            .Where(post => post != quoting)
            .Distinct()
            .FirstOrDefault(post => texts[post.Id].Exists(text => WordsOf(text).Find(words) is not null))
            ?.Id;
    }

    private OwnWords WordsOf(QuoteSource text) =>
        ownWords.TryGetValue(text, out var known) ? known : ownWords[text] = OwnWords.Of(text.Body, text.Format);

    private IEnumerable<SourcePost> Answered(SourcePost post)
    {
        var seen = new HashSet<SourcePost>();
        while (post.Line.Parent is { } id && byId.TryGetValue(id, out var parent) && seen.Add(parent))
        {
            yield return post = parent;
        }
    }

    /// <summary>What is known of a text that was changed is what it was changed to.</summary>
    public (ResolvedBody Body, PostFormat Format) Again(SourcePost post) =>
        Know(post, bodies[post.Id].Body, bodies[post.Id].Format);

    public (ResolvedBody Body, PostFormat Format) Know(SourcePost post, ResolvedBody body, PostFormat format)
    {
        if (!texts.TryGetValue(post.Id, out var known))
        {
            texts[post.Id] = known = [];
        }

        // Revisions that change no text are no revisions here.
        known.Add(new QuoteSource(post.Id, known.Count + 1, body.Body, format));
        return bodies[post.Id] = (body, format);
    }

    /// <summary>
    /// What a block may quote, best first: what the source says, the number it names, then the name's newest posts;
    /// without a name, the thread's newest posts, when the words are enough to be nobody else's.
    /// </summary>
    public IReadOnlyList<QuoteSource> Candidates(QuoteBlock block, SourcePost quoting)
    {
        var name = block.Name is null ? null : MemberName.Key(block.Name);
        var stated = quoting
            .Line.Quotes.Where(quote =>
                quote.Post is not null && (quote.Author is null ? null : MemberName.Key(quote.Author)) == name
            )
            .Select(quote => byId.GetValueOrDefault(quote.Post!));
        var numbered = block.PostNumber is { } number ? byNumber.GetValueOrDefault(number) : null;
        var named =
            name is not null ? byName.GetValueOrDefault(name, [])
            : block.Inner.Length >= EnoughWords ? said
            : [];
        if (block.PostId is { } postId && texts.TryGetValue(postId, out var known))
        {
            return [.. known.AsEnumerable().Reverse()];
        }

        return
        [
            .. stated
                .Append(numbered)
                .OfType<SourcePost>()
                .Concat(
                    named
                        .AsEnumerable()
                        .Reverse()
                        .TakeWhile(post => post.Number > quoting.Number - 1 - NamedPosts.LookBack)
                )
                .Where(post => post != quoting)
                .Distinct()
                .SelectMany(post => texts[post.Id].AsEnumerable().Reverse()),
        ];
    }

    public void Remember(SourcePost post)
    {
        said.Add(post);
        byId[post.Line.Post] = post;
        byNumber.TryAdd(post.Line.PostNumber ?? post.Number, post);
        foreach (
            var name in new[] { post.Line.Author, post.Line.DisplayName }
                .OfType<string>()
                .Select(MemberName.Key)
                .Distinct(StringComparer.Ordinal)
        )
        {
            if (!byName.TryGetValue(name, out var posts))
            {
                byName[name] = posts = [];
            }

            posts.Add(post);
        }
    }
}
