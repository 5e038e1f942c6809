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

    /// <summary>The version that it has here already; null for what is new.</summary>
    public long? Version { get; init; }
}

/// <summary>A text or a title that a line of a file brings.</summary>
/// <param name="Previous">The revision before it; null for the first.</param>
/// <param name="Next">The one after it; null for the last.</param>
internal sealed record SourceStep(
    SourcePost Post,
    SourceRevision Revision,
    string Key,
    SourceRevision? Previous,
    SourceRevision? Next
)
{
    /// <summary>The title that it gives the thread; null where it brings a text.</summary>
    public ThreadRenamed? Renamed { get; init; }

    /// <summary>What had to be changed in the title.</summary>
    public IReadOnlyList<string> Flaws { get; init; } = [];

    public Guid EventId => SourceThread.EventId(Post.Line, Key);

    public SourceFact Fact(object data, params IReadOnlyList<string> flaws) =>
        new(data, Revision.At, Revision.Author, Post.Line.Post, Key, Revision.Line) { Flaws = [.. Flaws, .. flaws] };
}

/// <summary>
/// Makes the history of a thread from what a source says of it, or what is new of it where it is here already. Pure but for the
/// defects it reports.
/// </summary>
internal sealed class SourceThread
{
    private readonly Action<SourceLine, string, string, string?, string?> defect;
    private readonly PostReading reading;
    private readonly KnownFacts known;
    private readonly ThreadHere here;
    private readonly Dictionary<Guid, ReadText> read = [];
    private long version;

    private SourceThread(ThreadHere here, PostFormat usual, Action<SourceLine, string, string, string?, string?> defect)
    {
        (this.here, this.defect, reading, version) = (here, defect, new PostReading(usual, defect), here.Version);
        known = new KnownFacts(here, reading);
    }

    /// <summary>Quotes that became references.</summary>
    public int Resolved => reading.Resolved;

    /// <summary>Quote blocks that stay text, because the thread says that nowhere before.</summary>
    public int Kept => reading.Kept;

    /// <summary>What is here already, in the order in which it came.</summary>
    public IReadOnlyList<SourceFact> Known { get; private set; } = [];

    /// <summary>What is new, in the order of time.</summary>
    public IReadOnlyList<SourceFact> Facts { get; private set; } = [];

    /// <param name="lines">The thread's posts.</param>
    /// <param name="usual">The format of texts whose lines name none.</param>
    /// <param name="revisions">The texts that a post had, as another file has them; none when it does not.</param>
    /// <param name="defect">Gets the line, the kind, the detail, what stood there, and what is stored.</param>
    /// <param name="here">What is stored of it already.</param>
    public static SourceThread Of(
        IReadOnlyList<SourceLine> lines,
        Guid boardId,
        PostFormat usual,
        Func<string, IReadOnlyList<SourceLine>> revisions,
        Action<SourceLine, string, string, string?, string?> defect,
        ThreadHere? here = null
    )
    {
        var thread = new SourceThread(here ?? ThreadHere.New(ThreadId(lines[0])), usual, defect);
        var posts = new SourcePosts(defect).Of(lines, revisions);
        posts = [.. thread.Numbered(posts)];
        if (posts.Count > 0)
        {
            thread.Tell(posts, boardId);
        }

        return thread;
    }

    public static Guid ThreadId(SourceLine line) => StableId.Of("thread", line.Source, line.Thread);

    public static Guid EventId(SourceLine line, string key) => StableId.Of("event", line.Source, line.Post, key);

    /// <summary>The post that the line answers, whether or not it is here: it may come with another file.</summary>
    public static Guid? ParentOf(SourceLine line) =>
        line.Parent is { } parent && parent != line.Post ? StableId.Of("post", line.Source, parent) : null;

    /// <summary>The posts that can stand in the thread: those that are here keep their numbers, new ones get those after them.</summary>
    private IEnumerable<SourcePost> Numbered(List<SourcePost> posts)
    {
        var last = here.LastNumber;
        foreach (var post in posts)
        {
            if (here.Find(EventId(post.Line, "")) is { } stored)
            {
                yield return post with
                {
                    Number = (stored.Data as ReplyPosted)?.Number ?? 1,
                };
            }
            else if (here.IsElsewhere(post.Line))
            {
                defect(
                    post.Line,
                    "conflict",
                    "The post is here already, in another thread; it is left out.",
                    post.Line.Raw,
                    null
                );
            }
            else
            {
                yield return post with
                {
                    Number = ++last,
                    IsLate = post.Line.At < here.LastPostAt,
                };
            }
        }
    }

    private void Tell(List<SourcePost> posts, Guid boardId)
    {
        var first = posts.Find(post => post.Number == 1) ?? posts[0];
        var (title, flaw) = SourceText.Title(SourceSteps.FirstTitle(first));
        if (flaw is not null)
        {
            defect(first.Line, flaw, "The title is outside the limits.", SourceSteps.FirstTitle(first), title);
        }

        var steps = new SourceSteps(here, reading, defect).Of(posts, first).ToList();
        Known =
        [
            .. known.Of(
                steps.Where(IsKnown).ToDictionary(step => step.EventId),
                started => started with { BoardId = boardId, Title = title }
            ),
        ];
        Facts = [.. FactsOf(steps.Where(step => !IsKnown(step)), boardId, title, flaw)];
    }

    private bool IsKnown(SourceStep step) => here.Find(step.EventId) is not null;

    private IEnumerable<SourceFact> FactsOf(IEnumerable<SourceStep> steps, Guid boardId, string title, string? flaw)
    {
        foreach (var step in steps.OrderBy(step => step.Revision.At).ThenBy(step => step.Revision.Number > 1))
        {
            var post = step.Post;
            if (step.Revision.Number == 1)
            {
                var fact = Posted(step, boardId, title);
                yield return version == 0 && flaw is not null ? fact with { Flaws = [flaw, .. fact.Flaws] } : fact;
            }
            else if (RefusalOf(step) is { } refusal)
            {
                defect(step.Revision.Line, "late-edit", refusal, step.Revision.Line.Raw, null);
                continue;
            }
            else if (step.Renamed is not null)
            {
                yield return step.Fact(step.Renamed);
            }
            else
            {
                var text = read.Remove(post.Id, out var foreseen) ? foreseen : reading.Read(post, step.Revision);
                reading.Quotes.Know(post, text.Body, text.Format);
                yield return step.Fact(
                    new PostEdited(
                        post.Id,
                        text.Body.Body,
                        text.Body.Quotes,
                        step.Revision.Reason,
                        Format: text.Format
                    ),
                    text.Flaws
                );
            }

            version++;
        }
    }

    private SourceFact Posted(SourceStep step, Guid boardId, string title)
    {
        var post = step.Post;
        // A text that is not known is followed by one that is: others may have quoted that, before it was the last one or after.
        var text = reading.Read(post, step.Revision.IsUnknown ? step.Next! : step.Revision);
        var (body, quotes, format, mask) = (text.Body.Body, text.Body.Quotes, text.Format, default(Mask));
        if (step.Revision.IsUnknown)
        {
            (body, quotes, format, mask) = ("", [], PostFormat.Markdown, new Mask(Masking.Unknown, 0));
            reading.Quotes.Know(post, null, format);
            reading.Quotes.Foresee(post, text.Body, text.Format);
            read[post.Id] = text;
        }
        else
        {
            reading.Quotes.Know(post, text.Body, text.Format);
        }

        reading.Quotes.Remember(post);
        var parent = ParentOf(post.Line);
        return step.Fact(
            version == 0
                ? new ThreadStarted(boardId, title, post.Id, body, quotes, mask, format, parent)
                : new ReplyPosted(
                    post.Id,
                    post.Number,
                    body,
                    quotes,
                    post.IsLate ? here.VersionAt(step.Revision.At) : version,
                    mask,
                    format,
                    parent,
                    post.IsLate
                ),
            step.Revision.IsUnknown ? [] : text.Flaws
        );
    }

    /// <summary>Why what changes a post or a title that is here already cannot be appended; null where it can.</summary>
    private string? RefusalOf(SourceStep step) =>
        here.IsNew ? null
        : step.Renamed is not null
            ? step.Revision.At > here.LastTitleAt ? null
                : "The thread has got a later title here already; this one is not stored."
        : known.LastTextAt(step.Post.Id) is not { } last ? null
        : here.Places.GetValueOrDefault(step.Post.Id, here.Id) != here.Id
            ? "The post has moved to another thread here; the edit is not stored."
        : step.Revision.At >= last ? null
        : "The post has a later text here; the edit is not stored.";
}
