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
    private readonly Dictionary<Guid, int> revisions = [];
    private readonly HashSet<Guid> foreseen = [];
    private readonly Dictionary<Guid, string> letters = [];
    private readonly List<SourcePost> said = [];
    private readonly Dictionary<string, SourcePost> byId = new(StringComparer.Ordinal);
    private readonly Dictionary<int, SourcePost> byNumber = [];
    private readonly Dictionary<string, List<SourcePost>> byName = new(StringComparer.Ordinal);

    /// <summary>The post that says some words: one that this one answers, or else one of the newest by then.</summary>
    public Guid? FindPost(string words, SourcePost quoting, DateTimeOffset at)
    {
        if (words.Length < EnoughWords)
        {
            return null;
        }

        return Answered(quoting)
            .Concat(NewestFirst(said, at).Take(Newest))
            .Where(post => post != quoting)
            .Distinct()
            .FirstOrDefault(post => TextsOf(post).Exists(text => WordsOf(text).Find(words) is not null))
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

    /// <summary>A post has got another revision.</summary>
    /// <param name="body">Null where its words are not known, or are gone.</param>
    public void Know(SourcePost post, ResolvedBody? body, PostFormat format)
    {
        var revision = revisions[post.Id] = revisions.GetValueOrDefault(post.Id) + 1;
        if (body is not null && !foreseen.Remove(post.Id))
        {
            Add(post, revision, body, format);
        }
    }

    /// <summary>The words of the revision that comes next are known already: whoever quotes the post quotes that one.</summary>
    public void Foresee(SourcePost post, ResolvedBody body, PostFormat format)
    {
        foreseen.Add(post.Id);
        Add(post, revisions.GetValueOrDefault(post.Id) + 1, body, format);
    }

    private void Add(SourcePost post, int revision, ResolvedBody body, PostFormat format)
    {
        if (!texts.TryGetValue(post.Id, out var known))
        {
            texts[post.Id] = known = [];
        }

        known.Add(new QuoteSource(post.Id, revision, body.Body, format));
    }

    /// <summary>Whether these words stand in a post as its line has it, with all that it quotes; by letters and digits alone.</summary>
    public bool HasSaid(Guid postId, string words)
    {
        if (!letters.TryGetValue(postId, out var known))
        {
            known = LettersOf(said.Find(post => post.Id == postId)?.Line.Body ?? "");
            letters[postId] = known;
        }

        return known.Contains(LettersOf(words), StringComparison.OrdinalIgnoreCase);
    }

    private static string LettersOf(string text) => string.Concat(text.Where(char.IsLetterOrDigit));

    private List<QuoteSource> TextsOf(SourcePost post) => texts.GetValueOrDefault(post.Id, []);

    /// <summary>Posts that had been written by then, the newest first.</summary>
    private static IEnumerable<SourcePost> NewestFirst(List<SourcePost> posts, DateTimeOffset at) =>
        posts.AsEnumerable().Reverse().SkipWhile(post => post.Line.At > at);

    /// <summary>
    /// What a block may quote, best first: what the source says, the number it names, then the name's newest posts;
    /// without a name, the thread's newest posts, when the words are enough to be nobody else's.
    /// </summary>
    public IReadOnlyList<QuoteSource> Candidates(QuoteBlock block, SourcePost quoting, DateTimeOffset at)
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
                    NewestFirst(named, at)
                        .TakeWhile(
                            (post, place) =>
                                quoting.IsLate
                                    ? place < NamedPosts.LookBack
                                    : post.Number > quoting.Number - 1 - NamedPosts.LookBack
                        )
                )
                .Where(post => post != quoting)
                .Distinct()
                .SelectMany(post => TextsOf(post).AsEnumerable().Reverse()),
        ];
    }

    public void Remember(SourcePost post)
    {
        Insert(said, post);
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

            Insert(posts, post);
        }
    }

    /// <summary>By time: a post may have come late.</summary>
    private static void Insert(List<SourcePost> posts, SourcePost post)
    {
        var place = posts.Count;
        while (place > 0 && posts[place - 1].Line.At > post.Line.At)
        {
            place--;
        }

        posts.Insert(place, post);
    }
}
