using System.Text.Json;
using EventForum.Platform;
using EventForum.Threads;
using Npgsql;

namespace EventForum.Exchange;

/// <summary>Reads what is stored already of threads that a file has.</summary>
internal static class ThreadsHere
{
    private const string Events = $"""
        select stream_id, id, version, timestamp, type,
               case when type in ('thread_started', 'reply_posted', 'post_edited') then data::text end
          from {MartenTables.Events} e where stream_id = any($1) order by stream_id, version
        """;

    private const string LastNumbers =
        $"select id, (data ->> 'lastNumber')::int from {MartenTables.Documents}forumthread where id = any($1)";

    private const string Places = $"""
        select k.post_id, now.thread_id
          from unnest($1) as k(post_id)
         cross join lateral (
                select thread_id from {PostTable.Table} where post_id = k.post_id {PostTable.Newest}) now
        """;

    /// <summary>By the ids of the threads, all of them.</summary>
    public static async Task<Dictionary<Guid, ThreadHere>> FindAsync(
        NpgsqlDataSource database,
        IReadOnlyList<IReadOnlyList<SourceLine>> threads,
        CancellationToken cancellation
    )
    {
        var ids = threads.Select(lines => SourceThread.ThreadId(lines[0])).ToArray();
        var posts = threads.SelectMany(lines => lines).Select(SourcePosts.PostId).Distinct().ToArray();
        var places = new Dictionary<Guid, Guid>();
        await ReadAsync(database, Places, posts, rows => places[rows.GetGuid(0)] = rows.GetGuid(1), cancellation);
        var lastNumbers = new Dictionary<Guid, int>();
        await ReadAsync(
            database,
            LastNumbers,
            ids,
            rows => lastNumbers[rows.GetGuid(0)] = rows.GetInt32(1),
            cancellation
        );
        var events = ids.ToDictionary(id => id, _ => new List<StoredFact>());
        await ReadAsync(database, Events, ids, rows => events[rows.GetGuid(0)].Add(Read(rows)), cancellation);
        return events.ToDictionary(
            thread => thread.Key,
            thread => new ThreadHere(
                thread.Key,
                thread.Value.Count,
                lastNumbers.GetValueOrDefault(thread.Key),
                thread.Value,
                places
            )
        );
    }

    private static StoredFact Read(NpgsqlDataReader rows)
    {
        var type = rows.GetString(4);
        return new StoredFact(
            rows.GetGuid(1),
            rows.GetInt64(2),
            rows.GetFieldValue<DateTimeOffset>(3),
            type,
            rows.IsDBNull(5) ? null : Data(type, rows.GetString(5))
        );
    }

    private static object? Data(string type, string json) =>
        type switch
        {
            "thread_started" => JsonSerializer.Deserialize<ThreadStarted>(json, JsonSerializerOptions.Web),
            "reply_posted" => JsonSerializer.Deserialize<ReplyPosted>(json, JsonSerializerOptions.Web),
            _ => JsonSerializer.Deserialize<PostEdited>(json, JsonSerializerOptions.Web),
        };

    private static async Task ReadAsync(
        NpgsqlDataSource database,
        string sql,
        Guid[] ids,
        Action<NpgsqlDataReader> take,
        CancellationToken cancellation
    )
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 0;
        command.Parameters.AddWithValue(ids);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            take(rows);
        }
    }
}
