using System.Runtime.CompilerServices;
using EventForum.Threads.Quoting;
using Npgsql;

namespace EventForum.Exchange;

/// <summary>Brings a file of discussions into the forum, whole threads in a transaction.</summary>
internal sealed class SourceImport(NpgsqlDataSource database, PastEvents past, Defects defects)
{
    /// <summary>
    /// The views wait for positions that a transaction holds: it is over in well under a second. What is read of so few posts is
    /// garbage before the collector copies it to an older generation; with twice as many, a fifth of all processors goes there.
    /// </summary>
    private const int BatchPosts = 700;

    /// <summary>Tells a thread from a post, in what is met.</summary>
    public const string ActsOf = "thread\0";

    private readonly ImportResult result = new();
    private SourcePlaces places = null!;
    private SourceSurvey survey = null!;
    private Dictionary<string, SourceBoard> boards = [];
    private Dictionary<string, KnownPerson> members = [];
    private SourceEvents made = null!;
    private SourceFile file = null!;
    private ILookup<(string Source, string Thread), SourceLine> acts = null!;
    private PostFormat usual;

    /// <param name="actFiles">What moderators did in the threads.</param>
    /// <param name="board">The board that all threads go to; null takes each thread's section.</param>
    /// <param name="format">The format of texts whose lines name none.</param>
    /// <param name="met">Gets the source and id of every post of the file, and of every thread.</param>
    /// <param name="progress">Gets how many posts are done, of how many.</param>
    /// <exception cref="FormatException">No line of the file is a post; nothing is stored.</exception>
    public async Task<ImportResult> RunAsync(
        SourceFile source,
        IReadOnlyList<SourceFile> revisionFiles,
        IReadOnlyList<SourceFile> actFiles,
        string? board,
        PostFormat format,
        HashSet<(string Source, string Post)> met,
        Action<long, long> progress,
        CancellationToken cancellation
    )
    {
        file = source;
        usual = format;
        places = new SourcePlaces(Report);
        var revisions = revisionFiles
            .SelectMany(revisionFile =>
                revisionFile.Lines((number, raw, flaw) => Unreadable(revisionFile, number, raw, flaw))
            )
            .ToLookup(line => (line.Source, line.Post));
        acts = actFiles
            .SelectMany(actFile => actFile.Lines((number, raw, flaw) => Unreadable(actFile, number, raw, flaw)))
            .ToLookup(line => (line.Source, line.Thread));
        var id = Task.Run(() => source.IdAsync(cancellation), cancellation);
        survey = new SourceSurvey(board, revisions, acts);
        survey.Take(file.Lines((number, raw, flaw) => Unreadable(file, number, raw, flaw)), met);
        (result.Posts, result.Threads) = (survey.Posts, survey.Threads);
        if (result.Posts == 0)
        {
            throw new FormatException($"No line of {source.Path} is a post; see {defects.Path}.");
        }

        boards = await SourceBoards.FindAsync(database, survey.Boards.Values, cancellation);
        ReportBoards();
        survey.AddOpeners(boards.Values);
        members = await SourcePeople.FindAsync(database, survey.People.Values, cancellation);
        result.Members = members.Count;
        result.Boards = boards.Values.DistinctBy(board => board.Id).Count();
        made = new SourceEvents(past, (await id).ToString(), survey.People, members);
        ReportNames();

        // Reported at the end: meanwhile the next batch reports its own.
        var refused = new List<Defect>();
        long done = 0;
        var store = new BatchStore(
            past,
            (stored, posts) =>
            {
                result.Added += stored.Added;
                result.Known += stored.Known;
                refused.AddRange(stored.Defects);
                progress(done += posts, result.Posts);
            }
        );
        await store.StoreAsync(stop => BatchesAsync(revisions, stop), cancellation);
        refused.ForEach(defects.Add);
        return result;
    }

    private void ReportBoards()
    {
        foreach (var board in boards.Values.Where(board => board.Stored != board.Name))
        {
            Renamed(board.Line, "board-name", "The board's name is outside the limits.", board.Name, board.Stored);
        }
    }

    private void ReportNames()
    {
        foreach (var person in survey.People.Values)
        {
            var name = members[person.Subject].Name;
            if (name != person.Name.Trim())
            {
                Renamed(person.Line, "name", "The name is taken or outside the limits.", person.Name, name);
            }
        }
    }

    private void Renamed(SourceLine line, string kind, string detail, string original, string stored) =>
        defects.Add(new Defect(line.File, line.Number, kind, detail, line.Source, Original: original, Stored: stored));

    private async IAsyncEnumerable<EventBatch> BatchesAsync(
        ILookup<(string, string), SourceLine> revisions,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var seen = new HashSet<Guid>();
        var threads = new List<List<SourceLine>>();
        var posts = 0;
        foreach (var lines in file.Threads())
        {
            posts += lines.Count;
            if (!seen.Add(SourceThread.ThreadId(lines[0])))
            {
                foreach (var line in lines)
                {
                    Report(
                        line,
                        "thread-scattered",
                        "The lines of a thread stand together; this one is not stored.",
                        line.Raw,
                        null
                    );
                }

                continue;
            }

            threads.Add(lines);
            if (posts >= BatchPosts)
            {
                yield return new(await EventsAsync(threads, revisions, cancellation), posts);
                (threads, posts) = ([], 0);
            }
        }

        yield return new(await EventsAsync(threads, revisions, cancellation), posts);
    }

    private async Task<List<PastEvent>> EventsAsync(
        List<List<SourceLine>> threads,
        ILookup<(string, string), SourceLine> revisions,
        CancellationToken cancellation
    )
    {
        var here = await ThreadsHere.FindAsync(database, threads, cancellation);
        return [.. threads.SelectMany(lines => Events(lines, here[SourceThread.ThreadId(lines[0])], revisions))];
    }

    private IEnumerable<PastEvent> Events(
        List<SourceLine> lines,
        ThreadHere here,
        ILookup<(string, string), SourceLine> revisions
    )
    {
        ReportOtherNames(lines);
        lines = places.Of(lines, here);
        if (lines.Count == 0)
        {
            return [];
        }

        var board = boards[survey.BoardName(lines[0])];
        var source = lines[0].Source;
        var thread = SourceThread.Of(lines, board.Id, usual, post => [.. revisions[(source, post)]], Report, here);
        result.Quotes += thread.Resolved;
        result.QuotesKept += thread.Kept;
        var facts = Acts(thread, here, [.. acts[(source, lines[0].Thread)]]);
        return made.Of(facts, board, lines[0], here);
    }

    /// <summary>
    /// What moderators did stands between the posts of a thread that is new; what is not here of it in one that is here already
    /// would have to.
    /// </summary>
    private IReadOnlyList<SourceFact> Acts(SourceThread thread, ThreadHere here, IReadOnlyList<SourceLine> lines)
    {
        var between = new SourceActs(survey.SubjectOf, Report);
        if (here.IsNew)
        {
            return thread.Facts.Count == 0 ? [] : between.Between(thread.Facts, lines);
        }

        var facts = new List<SourceFact>(thread.Known);
        foreach (
            var act in thread.Known.Count == 0
                ? []
                : between.Between(thread.Known, lines).Where(fact => fact.Line.Act is not null)
        )
        {
            if (here.Find(SourceThread.EventId(act.Line, act.Key)) is { } stored)
            {
                facts.Add(act with { Version = stored.Version });
            }
            else
            {
                Report(
                    act.Line,
                    "conflict",
                    "The thread is here already without it; it is left out.",
                    act.Line.Raw,
                    null
                );
            }
        }

        return [.. facts, .. thread.Facts];
    }

    /// <summary>Somebody of several names has one here.</summary>
    private void ReportOtherNames(List<SourceLine> lines)
    {
        foreach (var line in lines)
        {
            var person = survey.People[SourcePeople.Author(line).Subject];
            if (line.Author.Trim() != person.Name.Trim())
            {
                Report(
                    line,
                    "author-name",
                    "Its author wrote under another name before, and has that one here.",
                    line.Author,
                    members[person.Subject].Name
                );
            }
        }
    }

    private void Report(SourceLine line, string kind, string detail, string? original, string? stored) =>
        defects.Add(
            new Defect(line.File, line.Number, kind, detail, line.Source, line.Thread, line.Post, original, stored)
        );

    private void Unreadable(SourceFile where, int number, string raw, string flaw) =>
        defects.Add(new Defect(where.Name, number, "unreadable", flaw, Original: raw));
}
