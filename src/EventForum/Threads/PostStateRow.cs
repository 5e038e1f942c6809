using System.Text.Json;
using EventForum.Threads.Quoting;
using Npgsql;

namespace EventForum.Threads;

/// <summary>A row of <see cref="PostTable"/> as rules see it.</summary>
internal static class PostStateRow
{
    /// <summary>
    /// The columns of the state; behind them come whether the row holds now, the author's name, the quotes and the body,
    /// null where they were not asked for.
    /// </summary>
    public const string Columns =
        "p.post_id, p.thread_id, p.number, p.author_id, p.revision, p.removed_by, p.removed_at, p.removal_reason, p.author_removed_at, p.author_removal_reason";

    public static PostState Read(NpgsqlDataReader reader)
    {
        return new PostState(
            reader.GetGuid(0),
            reader.GetGuid(1),
            reader.GetInt32(2),
            reader.GetGuid(3),
            Text(11),
            reader.GetInt32(4),
            Text(13),
            Text(12) is { } quotes
                ? JsonSerializer.Deserialize<IReadOnlyList<Quote>>(quotes, JsonSerializerOptions.Web)!
                : [],
            new Holds(
                reader.IsDBNull(5) ? null : Hold(reader.GetGuid(5), 6),
                reader.IsDBNull(8) ? null : Hold(reader.GetGuid(3), 8)
            ),
            reader.GetBoolean(10)
        );

        string? Text(int i) => reader.IsDBNull(i) ? null : reader.GetString(i);
        Hold Hold(Guid by, int at) => new(by, reader.GetFieldValue<DateTimeOffset>(at), Text(at + 1));
    }
}
