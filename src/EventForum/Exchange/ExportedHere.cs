using EventForum.Platform;
using EventForum.Threads;
using Npgsql;

namespace EventForum.Exchange;

/// <summary>Whether a sound export can come into this forum beside what is here.</summary>
internal static class ExportedHere
{
    private const int ChunkSize = 20_000;

    /// <exception cref="FormatException">Something in it has the id of something else here, or refers to what is nowhere.</exception>
    public static async Task ThrowIfAtOddsAsync(
        NpgsqlDataSource database,
        ExportCheck file,
        CancellationToken cancellation
    )
    {
        await RefuseAsync(
            $"""
            select n.line, format('There is no %s %s.', n.kind, n.id) from unnest($1, $2, $3) n(id, kind, line)
             where not exists (select from {MartenTables.Streams} s where s.id = n.id and s.type = n.kind)
             order by n.line limit 1
            """,
            file.Missing.Select(missing => (missing.Key.Id, missing.Key.Kind, missing.Value))
        );
        await RefuseAsync(
            $"""
            select n.line, format('%s is a %s here.', n.id, s.type) from unnest($1, $2, $3) n(id, kind, line)
              join {MartenTables.Streams} s on s.id = n.id and s.type <> n.kind order by n.line limit 1
            """,
            file.Streams
        );
        await RefuseAsync(
            $"""
            select n.line, format('Its id is that of version %s of stream %s here.', e.version, e.stream_id)
              from unnest($1, $2, $3) n(id, place, line)
              join {MartenTables.Events} e on e.id = n.id and e.stream_id || ' ' || e.version <> n.place
             order by n.line limit 1
            """,
            file.Events.Select(e => (e.Key, $"{e.Value.StreamId} {e.Value.Version}", e.Value.Line))
        );
        await RefuseAsync(
            $"""
            select n.line, format('Post %s is post %s of thread %s here.', n.id, p.number, p.thread_id)
              from unnest($1, $2, $3) n(id, place, line)
             cross join lateral (select * from {PostTable.Table} where post_id = n.id order by revision, position limit 1) p
             where p.thread_id || ' ' || p.number <> n.place order by n.line limit 1
            """,
            file.Posts.Select(post => (post.Id, $"{post.ThreadId} {post.Number}", post.Line))
        );

        async Task RefuseAsync(string sql, IEnumerable<(Guid Id, string What, int Line)> facts)
        {
            foreach (var chunk in facts.Chunk(ChunkSize))
            {
                await using var command = database.CreateCommand(sql);
                command.Parameters.AddWithValue(chunk.Select(one => one.Id).ToArray());
                command.Parameters.AddWithValue(chunk.Select(one => one.What).ToArray());
                command.Parameters.AddWithValue(chunk.Select(one => one.Line).ToArray());
                await using var reader = await command.ExecuteReaderAsync(cancellation);
                if (await reader.ReadAsync(cancellation))
                {
                    throw new FormatException($"Line {reader.GetInt32(0)}: {reader.GetString(1)}");
                }
            }
        }
    }
}
