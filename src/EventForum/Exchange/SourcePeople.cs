using EventForum.Members;
using EventForum.Platform;
using Npgsql;

namespace EventForum.Exchange;

/// <summary>Someone in a source, since when, and where the file names the person first.</summary>
internal sealed record SourcePerson(string Subject, string Source, string Name, DateTimeOffset Since, SourceLine Line);

/// <summary>Who someone in a source is here.</summary>
/// <param name="IsNew">Whether the member still has to be registered.</param>
internal sealed record KnownPerson(Guid Id, string Name, bool IsNew);

/// <summary>Finds the members that the people of a source are, or names for those who are not members yet.</summary>
internal static class SourcePeople
{
    private const int MaxSubject = 500;

    public static string Subject(string source, string key) => Fit($"{Member.ImportedSubject}{source}#{key}");

    /// <summary>A member that stands for a source: for what was done there, by nobody who is known.</summary>
    public static string Subject(string source) => Fit(Member.ImportedSubject + source);

    /// <summary>Subjects stand in an index, which takes no long ones.</summary>
    private static string Fit(string subject) =>
        subject.Length <= MaxSubject ? subject : Member.ImportedSubject + StableId.Of("subject", subject);

    /// <summary>Who changed the post's text last, as far as its line says.</summary>
    public static SourcePerson Editor(SourceLine line) =>
        line.EditedBy is not { } name ? new SourcePerson(Subject(line.Source), line.Source, line.Source, line.At, line)
        : line.EditedByKey is { } key ? new SourcePerson(Subject(line.Source, key), line.Source, name, line.At, line)
        : name == line.Author ? Author(line)
        : new SourcePerson(Subject(line.Source, name), line.Source, name, line.At, line);

    public static SourcePerson Author(SourceLine line) =>
        new(Subject(line.Source, line.AuthorKey), line.Source, line.Author, line.At, line);

    /// <summary>
    /// Who comes first gets the name; later ones of the same name get a number. The order is the file's, so that
    /// an import that goes on after a crash gives the same names.
    /// </summary>
    public static async Task<Dictionary<string, KnownPerson>> FindAsync(
        NpgsqlDataSource database,
        IReadOnlyCollection<SourcePerson> people,
        CancellationToken cancellation
    )
    {
        var found = await MembersAsync(database, people, cancellation);
        var left = people.Where(person => !found.ContainsKey(person.Subject)).ToList();
        var given = new HashSet<string>(StringComparer.Ordinal);
        for (var attempt = 1; left.Count > 0; attempt++)
        {
            var names = left.Select(person => Candidate(person.Name, attempt)).ToArray();
            var taken = await TakenAsync(database, [.. names.Select(MemberName.Key)], cancellation);
            var next = new List<SourcePerson>();
            foreach (var (person, name) in left.Zip(names))
            {
                var key = MemberName.Key(name);
                if (!taken.Contains(key) && given.Add(key))
                {
                    found[person.Subject] = new KnownPerson(StableId.Of("member", person.Subject), name, true);
                }
                else
                {
                    next.Add(person);
                }
            }

            left = next;
        }

        return found;
    }

    internal static string Candidate(string name, int attempt)
    {
        var line = SourceText.OneLine(name);
        var suffix =
            (line.Length == 0 ? "(no name)" : "")
            + (MemberName.CanBeStored(name) || line.Length == 0 ? "" : " (import)")
            + (attempt == 1 ? "" : $" ({attempt})");
        return SourceText.Cut(line, MemberName.MaxStored - PlainLine.Length(suffix)).TrimEnd() + suffix;
    }

    private static async Task<Dictionary<string, KnownPerson>> MembersAsync(
        NpgsqlDataSource database,
        IReadOnlyCollection<SourcePerson> people,
        CancellationToken cancellation
    )
    {
        await using var command = database.CreateCommand(
            $"select subject, id, data ->> 'name' from {MartenTables.Documents}member where subject = any($1)"
        );
        command.Parameters.AddWithValue(people.Select(person => person.Subject).ToArray());
        var members = new Dictionary<string, KnownPerson>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            members[reader.GetString(0)] = new KnownPerson(reader.GetGuid(1), reader.GetString(2), false);
        }

        return members;
    }

    private static async Task<HashSet<string>> TakenAsync(
        NpgsqlDataSource database,
        string[] keys,
        CancellationToken cancellation
    )
    {
        await using var command = database.CreateCommand(
            $"select name_key from {MartenTables.Documents}member where name_key = any($1)"
        );
        command.Parameters.AddWithValue(keys);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            taken.Add(reader.GetString(0));
        }

        return taken;
    }
}
