using EventForum.Threads;
using Npgsql;

namespace EventForum.History;

/// <summary>How a thread itself, not its posts, differs between two moments.</summary>
/// <param name="Kind">As in <see cref="ThreadChange"/>.</param>
internal sealed record HeaderDifference(string Kind, string? Before = null, string? After = null)
{
    private const string Headers = $"""
        select from_version, title, lock_reason, is_pinned from {HeaderTable.Table}
         where thread_id = $1 and from_version <= $3
           and from_version >= coalesce((select max(from_version) from {HeaderTable.Table}
                                          where thread_id = $1 and from_version <= $2), 0)
         order by from_version
        """;

    /// <summary>What differs, by the versions of the latest changes to it.</summary>
    public static async Task<IReadOnlyDictionary<long, HeaderDifference>> BetweenAsync(
        NpgsqlDataSource database,
        Guid threadId,
        long from,
        long to,
        CancellationToken cancellation
    )
    {
        var rows = new List<Row>();
        await using var command = database.CreateCommand(Headers);
        command.Parameters.AddWithValue(threadId);
        command.Parameters.AddWithValue(from);
        command.Parameters.AddWithValue(to);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(
                new Row(
                    reader.GetInt64(0),
                    reader.GetString(1),
                    reader.IsDBNull(2) ? null : reader.GetString(2),
                    reader.GetBoolean(3)
                )
            );
        }

        var differences = new Dictionary<long, HeaderDifference>();
        var (first, last) = (rows[0], rows[^1]);
        // Before it began it had no title.
        if (from > 0 && first.Title != last.Title)
        {
            differences[LatestChange(row => row.Title)] = new HeaderDifference("renamed", first.Title, last.Title);
        }

        if (first.Lock != last.Lock)
        {
            differences[LatestChange(row => row.Lock)] = new HeaderDifference(
                last.Lock is null ? "unlocked" : "locked",
                first.Lock,
                last.Lock
            );
        }

        if (first.IsPinned != last.IsPinned)
        {
            differences[LatestChange(row => row.IsPinned)] = new HeaderDifference(
                last.IsPinned ? "pinned" : "unpinned"
            );
        }

        return differences;

        long LatestChange(Func<Row, object?> value) =>
            rows.Zip(rows.Skip(1)).Last(pair => !Equals(value(pair.First), value(pair.Second))).Second.Version;
    }

    private sealed record Row(long Version, string Title, string? Lock, bool IsPinned);
}
