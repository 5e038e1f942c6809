using System.Text;
using System.Text.RegularExpressions;
using EventForum.Members;
using EventForum.Threads;
using EventForum.Threads.Quoting;

namespace EventForum.Exchange;

/// <summary>What the posts of a thread have said so far: what later ones may quote.</summary>
internal sealed partial class SourceQuotes
{
    private const int EnoughWords = 20;
    private const int EnoughForAnybody = 25;
    private const int NewestPosts = 100;

    private readonly Dictionary<Guid, List<QuoteSource>> texts = [];
    private readonly Dictionary<Guid, int> revisions = [];
    private readonly HashSet<Guid> foreseen = [];
    private readonly Dictionary<Guid, string> saidLetters = [];
    private readonly List<SourcePost> said = [];
    private readonly Dictionary<string, SourcePost> byId = new(StringComparer.Ordinal);
    private readonly Dictionary<int, SourcePost> byNumber = [];
    private readonly Dictionary<string, List<SourcePost>> byName = new(StringComparer.Ordinal);

    /// <summary>The own words of the texts that have been read.</summary>
    public Dictionary<(Guid PostId, int Revision), OwnWords> Read { get; } = [];

    /// <summary>The post that says some words: one that this one answers, or else, when they are many, one of the newest by then.</summary>
    public Guid? FindPost(string words, SourcePost quoting, DateTimeOffset at)
    {
        var length = LooseText.Letters(words).Length;
        return length < EnoughWords
            ? null
            : Answered(quoting)
                .Concat(length < EnoughForAnybody ? [] : NewestFirst(said, at).Take(NewestPosts))
                .Where(post => post != quoting)
                .Distinct()
                .FirstOrDefault(post => TextsOf(post.Id).Exists(text => Says(WordsOf(text), words)))
                ?.Id;
    }

    private static bool Says(OwnWords own, string words) =>
        own.Find(words) is not null || own.FindLoosely(words).Count > 0;

    private OwnWords WordsOf(QuoteSource text) =>
        Read.TryGetValue((text.PostId, text.Revision), out var known)
            ? known
            : Read[(text.PostId, text.Revision)] = OwnWords.Of(text.Body, text.Format);

    /// <summary>The letters and digits of a text with all that it quotes.</summary>
    public string Letters(string body, IReadOnlyList<Quote> quotes)
    {
        var (all, start) = (new StringBuilder(body.Length), 0);
        foreach (var quote in quotes)
        {
            var at = Math.Clamp(quote.At, start, body.Length);
            all.Append(body, start, at - start).Append('\n');
            if (TextsOf(quote.PostId).Find(text => text.Revision == quote.Revision) is { } source)
            {
                all.Append(WordsOf(source).Text(quote.Start, quote.Length)).Append('\n');
            }

            start = at;
        }

        return LooseText.Letters(QuoteTag.Replace(all.Append(body, start, body.Length - start).ToString(), "\n"));
    }

    [GeneratedRegex(
        @"\[/?quote[^\]\n]{0,300}\]",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex QuoteTag { get; }

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
        if (!saidLetters.TryGetValue(postId, out var known))
        {
            known = LooseText.Letters(said.Find(post => post.Id == postId)?.Line.Body ?? "");
            saidLetters[postId] = known;
        }

        return known.Contains(LooseText.Letters(words), StringComparison.Ordinal);
    }

    private List<QuoteSource> TextsOf(Guid postId) => texts.GetValueOrDefault(postId, []);

    /// <summary>Posts that had been written by then, the newest first.</summary>
    private static IEnumerable<SourcePost> NewestFirst(List<SourcePost> posts, DateTimeOffset at) =>
        posts.AsEnumerable().Reverse().SkipWhile(post => post.Line.At > at);

    /// <summary>
    /// What a block may quote, best first: what the source says, the number it names, then the name's newest posts, then
    /// the thread's newest posts, when the words are enough to be nobody else's.
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
        var named = name is null ? [] : byName.GetValueOrDefault(name, []);
        // A name may be misspelt, or short for another.
        var anybody = block.Inner.Length >= (name is null ? EnoughWords : EnoughForAnybody) ? said : [];
        if (block.PostId is { } postId && texts.TryGetValue(postId, out var known))
        {
            return [.. known.AsEnumerable().Reverse()];
        }

        return
        [
            .. stated
                .Append(numbered)
                .OfType<SourcePost>()
                .Concat(Newest(named))
                .Concat(Newest(anybody))
                .Where(post => post != quoting)
                .Distinct()
                .SelectMany(post => TextsOf(post.Id).AsEnumerable().Reverse()),
        ];

        IEnumerable<SourcePost> Newest(List<SourcePost> posts) =>
            NewestFirst(posts, at)
                .TakeWhile(
                    (post, place) =>
                        quoting.IsLate
                            ? place < NamedPosts.LookBack
                            : post.Number > quoting.Number - 1 - NamedPosts.LookBack
                );
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
