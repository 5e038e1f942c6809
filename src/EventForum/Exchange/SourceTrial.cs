using EventForum.Platform;
using EventForum.Threads;
using EventForum.Threads.Quoting;

namespace EventForum.Exchange;

/// <summary>Reads discussions as an import does, up to the events, and stores none.</summary>
/// <param name="board">The board that all threads go to; null takes each thread's section.</param>
/// <param name="format">The format of texts whose lines name none.</param>
internal sealed class SourceTrial(Defects defects, string? board, PostFormat format)
{
    private readonly HashSet<Guid> threads = [];
    private readonly HashSet<string> people = new(StringComparer.Ordinal);
    private readonly HashSet<string> boards = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Source, string Name), string> subjects = [];
    private int brought;
    private int posts;
    private int edits;
    private int acts;
    private int events;
    private int quotes;
    private int quotesKept;

    /// <summary>The source and id of every post, and of every thread.</summary>
    public HashSet<(string Source, string Post)> Met { get; } = [];

    /// <exception cref="FormatException">No line of the file is a post.</exception>
    public Task AddAsync(
        SourceFile file,
        IReadOnlyList<SourceFile> revisionFiles,
        IReadOnlyList<SourceFile> actFiles,
        TimeProvider clock
    ) =>
        Progress.ShowAsync(
            $"Trying {file.Name}",
            clock,
            progress => Task.FromResult(Add(file, revisionFiles, actFiles, progress))
        );

    private int Add(
        SourceFile file,
        IReadOnlyList<SourceFile> revisionFiles,
        IReadOnlyList<SourceFile> actFiles,
        Action<long, long> progress
    )
    {
        var revisions = Lines(revisionFiles).ToLookup(line => (line.Source, line.Post));
        var actLines = Lines(actFiles).ToLookup(line => (line.Source, line.Thread));
        var (before, total) = (posts, 0);
        // Those that cannot be read are told once, and passed over after that. Acts name people by their names.
        foreach (var line in Lines([file]))
        {
            subjects.TryAdd((line.Source, line.Author), SourcePeople.Author(line).Subject);
            Met.Add((line.Source, line.Post));
            Met.Add((line.Source, SourceImport.ActsOf + line.Thread));
            progress(0, ++total);
        }

        var places = new SourcePlaces(Report);
        foreach (var together in file.Threads())
        {
            progress((posts += together.Count) - before, total);
            if (!threads.Add(SourceThread.ThreadId(together[0])))
            {
                together.ForEach(line =>
                    Report(line, "thread-scattered", "The lines of a thread stand together.", null, null)
                );
                continue;
            }

            var lines = places.Of(together);
            if (lines.Count == 0)
            {
                continue;
            }

            boards.Add(board ?? lines[0].Section ?? lines[0].Source);
            var source = lines[0].Source;
            var thread = SourceThread.Of(lines, Guid.Empty, format, post => [.. revisions[(source, post)]], Report);
            quotes += thread.Resolved;
            quotesKept += thread.Kept;
            var facts = new SourceActs(SubjectOf, Report).Between(thread.Facts, actLines[(source, lines[0].Thread)]);
            Count(facts);
        }

        if (posts == before)
        {
            throw new FormatException($"No line of {file.Path} is a post; see {defects.Path}.");
        }

        return posts - before;
    }

    /// <summary>What would come of an import, for people.</summary>
    public void Print(string what)
    {
        Console.WriteLine($"{what}: nothing is stored. An import would bring:");
        Console.WriteLine(
            $"  {brought:N0} threads, {posts:N0} posts by {people.Count:N0} people, in {boards.Count:N0} boards"
        );
        Console.WriteLine(
            $"  {edits:N0} edits and {acts:N0} acts of moderators: {events:N0} events of threads, and those of new members and boards"
        );
        Console.WriteLine($"  {quotes:N0} quotes would refer to what they quote, {quotesKept:N0} would stay text");
        Console.WriteLine($"  {defects.Summary}");
        Console.WriteLine("  names that are taken are found by the import itself");
    }

    private void Count(IReadOnlyList<SourceFact> facts)
    {
        brought += facts.Count > 0 ? 1 : 0;
        events += facts.Count;
        foreach (var fact in facts)
        {
            people.Add(fact.Author);
            edits += fact.Data is PostEdited or ThreadRenamed ? 1 : 0;
            acts += fact.Data is ThreadStarted or ReplyPosted or PostEdited or ThreadRenamed ? 0 : 1;
        }
    }

    private string SubjectOf(SourceLine act) =>
        act.Author.Length == 0 ? SourcePeople.Subject(act.Source)
        : act.AuthorKey != act.Author ? SourcePeople.Subject(act.Source, act.AuthorKey)
        : subjects.GetValueOrDefault((act.Source, act.Author), SourcePeople.Subject(act.Source, act.Author));

    private IEnumerable<SourceLine> Lines(IReadOnlyList<SourceFile> files) =>
        files.SelectMany(file =>
            file.Lines(
                (number, raw, flaw) => defects.Add(new Defect(file.Name, number, "unreadable", flaw, Original: raw))
            )
        );

    private void Report(SourceLine line, string kind, string detail, string? original, string? stored) =>
        defects.Add(
            new Defect(line.File, line.Number, kind, detail, line.Source, line.Thread, line.Post, original, stored)
        );
}
