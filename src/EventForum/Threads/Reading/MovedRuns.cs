using EventForum.Access;
using EventForum.Members;
using EventForum.Platform;
using Npgsql;

namespace EventForum.Threads.Reading;

/// <summary>Finds out what has become of the numbers of a page that no post has.</summary>
public sealed class MovedRuns([FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database, MemberNames names)
{
    /// <summary>Few rows of headers lead to the few events by which posts left. Of a number, the last of them counts.</summary>
    private const string Left = $"""
        select distinct on (n.number) n.number, e.version, (e.data ->> 'toThreadId')::uuid, t.data ->> 'title',
               e.user_name::uuid, e.timestamp, e.data ->> 'reason'
          from {HeaderTable.Table} h
          join {MartenTables.Events} e on e.stream_id = h.thread_id and e.version = h.from_version and e.type = 'posts_moved_out'
         cross join lateral jsonb_to_recordset(e.data -> 'posts') n(number int)
          left join {MartenTables.Documents}forumthread t on t.id = (e.data ->> 'toThreadId')::uuid
         where h.thread_id = $1 and h.from_version <= $2 and n.number = any($3)
         order by n.number, e.version desc
        """;

    /// <param name="numbers">In their order.</param>
    internal async Task<IReadOnlyList<MovedRun>> FindAsync(
        Guid threadId,
        long version,
        int[] numbers,
        Reader reader,
        CancellationToken cancellation
    )
    {
        var left =
            new Dictionary<int, (long Version, Guid To, string? Title, Guid By, DateTimeOffset At, string? Reason)>();
        await using (var command = database.CreateCommand(Left))
        {
            command.Parameters.AddWithValue(threadId);
            command.Parameters.AddWithValue(version);
            command.Parameters.AddWithValue(numbers);
            await using var rows = await command.ExecuteReaderAsync(cancellation);
            while (await rows.ReadAsync(cancellation))
            {
                left[rows.GetInt32(0)] = (
                    rows.GetInt64(1),
                    rows.GetGuid(2),
                    await rows.IsDBNullAsync(3, cancellation) ? null : rows.GetString(3),
                    rows.GetGuid(4),
                    rows.GetFieldValue<DateTimeOffset>(5),
                    await rows.IsDBNullAsync(6, cancellation) ? null : rows.GetString(6)
                );
            }
        }

        var access = await ThreadAccess.OfAsync(reader, left.Values.Select(one => one.To), database, cancellation);
        var cards = await names.FindAsync(left.Values.Select(one => one.By), reader, cancellation);
        var runs = new List<(MovedRun Run, long? Version)>();
        foreach (var number in numbers)
        {
            var known = left.TryGetValue(number, out var by);
            if (runs is [.., var last] && last.Run.Last == number - 1)
            {
                if (!known || last.Version == by.Version)
                {
                    var posts = last.Run.Posts + (known ? 1 : 0);
                    runs[^1] = last with { Run = last.Run with { Last = number, Posts = posts } };
                    continue;
                }
            }

            var sees = known && access.Sees(by.To);
            runs.Add(
                (
                    new MovedRun(
                        number,
                        number,
                        known ? 1 : 0,
                        sees ? by.To : null,
                        sees ? by.Title : null,
                        known ? cards[by.By] : null,
                        known ? by.At : null,
                        known ? by.Reason : null
                    ),
                    known ? by.Version : null
                )
            );
        }

        return [.. runs.Select(one => one.Run)];
    }
}
