using EventForum.Boards;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Threads.Reading;

namespace EventForum.Exchange;

/// <summary>
/// Makes events of what a file says: before the first of somebody new, or in a new board, those that bring them.
/// </summary>
/// <param name="import">The correlation of all of them.</param>
/// <param name="people">Who is in the file, by their subjects.</param>
/// <param name="members">Who these are here.</param>
internal sealed class SourceEvents(
    PastEvents past,
    string import,
    IReadOnlyDictionary<string, SourcePerson> people,
    IReadOnlyDictionary<string, KnownPerson> members
)
{
    private readonly HashSet<string> introduced = new(StringComparer.Ordinal);

    /// <param name="first">A line of the thread.</param>
    /// <param name="here">What is stored of the thread already.</param>
    public IEnumerable<PastEvent> Of(
        IReadOnlyList<SourceFact> facts,
        SourceBoard board,
        SourceLine first,
        ThreadHere here
    )
    {
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

        var version = here.Version;
        var latest = here.LastAt;
        foreach (var fact in facts)
        {
            foreach (var e in Introduction(fact.Author))
            {
                yield return e;
            }

            var header = fact.Line.Facts();
            if (fact.Flaws.Count > 0)
            {
                header["defects"] = fact.Flaws;
            }

            yield return Past<ForumThread>(
                fact.Data,
                SourceThread.ThreadId(first),
                fact.Version ?? ++version,
                fact.At,
                fact.Author,
                StableId.Of("event", first.Source, fact.Post, fact.Key),
                fact.Line,
                header,
                fact.Version is null && fact.At < latest ? latest : null
            );
            latest = fact.At > latest ? fact.At : latest;
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
        Dictionary<string, object> facts,
        DateTimeOffset? behind = null
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
                if (behind is { } latest)
                {
                    e.SetHeader(MartenTables.Behind, Moments.Text(latest));
                }
            }
        );
}
