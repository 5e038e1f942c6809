namespace EventForum.Exchange;

/// <summary>What a file of discussions holds, found before anything of it is stored.</summary>
/// <param name="boardName">The board that all threads go to; null takes each thread's section.</param>
/// <param name="revisions">The texts that posts had, as another file has them.</param>
/// <param name="acts">What moderators did in threads.</param>
internal sealed class SourceSurvey(
    string? boardName,
    ILookup<(string Source, string Post), SourceLine> revisions,
    ILookup<(string Source, string Thread), SourceLine> acts
)
{
    /// <summary>Authors by their sources and names, by which acts name them.</summary>
    private readonly Dictionary<(string Source, string Name), string> subjects = [];

    public int Posts { get; private set; }

    public int Threads { get; private set; }

    /// <summary>By their subjects.</summary>
    public Dictionary<string, SourcePerson> People { get; } = new(StringComparer.Ordinal);

    /// <summary>By their names.</summary>
    public Dictionary<string, SourceBoard> Boards { get; } = new(StringComparer.Ordinal);

    /// <summary>Who is in the file, in what boards, and since when.</summary>
    /// <param name="met">Gets the source and id of every post of the file, and of every thread.</param>
    public void Take(IEnumerable<SourceLine> lines, HashSet<(string Source, string Post)> met)
    {
        SourceLine? last = null;
        var source = "";
        var metThreads = new HashSet<(string, string)>();
        foreach (var line in lines)
        {
            Posts++;
            // One string for all lines of a source: what is met stays in memory.
            source = source == line.Source ? source : line.Source;
            met.Add((source, line.Post));
            if (last?.Thread != line.Thread || last.Source != line.Source)
            {
                Threads++;
                metThreads.Add((line.Source, line.Thread));
            }

            last = line;
            var author = SourcePeople.Author(line);
            subjects.TryAdd((line.Source, line.Author), author.Subject);
            Meet(author);
            if (line.EditedAt is not null)
            {
                Meet(SourcePeople.Editor(line));
            }

            foreach (var revision in revisions[(line.Source, line.Post)])
            {
                Meet(SourcePeople.Author(revision));
            }

            var name = BoardName(line);
            if (!Boards.TryGetValue(name, out var board))
            {
                Boards[name] = new SourceBoard(name, line.Source, line.Section, line.At, line);
            }
            else if (line.At < board.Since)
            {
                Boards[name] = board with { Since = line.At };
            }
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

        foreach (var (of, thread) in metThreads)
        {
            met.Add((of, SourceImport.ActsOf + thread));
        }

        void Meet(SourcePerson met)
        {
            if (!People.TryGetValue(met.Subject, out var known))
            {
                People[met.Subject] = met;
            }
            else if (met.Since < known.Since)
            {
                People[met.Subject] = known with { Since = met.Since };
            }
        }
    }

    /// <summary>Who did it: an author of that name, or somebody who wrote nothing; the source itself where it does not say.</summary>
    public string SubjectOf(SourceLine act) =>
        act.Author.Length == 0 ? SourcePeople.Subject(act.Source)
        : act.AuthorKey != act.Author ? SourcePeople.Subject(act.Source, act.AuthorKey)
        : subjects.TryGetValue((act.Source, act.Author), out var author) ? author
        : SourcePeople.Subject(act.Source, act.Author);

    public string BoardName(SourceLine line) => boardName ?? line.Section ?? line.Source;

    /// <summary>A new board is opened by a member that stands for its source.</summary>
    public void AddOpeners(IEnumerable<SourceBoard> found)
    {
        foreach (var board in found.Where(board => board.IsNew))
        {
            var opener = new SourcePerson(
                SourcePeople.Subject(board.Source),
                board.Source,
                board.Source,
                board.Since,
                board.Line
            );
            People[opener.Subject] =
                People.TryGetValue(opener.Subject, out var met) && met.Since <= opener.Since ? met : opener;
        }
    }
}
