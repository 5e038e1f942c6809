using System.Text.Json;
using EventForum.Platform;
using Npgsql;
using NpgsqlTypes;

namespace EventForum.Transparency;

/// <summary>
/// Adds events to the log, some at a time: their leaves and salts, the tiles and the checkpoint are one transaction. Who adds
/// has locked the head from before it reads until it commits, so there is one log, however many servers there are.
/// </summary>
internal sealed class LogAppender(NpgsqlDataSource database, SignerKey key)
{
    /// <summary>How many events become one checkpoint at most.</summary>
    public const int Most = 2_000;

    private const string Turn = $"lock table {EventSalts.Head} in exclusive mode nowait";

    private const string Events = $"""
        select {LoggedEvent.Columns} from {MartenTables.Events} e
         where e.position > $1 and e.position <= $2 and e.type <> '{MartenTables.Tombstone}' order by e.position limit $3
        """;

    private const string KeepTiles = $"""
        insert into {LogTables.Tiles} as kept (level, index, hashes) select * from unnest($1, $2, $3)
            on conflict (level, index) do update set hashes = excluded.hashes
        """;

    private const string KeepHead = $"""
        insert into {EventSalts.Head} as head (id, size, position, key, note) values (1, $1, $2, $3, $4)
            on conflict (id) do update
               set size = excluded.size, position = excluded.position, note = excluded.note
             where head.size = $5 and head.key = excluded.key
        """;

    /// <summary>Adds what is settled and not in the log yet: how many events; null where another server does it just now.</summary>
    /// <exception cref="OtherLogKeyException">The log was begun with another key.</exception>
    public async Task<int?> AppendAsync(long settled, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var added = await AppendAsync(connection, key, settled, cancellation);
        await transaction.CommitAsync(cancellation);
        return added;
    }

    /// <summary>The same on a connection that is in a transaction.</summary>
    public static async Task<int?> AppendAsync(
        NpgsqlConnection connection,
        SignerKey key,
        long settled,
        CancellationToken cancellation
    )
    {
        try
        {
            await using var turn = new NpgsqlCommand(Turn, connection);
            await turn.ExecuteNonQueryAsync(cancellation);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return null;
        }

        await using var reading = new NpgsqlCommand(LogHead.Query, connection);
        var head = await LogHead.ReadAsync(reading, cancellation);
        if (head is not null && head.Key != key.Verifier.ToString())
        {
            throw new OtherLogKeyException(head.Key, key.Verifier.ToString());
        }

        var events = await EventsAsync(connection, head?.Position ?? 0, settled, cancellation);
        if (events.Count == 0 && head is not null)
        {
            return 0;
        }

        var edge = await EdgeAsync(connection, head?.Size ?? 0, cancellation);
        using var maker = new RecordMaker();
        var leaves = events.ConvertAll(e => Leaf.Of(e, maker));
        for (var i = 0; i < events.Count; i++)
        {
            edge.Add(Leaf.Hash(events[i].Position, leaves[i].Commitment));
        }

        await CopyAsync(connection, head?.Size ?? 0, events, leaves, cancellation);
        await KeepAsync(connection, key, edge, head, events.Count > 0 ? events[^1].Position : 0, cancellation);
        return events.Count;
    }

    private static async Task<List<LoggedEvent>> EventsAsync(
        NpgsqlConnection connection,
        long after,
        long settled,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(Events, connection);
        command.Parameters.AddWithValue(after);
        command.Parameters.AddWithValue(settled);
        command.Parameters.AddWithValue(Most);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var events = new List<LoggedEvent>();
        while (await reader.ReadAsync(cancellation))
        {
            events.Add(LoggedEvent.Read(reader));
        }

        return events;
    }

    private static async Task<TreeEdge> EdgeAsync(
        NpgsqlConnection connection,
        long size,
        CancellationToken cancellation
    )
    {
        var partial = TreeEdge.Partial(size).ToList();
        await using var command = new NpgsqlCommand(
            $"select level, hashes from {LogTables.Tiles} join unnest($1, $2) as edge(level, index) using (level, index)",
            connection
        );
        command.Parameters.AddWithValue(partial.ConvertAll(tile => tile.Level));
        command.Parameters.AddWithValue(partial.ConvertAll(tile => tile.Index));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var tiles = new Dictionary<int, byte[]>();
        while (await reader.ReadAsync(cancellation))
        {
            tiles.Add(reader.GetInt32(0), reader.GetFieldValue<byte[]>(1));
        }

        return new TreeEdge(size, tiles);
    }

    private static async Task CopyAsync(
        NpgsqlConnection connection,
        long size,
        List<LoggedEvent> events,
        List<Leaf> leaves,
        CancellationToken cancellation
    )
    {
        await using (
            var copy = await connection.BeginBinaryImportAsync(
                $"copy {LogTables.Leaves} (index, position, commitment, record) from stdin (format binary)",
                cancellation
            )
        )
        {
            for (var i = 0; i < events.Count; i++)
            {
                await copy.StartRowAsync(cancellation);
                await copy.WriteAsync(size + i, NpgsqlDbType.Bigint, cancellation);
                await copy.WriteAsync(events[i].Position, NpgsqlDbType.Bigint, cancellation);
                await copy.WriteAsync(leaves[i].Commitment, NpgsqlDbType.Bytea, cancellation);
                await copy.WriteAsync(leaves[i].Record, NpgsqlDbType.Text, cancellation);
            }

            await copy.CompleteAsync(cancellation);
        }

        await using var salts = await connection.BeginBinaryImportAsync(
            $"copy {EventSalts.Table} (position, salts) from stdin (format binary)",
            cancellation
        );
        for (var i = 0; i < events.Count; i++)
        {
            await salts.StartRowAsync(cancellation);
            await salts.WriteAsync(events[i].Position, NpgsqlDbType.Bigint, cancellation);
            await salts.WriteAsync(JsonSerializer.Serialize(leaves[i].Salts), NpgsqlDbType.Jsonb, cancellation);
        }

        await salts.CompleteAsync(cancellation);
    }

    private static async Task KeepAsync(
        NpgsqlConnection connection,
        SignerKey key,
        TreeEdge edge,
        LogHead? before,
        long position,
        CancellationToken cancellation
    )
    {
        var tiles = edge.Written();
        await using var batch = new NpgsqlBatch(connection);
        Add(
            KeepTiles,
            tiles.Keys.Select(tile => tile.Level).ToArray(),
            tiles.Keys.Select(tile => tile.Index).ToArray(),
            tiles.Values.ToArray()
        );
        var checkpoint = new Checkpoint(key.Verifier.Name, edge.Size, edge.Root());
        Add(KeepHead, edge.Size, position, key.Verifier.ToString(), key.Sign(checkpoint.ToString()), before?.Size ?? 0);
        await batch.ExecuteNonQueryAsync(cancellation);

        void Add(string sql, params object[] parameters)
        {
            var command = new NpgsqlBatchCommand(sql);
            foreach (var parameter in parameters)
            {
                command.Parameters.AddWithValue(parameter);
            }

            batch.BatchCommands.Add(command);
        }
    }
}

/// <summary>A server has not the key that the log was begun with: it adds nothing.</summary>
internal sealed class OtherLogKeyException(string logs, string own)
    : Exception(
        $"The transparency log is signed with the key {logs}, and this server has {own}. Put the file log.key of the server that began the log into this one's data folder."
    );
