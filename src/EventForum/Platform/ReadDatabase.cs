using Marten;
using Npgsql;
using SessionOptions = Marten.Services.SessionOptions;

namespace EventForum.Platform;

/// <summary>
/// Where answers are read, over connections of their own that write nothing: in the forum's database, or in the one that
/// <c>EVENTFORUM_READ_DB</c> names, which may be a standby of it. Classes that read take the data source that is registered
/// under <see cref="Key"/>.
/// </summary>
public sealed class ReadDatabase(
    IDocumentStore store,
    [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database,
    IConfiguration configuration
)
{
    public const string Key = "reads";

    /// <summary>The setting that names it.</summary>
    public const string Setting = "EVENTFORUM_READ_DB";

    private const string Replayed =
        "select not pg_is_in_recovery() or coalesce(pg_last_wal_replay_lsn() >= $1::pg_lsn, false)";

    /// <summary>Whether it may be behind the database that is written to.</summary>
    public bool IsApart { get; } = !string.IsNullOrEmpty(configuration[Setting]);

    /// <summary>A session that reads there, in a transaction that is never committed.</summary>
    public async Task<ReadSession> OpenSessionAsync(CancellationToken cancellation)
    {
        var connection = await database.OpenConnectionAsync(cancellation);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellation);
            return new ReadSession(connection, store.QuerySession(SessionOptions.ForTransaction(transaction)));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether it shows all that was committed before the write-ahead log had come to a position.</summary>
    public async Task<bool> HasReplayedAsync(string position, CancellationToken cancellation)
    {
        if (!IsApart)
        {
            return true;
        }

        await using var command = database.CreateCommand(Replayed);
        command.Parameters.AddWithValue(position);
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    /// <summary>Asks it for nothing but an answer, where it is another one.</summary>
    public async Task AskAsync()
    {
        if (IsApart)
        {
            await using var command = database.CreateCommand("select 1");
            command.CommandTimeout = 2;
            await command.ExecuteScalarAsync();
        }
    }
}

/// <summary>A session of Marten's with a connection of its own, which it has until it is disposed of.</summary>
public sealed class ReadSession(NpgsqlConnection connection, IQuerySession session) : IAsyncDisposable
{
    public IQuerySession Query => session;

    public async ValueTask DisposeAsync()
    {
        await session.DisposeAsync();
        await connection.DisposeAsync();
    }
}
