using Marten;
using Npgsql;

namespace EventForum.Platform;

/// <summary>
/// Keeps those apart who use the database together and those who must have it alone. A server holds an advisory lock of
/// PostgreSQL in share mode as long as it lives (<see cref="ServerLock"/>), an import as long as it runs; a command that
/// empties tables takes it alone, or is refused. PostgreSQL releases the lock of a process that has died.
/// </summary>
public static class DatabaseLock
{
    private const string Key = "hashtext('eventforum server')";

    /// <summary>Runs what writes as a server does, such as an import; the answer is its exit code.</summary>
    public static async Task<int> BesideOthersAsync(IServiceProvider services, Func<Task<int>> work)
    {
        await using var connection = await OpenAsync(services.GetRequiredService<IConfiguration>(), default);
        if (!await IsSharedAsync(connection, default))
        {
            return Refuse("A command has the database to itself. Run this again when that has ended.");
        }

        return await UnfinishedRebuilds.FindAsync(connection, default) is { Count: > 0 } unfinished
            ? Refuse(UnfinishedRebuilds.Explain(unfinished))
            : await work();
    }

    /// <summary>Runs what no server and no import may run beside; the answer is its exit code.</summary>
    public static async Task<int> AloneAsync(IServiceProvider services, Func<Task<int>> work)
    {
        await using var connection = await OpenAsync(services.GetRequiredService<IConfiguration>(), default);
        return await IsTakenAsync(connection, "pg_try_advisory_lock", default)
            ? await work()
            : Refuse(
                $"This needs the database to itself, and {await OthersAsync(connection)}. Stop what runs on it, and run this again."
            );
    }

    /// <summary>
    /// The same for what makes projections anew from the events. Meanwhile PostgreSQL takes no events, from whoever
    /// they come; and until it is complete no server starts, because what it would decide with is half made.
    /// </summary>
    /// <param name="projections">What is emptied and made anew.</param>
    public static Task<int> RebuildAsync(
        IServiceProvider services,
        IReadOnlyCollection<string> projections,
        Func<Task<int>> work
    ) =>
        AloneAsync(
            services,
            async () =>
            {
                var configuration = services.GetRequiredService<IConfiguration>();
                var store = services.GetRequiredService<IDocumentStore>();
                await services.GetRequiredService<SchemaUpgrade>().ApplyAsync();
                await using var connection = await OpenAsync(configuration, default);
                await using var transaction = await connection.BeginTransactionAsync();
                await using var guard = new NpgsqlCommand(
                    $"""
                    set local idle_in_transaction_session_timeout = 0;
                    lock table {MartenTables.Streams}, {MartenTables.EventTable} in exclusive mode
                    """,
                    connection
                );
                await guard.ExecuteNonQueryAsync();
                if (await UnreadableEvent.FindAsync(store, services.GetRequiredService<TimeProvider>()) is { } flaw)
                {
                    return Refuse($"{flaw} Nothing was changed.");
                }

                await UnfinishedRebuilds.BeginAsync(configuration, projections);
                var code = await work();
                if (code == 0)
                {
                    await UnfinishedRebuilds.EndAsync(configuration, projections);
                }

                return code;
            }
        );

    /// <exception cref="StartRefusedException">PostgreSQL answers, but not for these credentials or this database.</exception>
    internal static Task<NpgsqlConnection> OpenAsync(
        IConfiguration configuration,
        CancellationToken cancellation,
        bool serves = false
    ) => OpenAsync(StoreModule.Setting, StoreModule.ConnectionString(configuration, serves), cancellation);

    /// <param name="setting">What the connection string comes from.</param>
    /// <exception cref="StartRefusedException">PostgreSQL answers, but not for these credentials or this database.</exception>
    internal static async Task<NpgsqlConnection> OpenAsync(
        string setting,
        string connectionString,
        CancellationToken cancellation
    )
    {
        // A pool would keep the connection, and the lock with it, beyond its use.
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connectionString)
            {
                Pooling = false,
                TcpKeepAlive = true,
            }.ConnectionString
        );
        try
        {
            await connection.OpenAsync(cancellation);
            await using var command = new NpgsqlCommand("set idle_session_timeout = 0", connection);
            await command.ExecuteNonQueryAsync(cancellation);
            return connection;
        }
        catch (PostgresException e) when (!Outage.Is(e))
        {
            await connection.DisposeAsync();
            throw new StartRefusedException(
                $"The database refuses the connection that {setting} describes: {e.MessageText}.",
                e
            );
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes the lock in share mode, unless somebody has the database alone.</summary>
    internal static Task<bool> IsSharedAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        IsTakenAsync(connection, "pg_try_advisory_lock_shared", cancellation);

    private static async Task<bool> IsTakenAsync(
        NpgsqlConnection connection,
        string function,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand($"select {function}({Key})", connection);
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    private static async Task<string> OthersAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select coalesce(string_agg(format('process %s of PostgreSQL since %s%s', a.pid, date_trunc('second', a.backend_start),
                                              ' from ' || host(a.client_addr)), ', '), '')
              from pg_locks l join pg_stat_activity a on a.pid = l.pid
             where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.pid <> pg_backend_pid()
               and l.database = (select oid from pg_database where datname = current_database())
               and (l.classid::bigint << 32 | l.objid::bigint) = {Key}::bigint
            """,
            connection
        );
        return $"others are connected to it ({await command.ExecuteScalarAsync()})";
    }

    private static int Refuse(string why)
    {
        Console.Error.WriteLine(why);
        return 1;
    }
}
