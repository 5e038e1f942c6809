using System.Threading.Channels;
using EventForum.Threads.Quoting;
using Npgsql;

namespace EventForum.Exchange;

/// <summary>Brings a file of discussions into the forum, whole threads in a transaction.</summary>
internal sealed class SourceImport(NpgsqlDataSource database, PastEvents past, Defects defects)
{
    /// <summary>The views wait for positions that a transaction holds: it is over in well under a second.</summary>
    private const int BatchEvents = 2_000;

    /// <summary>Tells a thread from a post, in what is met.</summary>
    public const string ActsOf = "thread\0";

    private readonly ImportResult result = new();
    private readonly Dictionary<string, SourcePerson> people = new(StringComparer.Ordinal);
    private Dictionary<string, SourceBoard> boards = new(StringComparer.Ordinal);
    private Dictionary<string, KnownPerson> members = [];
    private SourceEvents made = null!;
    private SourceFile file = null!;
    private ILookup<(string Source, string Thread), SourceLine> acts = null!;

    /// <summary>Authors by their sources and names, by which acts name them.</summary>
    private readonly Dictionary<(string Source, string Name), string> subjects = [];
    private string? boardName;
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
        boardName = board;
        usual = format;
        var revisions = revisionFiles
            .SelectMany(revisionFile =>
                revisionFile.Lines((number, raw, flaw) => Unreadable(revisionFile, number, raw, flaw))
            )
            .ToLookup(line => (line.Source, line.Post));
        acts = actFiles
            .SelectMany(actFile => actFile.Lines((number, raw, flaw) => Unreadable(actFile, number, raw, flaw)))
            .ToLookup(line => (line.Source, line.Thread));
        Survey(revisions, met);
        if (result.Posts == 0)
        {
            throw new FormatException($"No line of {source.Path} is a post; see {defects.Path}.");
        }

        boards = await SourceBoards.FindAsync(database, boards.Values, cancellation);
        ReportBoards();
        AddOpeners();
        members = await SourcePeople.FindAsync(database, people.Values, cancellation);
        result.Members = members.Count;
        result.Boards = boards.Values.DistinctBy(board => board.Id).Count();
        made = new SourceEvents(past, (await source.IdAsync(cancellation)).ToString(), people, members);
        ReportNames();

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var batches = Channel.CreateBounded<(List<PastEvent> Events, int Posts)>(2);
        var making = Task.Run(
            async () =>
            {
                Exception? failure = null;
                try
                {
                    foreach (var batch in Batches(revisions))
                    {
                        await batches.Writer.WriteAsync(batch, stop.Token);
                    }
                }
                catch (Exception e)
                {
                    failure = e;
                }

                batches.Writer.Complete(failure);
            },
            stop.Token
        );
        // Reported at the end: meanwhile the next batch reports its own.
        var refused = new List<Defect>();
        try
        {
            long done = 0;
            await foreach (var (events, posts) in batches.Reader.ReadAllAsync(cancellation))
            {
                var stored = await past.StoreAsync(events, keepPositions: false, cancellation);
                result.Added += stored.Added;
                result.Known += stored.Known;
                refused.AddRange(stored.Defects);
                progress(done += posts, result.Posts);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await making;
        }

        refused.ForEach(defects.Add);
        return result;
    }

    /// <summary>Who is in the file, in what boards, and since when.</summary>
    private void Survey(ILookup<(string, string), SourceLine> revisions, HashSet<(string, string)> met)
    {
        SourceLine? last = null;
        var metThreads = new HashSet<(string, string)>();
        foreach (var line in file.Lines((number, raw, flaw) => Unreadable(file, number, raw, flaw)))
        {
            result.Posts++;
            met.Add((line.Source, line.Post));
            if (last?.Thread != line.Thread || last.Source != line.Source)
            {
                result.Threads++;
                metThreads.Add((line.Source, line.Thread));
            }

            subjects.TryAdd((line.Source, line.Author), SourcePeople.Author(line).Subject);
            last = line;
            Meet(SourcePeople.Author(line));
            if (line.EditedAt is not null)
            {
                Meet(SourcePeople.Editor(line));
            }

            foreach (var revision in revisions[(line.Source, line.Post)])
            {
                Meet(SourcePeople.Author(revision));
            }

            var name = BoardName(line);
            boards[name] = boards.TryGetValue(name, out var board)
                ? board with
                {
                    Since = board.Since < line.At ? board.Since : line.At,
                }
                : new SourceBoard(name, line.Source, line.Section, line.At, line);
        }

        foreach (var act in metThreads.SelectMany(thread => acts[thread]))
        {
            Meet(
                new SourcePerson(
                    SubjectOf(act),
                    act.Source,
                    act.Author.Length > 0 ? act.Author : act.Source,
                    act.At,
                    act
                )
            );
        }

        foreach (var (source, thread) in metThreads)
        {
            met.Add((source, ActsOf + thread));
        }

        void Meet(SourcePerson met) =>
            people[met.Subject] =
                people.TryGetValue(met.Subject, out var known) && known.Since <= met.Since ? known
                : known is null ? met
                : known with { Since = met.Since };
    }

    /// <summary>Who did it: an author of that name, or somebody who wrote nothing; the source itself where it does not say.</summary>
    private string SubjectOf(SourceLine act) =>
        act.Author.Length == 0 ? SourcePeople.Subject(act.Source)
        : act.AuthorKey != act.Author ? SourcePeople.Subject(act.Source, act.AuthorKey)
        : subjects.TryGetValue((act.Source, act.Author), out var author) ? author
        : SourcePeople.Subject(act.Source, act.Author);

    private string BoardName(SourceLine line) => boardName ?? line.Section ?? line.Source;

    /// <summary>A new board is opened by a member that stands for its source.</summary>
    private void AddOpeners()
    {
        foreach (var board in boards.Values.Where(board => board.IsNew))
        {
            var opener = new SourcePerson(
                SourcePeople.Subject(board.Source),
                board.Source,
                board.Source,
                board.Since,
                board.Line
            );
            people[opener.Subject] =
                people.TryGetValue(opener.Subject, out var met) && met.Since <= opener.Since ? met : opener;
        }
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
        foreach (var person in people.Values)
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

    private IEnumerable<(List<PastEvent> Events, int Posts)> Batches(ILookup<(string, string), SourceLine> revisions)
    {
        var seen = new HashSet<Guid>();
        var events = new List<PastEvent>();
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

            events.AddRange(Events(lines, revisions));
            if (events.Count >= BatchEvents)
            {
                yield return (events, posts);
                (events, posts) = ([], 0);
            }
        }

        yield return (events, posts);
    }

    private IEnumerable<PastEvent> Events(List<SourceLine> lines, ILookup<(string, string), SourceLine> revisions)
    {
        var board = boards[BoardName(lines[0])];
        var source = lines[0].Source;
        var thread = SourceThread.Of(lines, board.Id, usual, post => [.. revisions[(source, post)]], Report);
        result.Quotes += thread.Resolved;
        result.QuotesKept += thread.Kept;
        var facts = new SourceActs(SubjectOf, Report).Between(thread.Facts, acts[(source, lines[0].Thread)]);
        return made.Of(facts, board, lines[0]);
    }

    private void Report(SourceLine line, string kind, string detail, string? original, string? stored) =>
        defects.Add(
            new Defect(line.File, line.Number, kind, detail, line.Source, line.Thread, line.Post, original, stored)
        );

    private void Unreadable(SourceFile where, int number, string raw, string flaw) =>
        defects.Add(new Defect(where.Name, number, "unreadable", flaw, Original: raw));
}
