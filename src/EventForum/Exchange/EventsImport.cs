using EventForum.Boards;
using EventForum.Members;
using EventForum.Platform;
using Npgsql;

namespace EventForum.Exchange;

/// <summary>
/// Brings an export into a forum: the same events with the same ids, versions, times and actors, in the same order. The
/// whole file is checked before anything is stored; then it is stored in steps, and one that was killed is run again.
/// </summary>
/// <param name="now">What is later has not happened.</param>
internal sealed class EventsImport(NpgsqlDataSource database, PastEvents past, Defects defects, DateTimeOffset now)
{
    private const int BatchEvents = 2_000;

    /// <exception cref="FormatException">The file is no export that can come into this forum; nothing is stored.</exception>
    public async Task<ImportResult> RunAsync(string path, Action<long, long> progress, CancellationToken cancellation)
    {
        var result = new ImportResult();
        var file = Path.GetFileName(path);
        var names = new List<UniqueName>();
        var total = await CheckAsync(path, file, names, cancellation);
        await ReportTakenAsync(names, cancellation);
        long done = 0;
        foreach (var lines in TextLines.Of(path).Chunk(BatchEvents))
        {
            var stored = await past.StoreAsync(
                [.. lines.Select(line => past.Read(ExportedEvent.Read(line.Text), file, line.Number))],
                keepPositions: true,
                cancellation
            );
            result.Added += stored.Added;
            result.Known += stored.Known;
            foreach (var defect in stored.Defects)
            {
                defects.Add(defect);
            }

            progress(done += lines.Length, total);
        }

        return result;
    }

    private async Task<long> CheckAsync(
        string path,
        string file,
        List<UniqueName> names,
        CancellationToken cancellation
    )
    {
        var check = new ExportCheck(past.KindOf, now);
        foreach (var (number, text) in TextLines.Of(path))
        {
            try
            {
                var read = past.Read(ExportedEvent.Read(text), file, number);
                check.Add(read, read.Event.Sequence);
                switch (read.Event.Data)
                {
                    case MemberRegistered { Name: var name, Subject: var subject }:
                        names.Add(
                            new(read, "member", "name_key", MemberName.Key(name), $"The name {Bidi.Isolate(name)}")
                        );
                        names.Add(new(read, "member", "subject", subject, $"The subject {Bidi.Isolate(subject)}"));
                        break;
                    case BoardCreated { Name: var name }:
                        AddBoard(name);
                        break;
                    case BoardRenamed { Name: var name }:
                        AddBoard(name);
                        break;
                }

                void AddBoard(string name) =>
                    names.Add(new(read, "board", "name_key", Board.Key(name), $"The name {Bidi.Isolate(name)}"));
            }
            catch (FormatException e)
            {
                throw new FormatException($"Line {number}: {e.Message}", e);
            }
        }

        check.End();
        await ExportedHere.ThrowIfAtOddsAsync(database, check, cancellation);
        return check.Events.Count;
    }

    /// <summary>Names are unique in a forum: a file that brings one along that another one has here cannot come in whole.</summary>
    private async Task ReportTakenAsync(List<UniqueName> names, CancellationToken cancellation)
    {
        var taken = new List<UniqueName>();
        foreach (var index in names.GroupBy(name => (name.Of, name.Column)))
        {
            var candidates = index.ToList();
            await using var command = database.CreateCommand(
                $"""
                select n.i from unnest($1, $2) with ordinality as n(id, key, i)
                  join {MartenTables.Documents}{index.Key.Of} d on d.{index.Key.Column} = n.key and d.id <> n.id order by n.i
                """
            );
            command.Parameters.AddWithValue(candidates.Select(name => name.Event.Event.StreamId).ToArray());
            command.Parameters.AddWithValue(candidates.Select(name => name.Key).ToArray());
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                taken.Add(candidates[(int)reader.GetInt64(0) - 1]);
            }
        }

        foreach (var name in taken.OrderBy(name => name.Event.Line))
        {
            defects.Add(name.Event.Defect("conflict", $"{name.Subject} is another {name.Of}'s here.", null));
        }

        if (taken.Count > 0)
        {
            throw new FormatException(
                $"{taken.Count:N0} names of its members and boards are others' here; see {defects.Path}. "
                    + "Nothing is stored. Import it into a forum that has none of these: a new database; "
                    + "one that make run has started holds the sample."
            );
        }
    }
}

/// <summary>A name that an event takes, which nobody else in the forum may have.</summary>
/// <param name="Of">What has the name: member, board.</param>
/// <param name="Key">The name as it is compared.</param>
/// <param name="Subject">The name as a sentence begins with it.</param>
internal sealed record UniqueName(PastEvent Event, string Of, string Column, string Key, string Subject);
