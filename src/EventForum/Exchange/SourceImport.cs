using System.Threading.Channels;
using EventForum.Boards;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using Npgsql;

namespace EventForum.Exchange;

/// <summary>What an import came to.</summary>
internal sealed record ImportResult
{
    public int Threads { get; set; }
    public int Posts { get; set; }
    public int Members { get; set; }
    public int Boards { get; set; }
    public int Added { get; set; }
    public int Known { get; set; }
    public int Quotes { get; set; }
    public int QuotesKept { get; set; }
}

/// <summary>Brings a file of discussions into the forum, whole threads in a transaction.</summary>
internal sealed class SourceImport(NpgsqlDataSource database, PastEvents past, Defects defects)
{
    /// <summary>The views wait for positions that a transaction holds: it is over in well under a second.</summary>
    private const int BatchEvents = 2_000;

    private readonly ImportResult result = new();
    private readonly Dictionary<string, SourcePerson> people = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SourceBoard> boards = new(StringComparer.Ordinal);
    private readonly HashSet<string> introduced = new(StringComparer.Ordinal);
    private Dictionary<string, KnownPerson> members = [];
    private string import = "";
    private SourceFile file = null!;
    private string? boardName;

    /// <param name="board">The board that all threads go to; null takes each thread's section.</param>
    /// <param name="met">Gets the source and id of every post of the file.</param>
    /// <param name="progress">Is told how many posts are done, of how many.</param>
    /// <exception cref="FormatException">No line of the file is a post; nothing is stored.</exception>
    public async Task<ImportResult> RunAsync(
        SourceFile source,
        IReadOnlyList<SourceFile> revisionFiles,
        string? board,
        HashSet<(string Source, string Post)> met,
        Action<long, long> progress,
        CancellationToken cancellation
    )
    {
        file = source;
        boardName = board;
        import = (await source.IdAsync(cancellation)).ToString();
        var revisions = revisionFiles
            .SelectMany(revisionFile =>
                revisionFile.Lines((number, raw, flaw) => Unreadable(revisionFile, number, raw, flaw))
            )
            .ToLookup(line => (line.Source, line.Post));
        Survey(revisions, met);
        if (result.Posts == 0)
        {
            throw new FormatException($"No line of {source.Path} is a post; see {defects.Path}.");
        }

        await FindBoardsAsync(cancellation);
        members = await SourcePeople.FindAsync(database, people.Values, cancellation);
        result.Members = members.Count;
        result.Boards = boards.Values.DistinctBy(board => board.Id).Count();
        TellNames();

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
        // Told at the end: meanwhile the next batch tells its own.
        var told = new List<Defect>();
        try
        {
            long done = 0;
            await foreach (var (events, posts) in batches.Reader.ReadAllAsync(cancellation))
            {
                var stored = await past.StoreAsync(events, keepPositions: false, cancellation);
                result.Added += stored.Added;
                result.Known += stored.Known;
                told.AddRange(stored.Defects);
                progress(done += posts, result.Posts);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await making;
        }

        told.ForEach(defects.Add);
        return result;
    }

    /// <summary>Who is in the file, in what boards, and since when.</summary>
    private void Survey(ILookup<(string, string), SourceLine> revisions, HashSet<(string, string)> met)
    {
        SourceLine? last = null;
        foreach (var line in file.Lines((number, raw, flaw) => Unreadable(file, number, raw, flaw)))
        {
            result.Posts++;
            met.Add((line.Source, line.Post));
            result.Threads += last?.Thread == line.Thread && last.Source == line.Source ? 0 : 1;
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

        void Meet(SourcePerson met) =>
            people[met.Subject] =
                people.TryGetValue(met.Subject, out var known) && known.Since <= met.Since ? known
                : known is null ? met
                : known with { Since = met.Since };
    }

    private string BoardName(SourceLine line) => boardName ?? line.Section ?? line.Source;

    /// <summary>Boards are found by their names; a new one is opened by a member that stands for its source.</summary>
    private async Task FindBoardsAsync(CancellationToken cancellation)
    {
        var known = new Dictionary<string, Guid>(StringComparer.Ordinal);
        var names = boards.Keys.ToDictionary(
            name => name,
            name => SourceBoard.Fit(name, boards[name].Source),
            StringComparer.Ordinal
        );
        await using (
            var command = database.CreateCommand(
                $"select name_key, id from {Store.Schema}.mt_doc_board where name_key = any($1)"
            )
        )
        {
            command.Parameters.AddWithValue(names.Values.Select(Board.Key).Distinct(StringComparer.Ordinal).ToArray());
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                known[reader.GetString(0)] = reader.GetGuid(1);
            }
        }

        foreach (var (name, fit) in names)
        {
            var key = Board.Key(fit);
            boards[name] = boards[name] with
            {
                Stored = fit,
                Id = known.GetValueOrDefault(key, StableId.Of("board", key)),
                IsNew = !known.ContainsKey(key),
            };
            if (fit != name)
            {
                defects.Add(
                    new Defect(
                        boards[name].Line.File,
                        boards[name].Line.Number,
                        "board-name",
                        "The board's name is outside the limits.",
                        boards[name].Source,
                        Original: name,
                        Stored: fit
                    )
                );
            }
        }

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

    private void TellNames()
    {
        foreach (var person in people.Values)
        {
            var name = members[person.Subject].Name;
            if (name != person.Name.Trim())
            {
                defects.Add(
                    new Defect(
                        person.Line.File,
                        person.Line.Number,
                        "name",
                        "The name is taken or outside the limits.",
                        person.Source,
                        Original: person.Name,
                        Stored: name
                    )
                );
            }
        }
    }

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
                    Tell(
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
        var id = SourceThread.ThreadId(lines[0]);
        var source = lines[0].Source;
        var thread = SourceThread.Of(lines, board.Id, post => [.. revisions[(source, post)]], Tell);
        result.Quotes += thread.Resolved;
        result.QuotesKept += thread.Kept;
        if (board.IsNew && introduced.Add("board " + board.Id))
        {
            var opener = SourcePeople.Subject(board.Source);
            foreach (var e in Introduction(opener))
            {
                yield return e;
            }

            yield return Past<Board>(
                new BoardCreated(board.Stored, null),
                board.Id,
                1,
                board.Since,
                opener,
                StableId.Of("event", "board", board.Id.ToString()),
                board.Line,
                new(StringComparer.Ordinal) { ["source"] = board.Source, ["section"] = board.Section ?? "" }
            );
        }

        var version = 0;
        foreach (var fact in thread.Facts)
        {
            foreach (var e in Introduction(fact.Author))
            {
                yield return e;
            }

            var facts = fact.Line.Facts();
            if (fact.Flaws.Count > 0)
            {
                facts["defects"] = fact.Flaws;
            }

            yield return Past<ForumThread>(
                fact.Data,
                id,
                ++version,
                fact.At,
                fact.Author,
                StableId.Of("event", source, fact.Post, fact.Key),
                fact.Line,
                facts
            );
        }
    }

    private IEnumerable<PastEvent> Introduction(string subject)
    {
        var member = members[subject];
        if (!member.IsNew || !introduced.Add(subject))
        {
            yield break;
        }

        var person = people[subject];
        yield return Past<Member>(
            new MemberRegistered(subject, member.Name),
            member.Id,
            1,
            person.Since,
            subject,
            StableId.Of("event", "member", subject),
            person.Line,
            new(StringComparer.Ordinal) { ["source"] = person.Source, ["author"] = person.Name }
        );
    }

    private PastEvent Past<T>(
        object data,
        Guid stream,
        long version,
        DateTimeOffset at,
        string author,
        Guid id,
        SourceLine line,
        Dictionary<string, object> facts
    ) =>
        past.Build(
            past.KindOf<T>(),
            data,
            line.File,
            line.Number,
            e =>
            {
                e.Id = id;
                e.StreamId = stream;
                e.Version = version;
                e.Timestamp = at;
                e.UserName = members[author].Id.ToString();
                e.CorrelationId = import;
                e.SetHeader("import", facts);
            }
        );

    private void Tell(SourceLine line, string kind, string detail, string? original, string? stored) =>
        defects.Add(
            new Defect(line.File, line.Number, kind, detail, line.Source, line.Thread, line.Post, original, stored)
        );

    private void Unreadable(SourceFile where, int number, string raw, string flaw) =>
        defects.Add(new Defect(where.Name, number, "unreadable", flaw, Original: raw));
}

/// <summary>A board that a file's threads go to.</summary>
internal sealed record SourceBoard(string Name, string Source, string? Section, DateTimeOffset Since, SourceLine Line)
{
    public string Stored { get; init; } = "";

    public Guid Id { get; init; }

    public bool IsNew { get; init; }

    /// <summary>The name within a board's limits.</summary>
    public static string Fit(string name, string source)
    {
        var line = SourceText.OneLine(name);
        line = PlainLine.Length(line) < 3 ? $"{line} ({source})".Trim() : line;
        return PlainLine.Length(line) > 255 ? SourceText.Cut(line, 255) : line;
    }
}
