using EventForum.Platform;
using EventForum.Threads;
using EventForum.Threads.Quoting;

namespace EventForum.Exchange;

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

/// <summary>Makes the history of a thread from what a source says of it. Pure but for the defects it reports.</summary>
internal sealed class SourceThread
{
    private readonly Action<SourceLine, string, string, string?, string?> defect;
    private readonly SourceQuotes quotes = new();

    private readonly PostFormat usual;

    private SourceThread(PostFormat usual, Action<SourceLine, string, string, string?, string?> defect) =>
        (this.usual, this.defect) = (usual, defect);

    /// <summary>Quotes that became references.</summary>
    public int Resolved { get; private set; }

    /// <summary>Quote blocks that stay text, because the thread says that nowhere before.</summary>
    public int Kept { get; private set; }

    public IReadOnlyList<SourceFact> Facts { get; private set; } = [];

    /// <param name="lines">The thread's posts.</param>
    /// <param name="usual">The format of texts whose lines name none.</param>
    /// <param name="revisions">The texts that a post had, as another file has them; none when it does not.</param>
    /// <param name="defect">Gets the line, the kind, the detail, what stood there, and what is stored.</param>
    public static SourceThread Of(
        IReadOnlyList<SourceLine> lines,
        Guid boardId,
        PostFormat usual,
        Func<string, IReadOnlyList<SourceLine>> revisions,
        Action<SourceLine, string, string, string?, string?> defect
    )
    {
        var thread = new SourceThread(usual, defect);
        var posts = new SourcePosts(defect).Of(lines, revisions);
        thread.Facts = [.. thread.FactsOf(posts, boardId)];
        return thread;
    }

    public static Guid ThreadId(SourceLine line) => StableId.Of("thread", line.Source, line.Thread);

    private IEnumerable<SourceFact> FactsOf(List<SourcePost> posts, Guid boardId)
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
                var (body, format) = Read(post, revision, flaws);
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
                        new ThreadStarted(boardId, first, post.Id, body.Body, body.Quotes, Format: format),
                        "",
                        flaws
                    );
                }
                else
                {
                    yield return Fact(
                        post,
                        revision,
                        new ReplyPosted(post.Id, post.Number, body.Body, body.Quotes, version, Format: format),
                        "",
                        flaws
                    );
                }

                version++;
                quotes.Remember(post);
                continue;
            }

            var previous = post.Revisions[revision.Number - 2];
            var changed = false;
            if (
                revision.Raw != previous.Raw
                || Format(post, revision) != Format(post, previous)
                || revision.HidesEarlierText
            )
            {
                var (body, format) = revision.HidesEarlierText ? quotes.Again(post) : Read(post, revision, flaws);
                yield return Fact(
                    post,
                    revision,
                    new PostEdited(post.Id, body.Body, body.Quotes, revision.Reason, Format: format),
                    "text",
                    flaws
                );
                version++;
                changed = true;
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
                changed = true;
            }

            if (!changed)
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

    private (ResolvedBody Body, PostFormat Format) Read(SourcePost post, SourceRevision revision, List<string> flaws)
    {
        var format = Format(post, revision);
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
        var (mail, blocks) = format is PostFormat.Markdown or PostFormat.Mail
            ? MailQuotes.ToBlocks(text, format, words => quotes.FindPost(words, post))
            : (text, 0);
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
        return quotes.Know(post, body, format);
    }

    private PostFormat Format(SourcePost post, SourceRevision revision) =>
        revision.Line.Format ?? post.Line.Format ?? usual;

    private ResolvedBody Resolve(string text, SourcePost post) =>
        QuoteResolution.Resolve(text, block => quotes.Candidates(block, post));

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
