using Npgsql;

namespace EventForum.Acceptance.Harness;

/// <summary>A transaction of a test's own. It may keep a table from others, so that what must empty it stands still in the middle.</summary>
public sealed class Hold : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction transaction;

    private Hold(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        this.connection = connection;
        this.transaction = transaction;
    }

    public static async Task<Hold> BeginAsync(TestDatabase database, string? table = "forum.thread_headers")
    {
        var own = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false }.ConnectionString
        );
        await own.OpenAsync();
        var hold = new Hold(own, await own.BeginTransactionAsync());
        if (table is not null)
        {
            await using var command = new NpgsqlCommand($"lock table {table} in share mode", own);
            await command.ExecuteNonQueryAsync();
        }

        return hold;
    }

    /// <summary>Until a statement waits for a table that is held.</summary>
    public static async Task UntilSomeoneWaitsAsync(TestDatabase database)
    {
        await Patience.UntilAsync(async () =>
            await database.ScalarAsync<long>(
                "select count(*) from pg_locks where not granted and relation = 'forum.thread_headers'::regclass"
            ) > 0
        );
    }

    /// <summary>Whether another transaction's locks are in the way of a statement.</summary>
    public async Task<bool> IsBlockedAsync(string sql)
    {
        await using var command = new NpgsqlCommand("set local lock_timeout = '100ms'; " + sql, connection);
        try
        {
            await command.ExecuteNonQueryAsync();
            return false;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
