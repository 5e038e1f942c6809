using System.Text.Encodings.Web;
using System.Text.Json;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using Npgsql;

namespace EventForum.Exchange;

/// <summary>Writes events as lines of JSON in the order of their positions, as of one moment.</summary>
internal sealed class Export(NpgsqlDataSource database)
{
    /// <summary>Writes all events, or those of the streams, or those that a member did or that are about the member.</summary>
    /// <param name="streams">Null for all.</param>
    /// <returns>How many they were.</returns>
    public async Task<long> WriteAsync(
        Stream to,
        IReadOnlyCollection<Guid>? streams,
        Guid? member,
        Action<long, long> progress,
        CancellationToken cancellation
    )
    {
        // What was done to a view is about this forum's own copy of it.
        const string From = $"""
            from {MartenTables.Events} e join {MartenTables.Streams} s on s.id = e.stream_id
            where e.type <> 'tombstone' and e.type not like 'view\_%' and ($1::uuid[] is null or e.stream_id = any($1))
              and ($2::uuid is null or e.stream_id = $2 or e.user_name = $2::text)
            """;
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(
            System.Data.IsolationLevel.RepeatableRead,
            cancellation
        );
        await using var count = Command($"select count(*) {From}");
        var total = (long)(await count.ExecuteScalarAsync(cancellation))!;
        await using var command = Command(
            $"""
            select e.id, s.type, e.stream_id, e.version, e.position, e.type, e.timestamp,
                   e.user_name, e.correlation_id, e.causation_id, e.headers::text, e.data::text
            {From} order by e.position
            """
        );
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await using var json = new Utf8JsonWriter(
            to,
            new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true }
        );
        long done = 0;
        while (await reader.ReadAsync(cancellation))
        {
            new ExportedEvent(
                reader.GetGuid(0),
                reader.GetString(1),
                reader.GetGuid(2),
                reader.GetInt64(3),
                reader.GetInt64(4),
                reader.GetString(5),
                reader.GetFieldValue<DateTimeOffset>(6),
                Text(7),
                Text(8),
                Text(9),
                Text(10) is { } headers and not "null" ? JsonElement.Parse(headers) : null,
                JsonElement.Parse(reader.GetString(11))
            ).Write(json);
            await json.FlushAsync(cancellation);
            to.WriteByte((byte)'\n');
            json.Reset();
            progress(++done, total);
        }

        return done;

        NpgsqlCommand Command(string sql) =>
            new(sql, connection, transaction)
            {
                Parameters =
                {
                    new NpgsqlParameter
                    {
                        Value = (object?)streams?.ToArray() ?? DBNull.Value,
                        NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Uuid,
                    },
                    new NpgsqlParameter
                    {
                        Value = (object?)member ?? DBNull.Value,
                        NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid,
                    },
                },
            };

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    /// <summary>A thread with what it takes to read it elsewhere: its boards, the threads that its posts have been in, and everyone who did something in these.</summary>
    public Task<IReadOnlyCollection<Guid>> ThreadAsync(Guid thread, CancellationToken cancellation) =>
        WithBoardsAndMembersAsync([thread], cancellation);

    /// <summary>A board with every thread that ever was in it, and everyone who did something there.</summary>
    public async Task<IReadOnlyCollection<Guid>> BoardAsync(Guid board, CancellationToken cancellation)
    {
        var threads = await IdsAsync(
            $"select distinct thread_id from {HeaderTable.Table} where board_id = $1",
            board,
            cancellation
        );
        return await WithBoardsAndMembersAsync([board, .. threads], cancellation);
    }

    /// <summary>The threads whose posts the streams quote though they are not among them, with the number of those quotes.</summary>
    public async Task<IReadOnlyList<(Guid Thread, long Quotes)>> QuotedElsewhereAsync(
        IReadOnlyCollection<Guid> streams,
        CancellationToken cancellation
    )
    {
        await using var command = database.CreateCommand(
            $"""
            select p.thread_id, count(*)
              from {MartenTables.Events} e, jsonb_path_query(e.data, '$.quotes[*].postId') quoted
              join {PostTable.Table} p on p.post_id = (quoted #>> array[]::text[])::uuid and p.to_version is null
             where e.stream_id = any($1) and not exists (select from unnest($1) s(id) where s.id = p.thread_id)
             group by p.thread_id order by count(*) desc, p.thread_id
            """
        );
        command.Parameters.AddWithValue(streams.ToArray());
        var threads = new List<(Guid, long)>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            threads.Add((reader.GetGuid(0), reader.GetInt64(1)));
        }

        return threads;
    }

    public async Task<Guid?> FindMemberAsync(string name, CancellationToken cancellation)
    {
        var found = await IdsAsync(
            $"select id from {MartenTables.Documents}member where name_key = $1",
            MemberName.Key(name),
            cancellation
        );
        return found.Count == 0 ? null : found[0];
    }

    public async Task<bool> HasStreamAsync(Guid id, string kind, CancellationToken cancellation) =>
        (
            await IdsAsync($"select id from {MartenTables.Streams} where id = $1 and type = '{kind}'", id, cancellation)
        ).Count > 0;

    private async Task<IReadOnlyCollection<Guid>> WithBoardsAndMembersAsync(
        IEnumerable<Guid> ids,
        CancellationToken cancellation
    )
    {
        var streams = ids.ToHashSet();
        int before;
        do
        {
            before = streams.Count;
            streams.UnionWith(
                await IdsAsync(
                    $"""
                    select id from {MartenTables.Streams}
                     where id in (select board_id from {HeaderTable.Table} where thread_id = any($1)
                                   union select user_name::uuid from {MartenTables.Events} e where stream_id = any($1)
                                   union select was.thread_id from {PostTable.Table} p join {PostTable.Table} was using (post_id)
                                          where p.thread_id = any($1))
                    """,
                    streams.ToArray(),
                    cancellation
                )
            );
        } while (streams.Count > before);

        return streams;
    }

    private async Task<IReadOnlyList<Guid>> IdsAsync(string sql, object parameter, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        var ids = new List<Guid>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            ids.Add(reader.GetGuid(0));
        }

        return ids;
    }
}
