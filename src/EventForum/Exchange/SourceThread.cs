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
);

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
    private readonly Action<SourceLine, string, string, string?, string?> defect;
    private readonly Dictionary<Guid, List<QuoteSource>> texts = [];
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
            if (line.HadNul)
            {
                defect(line, "nul", "A NUL reads as U+FFFD: PostgreSQL cannot store it.", line.Raw, null);
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
                return
                [
                    .. ordered.Select(revision => new SourceRevision(
                        revision.Revision!.Value,
                        revision.Body,
                        revision.Revision == 1 ? line.At : revision.At,
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

        return [new SourceRevision(1, line.Body, line.At, author, null, null, line)];
    }

    private IEnumerable<SourceFact> Tell(List<SourcePost> posts, Guid boardId)
    {
        var title = FirstTitle(posts[0]);
        var steps = posts.SelectMany(post =>
        {
            var order = post.Line.At;
            return post.Revisions.Select(revision =>
            {
                order = revision.At > order ? revision.At : order;
                return (Post: post, Revision: revision, Order: order);
            });
        });
        var version = 0L;
        foreach (var (post, revision, _) in steps.OrderBy(step => step.Order).ThenBy(step => step.Revision.Number > 1))
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
            if (revision.Raw != previous.Raw)
            {
                var body = Read(post, revision, flaws);
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

        var body = QuoteResolution.Resolve(text, block => Candidates(block, post));
        Resolved += body.Quotes.Count;
        Kept += QuoteSyntax.Parse(body.Body).Count;
        if (!texts.TryGetValue(post.Id, out var known))
        {
            texts[post.Id] = known = [];
        }

        // Revisions that change no text are no revisions here.
        known.Add(new QuoteSource(post.Id, known.Count + 1, body.Body));
        return body;
    }

    /// <summary>What a block may quote, best first: what the source says, the number it names, then the name's newest posts.</summary>
    private IReadOnlyList<QuoteSource> Candidates(QuoteBlock block, SourcePost quoting)
    {
        var name = block.Name is null ? null : MemberName.Key(block.Name);
        var told = quoting
            .Line.Quotes.Where(quote =>
                quote.Post is not null && (quote.Author is null ? null : MemberName.Key(quote.Author)) == name
            )
            .Select(quote => byId.GetValueOrDefault(quote.Post!));
        var numbered = block.PostNumber is { } number ? byNumber.GetValueOrDefault(number) : null;
        var named = name is null ? [] : byName.GetValueOrDefault(name, []).AsEnumerable().Reverse();
        return
        [
            .. told.Append(numbered)
                .OfType<SourcePost>()
                .Concat(named.TakeWhile(post => post.Number > quoting.Number - 1 - NamedPosts.LookBack))
                .Where(post => post != quoting)
                .Distinct()
                .SelectMany(post => texts[post.Id].AsEnumerable().Reverse()),
        ];
    }

    private void Remember(SourcePost post)
    {
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
