using EventForum.Members;
using EventForum.Threads;
using EventForum.Threads.Quoting;

namespace EventForum.Exchange;

/// <summary>A text that a post had, from a time on.</summary>
/// <param name="Author">The subject of who wrote it.</param>
internal sealed record SourceRevision(
    int Number,
    string Raw,
    DateTimeOffset At,
    string Author,
    string? Reason,
    string? Title,
    SourceLine Line
)
{
    /// <summary>An edit of which all is known but the text before it.</summary>
    public bool HidesEarlierText { get; init; }
}

/// <summary>A post with the texts that it had, first to last.</summary>
internal sealed record SourcePost(Guid Id, int Number, SourceLine Line, IReadOnlyList<SourceRevision> Revisions);

/// <summary>Something that happened in a thread, ready to become an event.</summary>
/// <param name="Key">Tells it apart from everything else that happened to its post.</param>
internal sealed record SourceFact(
    object Data,
    DateTimeOffset At,
    string Author,
    string Post,
    string Key,
    SourceLine Line
)
{
    /// <summary>What had to be changed to store it.</summary>
    public IReadOnlyList<string> Flaws { get; init; } = [];
}

/// <summary>Makes the history of a thread from what a source tells of it. Pure but for the defects it reports.</summary>
internal sealed class SourceThread
{
    private const int EnoughWords = 20;
    private const int Newest = 20;

    private readonly Action<SourceLine, string, string, string?, string?> defect;
    private readonly Dictionary<Guid, List<QuoteSource>> texts = [];
    private readonly Dictionary<QuoteSource, OwnWords> ownWords = [];
    private readonly Dictionary<Guid, ResolvedBody> bodies = [];
    private readonly List<SourcePost> said = [];
    private readonly Dictionary<string, SourcePost> byId = new(StringComparer.Ordinal);
    private readonly Dictionary<int, SourcePost> byNumber = [];
    private readonly Dictionary<string, List<SourcePost>> byName = new(StringComparer.Ordinal);

    private SourceThread(Action<SourceLine, string, string, string?, string?> defect) => this.defect = defect;

    /// <summary>Quotes that became references.</summary>
    public int Resolved { get; private set; }

    /// <summary>Quote blocks that stay text, because the thread says that nowhere before.</summary>
    public int Kept { get; private set; }

    public IReadOnlyList<SourceFact> Facts { get; private set; } = [];

    /// <param name="lines">The thread's posts.</param>
    /// <param name="revisions">The texts that a post had, as another file tells them; none when it does not.</param>
    /// <param name="defect">Is told the line, the kind, the detail, what stood there, and what is stored.</param>
    public static SourceThread Of(
        IReadOnlyList<SourceLine> lines,
        Guid boardId,
        Func<string, IReadOnlyList<SourceLine>> revisions,
        Action<SourceLine, string, string, string?, string?> defect
    )
    {
        var thread = new SourceThread(defect);
        var posts = thread.Posts(lines, revisions);
        thread.Facts = [.. thread.Tell(posts, boardId)];
        return thread;
    }

    public static Guid ThreadId(SourceLine line) => StableId.Of("thread", line.Source, line.Thread);

    private static Guid PostId(SourceLine line) => StableId.Of("post", line.Source, line.Post);

    /// <summary>The posts in the order of time, which is the order of their numbers.</summary>
    private List<SourcePost> Posts(IReadOnlyList<SourceLine> lines, Func<string, IReadOnlyList<SourceLine>> revisions)
    {
        var once = new Dictionary<string, SourceLine>(StringComparer.Ordinal);
        var before = DateTimeOffset.MinValue;
        foreach (var line in lines)
        {
            if (line.HadNoCharacter)
            {
                defect(
                    line,
                    "no-character",
                    "A NUL or half a surrogate pair reads as U+FFFD, or U+FFFD stands for a character that was lost before.",
                    line.Raw,
                    null
                );
            }

            if (!once.TryAdd(line.Post, line))
            {
                defect(
                    line,
                    "post-twice",
                    "The thread has a post of this id already; this one is not stored.",
                    line.Raw,
                    null
                );
                continue;
            }

            if (line.At < before)
            {
                defect(
                    line,
                    "time-order",
                    "It is older than the post before it, and is numbered by its time.",
                    null,
                    null
                );
            }

            before = line.At > before ? line.At : before;
        }

        return
        [
            .. once
                .Values.OrderBy(line => line.At)
                .Select((line, i) => new SourcePost(PostId(line), i + 1, line, Revisions(line, revisions(line.Post)))),
        ];
    }

    private List<SourceRevision> Revisions(SourceLine line, IReadOnlyList<SourceLine> told)
    {
        var author = SourcePeople.Subject(line.Source, line.AuthorKey);
        var ordered = told.OrderBy(revision => revision.Revision).ToList();
        if (ordered.Count > 0)
        {
            if (
                ordered
                    .Select(revision => revision.Revision)
                    .SequenceEqual(Enumerable.Range(1, ordered.Count).Cast<int?>())
                && PostBody.Normalise(ordered[^1].Body) == PostBody.Normalise(line.Body)
            )
            {
                var before = line.At;
                return
                [
                    .. ordered.Select(revision => new SourceRevision(
                        revision.Revision!.Value,
                        revision.Body,
                        before = revision.Revision == 1 ? line.At : NotBefore(before, revision.At, revision),
                        revision.Revision == 1 ? author : SourcePeople.Subject(revision.Source, revision.AuthorKey),
                        string.IsNullOrWhiteSpace(revision.Comment) ? null : revision.Comment.Trim(),
                        revision.Title,
                        revision
                    )),
                ];
            }

            defect(
                line,
                "revisions",
                "The revisions have gaps or do not end in the post's text; they are left out.",
                null,
                null
            );
        }

        var first = new SourceRevision(1, line.Body, line.At, author, null, null, line);
        if (line.EditedAt is not { } editedAt)
        {
            return [first];
        }

        var unknown =
            line.EditCount > 1
                ? $"(edited {line.EditCount} times; the earlier texts are not known)"
                : "(the earlier text is not known)";
        return
        [
            first,
            new SourceRevision(
                2,
                line.Body,
                NotBefore(line.At, editedAt, line),
                SourcePeople.Editor(line).Subject,
                string.IsNullOrWhiteSpace(line.EditReason) ? unknown : $"{line.EditReason.Trim()} {unknown}",
                null,
                line
            )
            {
                HidesEarlierText = true,
            },
        ];
    }

    /// <summary>Nothing happens to a post before what happened to it before: a thread's past is searched by time.</summary>
    private DateTimeOffset NotBefore(DateTimeOffset before, DateTimeOffset at, SourceLine line)
    {
        if (at >= before)
        {
            return at;
        }

        defect(
            line,
            "time-order",
            "An edit is older than the text that it changes; it gets that one's time.",
            null,
            null
        );
        return before;
    }

    private IEnumerable<SourceFact> Tell(List<SourcePost> posts, Guid boardId)
    {
        var title = FirstTitle(posts[0]);
        var steps = posts.SelectMany(post => post.Revisions.Select(revision => (Post: post, Revision: revision)));
        var version = 0L;
        foreach (
            var (post, revision) in steps.OrderBy(step => step.Revision.At).ThenBy(step => step.Revision.Number > 1)
        )
        {
            var flaws = new List<string>();
            if (revision.Number == 1)
            {
                var body = Read(post, revision, flaws);
                if (version == 0)
                {
                    var (first, flaw) = SourceText.Title(title);
                    if (flaw is not null)
                    {
                        flaws.Add(flaw);
                        defect(post.Line, flaw, "The title is outside the limits.", title, first);
                    }

                    yield return Fact(
                        post,
                        revision,
                        new ThreadStarted(boardId, first, post.Id, body.Body, body.Quotes),
                        "",
                        flaws
                    );
                }
                else
                {
                    yield return Fact(
                        post,
                        revision,
                        new ReplyPosted(post.Id, post.Number, body.Body, body.Quotes, version),
                        "",
                        flaws
                    );
                }

                version++;
                Remember(post);
                continue;
            }

            var previous = post.Revisions[revision.Number - 2];
            var told = false;
            if (revision.Raw != previous.Raw || revision.HidesEarlierText)
            {
                var body = revision.HidesEarlierText ? Again(post) : Read(post, revision, flaws);
                yield return Fact(
                    post,
                    revision,
                    new PostEdited(post.Id, body.Body, body.Quotes, revision.Reason),
                    "text",
                    flaws
                );
                version++;
                told = true;
            }

            if (
                post.Number == 1
                && title != posts[0].Line.Title
                && revision.Title is not null
                && revision.Title != previous.Title
            )
            {
                var (renamed, flaw) = SourceText.Title(revision.Title);
                if (flaw is not null)
                {
                    defect(revision.Line, flaw, "The title is outside the limits.", revision.Title, renamed);
                }

                yield return Fact(
                    post,
                    revision,
                    new ThreadRenamed(renamed, revision.Reason),
                    "title",
                    flaw is null ? [] : [flaw]
                );
                version++;
                told = true;
            }

            if (!told)
            {
                defect(
                    revision.Line,
                    "revision-without-text",
                    "The revision changes neither the text nor the thread's title; it is not stored.",
                    revision.Line.Raw,
                    null
                );
            }
        }
    }

    /// <summary>The title that the thread began with, as far as the first post's revisions lead from it to the last one.</summary>
    private static string? FirstTitle(SourcePost first) =>
        first.Revisions[^1].Title is { } last && last.Trim() == first.Line.Title?.Trim()
            ? first.Revisions[0].Title
            : first.Line.Title;

    private ResolvedBody Read(SourcePost post, SourceRevision revision, List<string> flaws)
    {
        var (text, flaw) = SourceText.Body(revision.Raw);
        if (flaw is not null)
        {
            flaws.Add(flaw);
            defect(
                revision.Line,
                flaw,
                "The text is outside the limits.",
                revision.Raw,
                flaw == "empty-body" ? text : null
            );
        }

        var body = Resolve(text, post);
        var (mail, blocks) = MailQuotes.ToBlocks(text, words => FindPost(words, post));
        if (mail != text && Resolve(mail, post) is var asMail && asMail.Quotes.Count == body.Quotes.Count + blocks)
        {
            // Otherwise a block came to stand where it is none, as in code: the lines stay as they were.
            body = asMail;
        }

        if (body.Excess.Count > 0)
        {
            defect(
                revision.Line,
                "too-much-quoted",
                $"The post would show more than {ShownWords.Max} characters; {body.Excess.Count} of its quotes stay text.",
                revision.Raw,
                null
            );
        }

        Resolved += body.Quotes.Count;
        Kept += QuoteSyntax.Parse(body.Body).Count;
        return Know(post, body);
    }

    private ResolvedBody Resolve(string text, SourcePost post) =>
        QuoteResolution.Resolve(text, block => Candidates(block, text, post));

    /// <summary>The post that says some words: one that this one answers, or else one of the newest.</summary>
    private Guid? FindPost(string words, SourcePost quoting)
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
        ownWords.TryGetValue(text, out var known) ? known : ownWords[text] = OwnWords.Of(text.Body);

    private IEnumerable<SourcePost> Answered(SourcePost post)
    {
        var seen = new HashSet<SourcePost>();
        while (post.Line.Parent is { } id && byId.TryGetValue(id, out var parent) && seen.Add(parent))
        {
            yield return post = parent;
        }
    }

    /// <summary>What is known of a text that was changed is what it was changed to.</summary>
    private ResolvedBody Again(SourcePost post) => Know(post, bodies[post.Id]);

    private ResolvedBody Know(SourcePost post, ResolvedBody body)
    {
        if (!texts.TryGetValue(post.Id, out var known))
        {
            texts[post.Id] = known = [];
        }

        // Revisions that change no text are no revisions here.
        known.Add(new QuoteSource(post.Id, known.Count + 1, body.Body));
        return bodies[post.Id] = body;
    }

    /// <summary>
    /// What a block may quote, best first: what the source says, the number it names, then the name's newest posts;
    /// without a name, the thread's newest posts, when the words are enough to be nobody else's.
    /// </summary>
    private IReadOnlyList<QuoteSource> Candidates(QuoteBlock block, string text, SourcePost quoting)
    {
        var name = block.Name is null ? null : MemberName.Key(block.Name);
        var told = quoting
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
            .. told.Append(numbered)
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

    private void Remember(SourcePost post)
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

    private static SourceFact Fact(
        SourcePost post,
        SourceRevision revision,
        object data,
        string key,
        List<string> flaws
    ) =>
        new(
            data,
            revision.At,
            revision.Author,
            post.Line.Post,
            key.Length == 0 ? "" : $"{key} {revision.Number}",
            revision.Line
        )
        {
            Flaws = flaws,
        };
}
