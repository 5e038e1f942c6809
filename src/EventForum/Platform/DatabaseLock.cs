using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EventForum.Platform;

/// <summary>
/// Keeps those apart who use the database together and those who must have it alone. A server holds an advisory lock of
/// PostgreSQL in share mode as long as it lives, an import as long as it runs; a command that empties tables takes it
/// alone, or is refused. PostgreSQL releases the lock of a process that has died.
/// </summary>
public sealed class DatabaseLock(
    IConfiguration configuration,
    IOptions<DatabaseOptions> options,
    TimeProvider clock,
    IHostApplicationLifetime lifetime,
    ILogger<DatabaseLock> log
) : BackgroundService, IHostedLifecycleService
{
    private const string Key = "hashtext('eventforum server')";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(15);

    private NpgsqlConnection? held;

    /// <summary>Before anything else of this server looks at the database.</summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        long? told = null;
        while (await ObstacleAsync(cancellationToken) is { } obstacle)
        {
            var waited = clock.GetElapsedTime(start);
            if (waited >= options.Value.StartTimeout)
            {
                throw new StartRefusedException($"{obstacle} The server has waited {waited.TotalSeconds:N0} s.");
            }

            if (told is not { } last || clock.GetElapsedTime(last) >= TellEvery)
            {
                log.LogWarning("{Obstacle} The server starts once that is over.", obstacle);
                told = clock.GetTimestamp();
            }

            await Task.Delay(Interval, clock, cancellationToken);
        }

        if (await UnfinishedAsync(held!, cancellationToken) is { Count: > 0 } unfinished)
        {
            throw new StartRefusedException(Unfinished(unfinished));
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>After everything else of this server has stopped.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (held is not null)
        {
            await held.DisposeAsync();
        }
    }

    public override void Dispose()
    {
        held?.Dispose();
        base.Dispose();
    }

    /// <summary>Runs what writes as a server does, such as an import; the answer is its exit code.</summary>
    public static async Task<int> BesideOthersAsync(IServiceProvider services, Func<Task<int>> work)
    {
        await using var connection = await OpenAsync(services.GetRequiredService<IConfiguration>(), default);
        if (!await IsTakenAsync(connection, "pg_try_advisory_lock_shared", default))
        {
            return Refuse("A command has the database to itself. Run this again when that has ended.");
        }

        return await UnfinishedAsync(connection, default) is { Count: > 0 } unfinished
            ? Refuse(Unfinished(unfinished))
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
                await MarkAsync(
                    configuration,
                    $"insert into {UnfinishedRebuilds.Table} (projection) select unnest($1) on conflict do nothing",
                    projections
                );
                var code = await work();
                if (code == 0)
                {
                    await MarkAsync(
                        configuration,
                        $"delete from {UnfinishedRebuilds.Table} where projection = any($1)",
                        projections
                    );
                }

                return code;
            }
        );

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // Returns at each notice of PostgreSQL's, and throws when the connection breaks.
                await held!.WaitAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (Outage.Is(e))
            {
                await TakeAgainAsync(stoppingToken);
            }
        }
    }

    private async Task TakeAgainAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                if (await TryTakeAsync(cancellation) && await UnfinishedAsync(held!, cancellation) is { Count: 0 })
                {
                    return;
                }

                log.LogCritical(
                    "While the database was out of reach, a command took it to itself. This server stops: what it knows may be of the past."
                );
                Environment.ExitCode = 1;
                lifetime.StopApplication();
                return;
            }
            catch (Exception e) when (Outage.Is(e))
            {
                await Task.Delay(Interval, clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Why the lock cannot be had now; null once it is held.</summary>
    private async Task<string?> ObstacleAsync(CancellationToken cancellation)
    {
        try
        {
            return await TryTakeAsync(cancellation)
                ? null
                : "A command has the database to itself, such as projections rebuild.";
        }
        catch (Exception e) when (Outage.Is(e))
        {
            return $"The database does not answer: {Outage.Reason(e)}";
        }
    }

    private async Task<bool> TryTakeAsync(CancellationToken cancellation)
    {
        if (held is not null)
        {
            await held.DisposeAsync();
        }

        held = await OpenAsync(configuration, cancellation, serves: true);
        return await IsTakenAsync(held, "pg_try_advisory_lock_shared", cancellation);
    }

    /// <exception cref="StartRefusedException">PostgreSQL answers, but not for these credentials or this database.</exception>
    private static async Task<NpgsqlConnection> OpenAsync(
        IConfiguration configuration,
        CancellationToken cancellation,
        bool serves = false
    )
    {
        // A pool would keep the connection, and the lock with it, beyond its use.
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(StoreModule.ConnectionString(configuration, serves))
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
                $"The database refuses the connection that EVENTFORUM_DB describes: {e.MessageText}.",
                e
            );
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

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

    private static async Task<IReadOnlyList<string>> UnfinishedAsync(
        NpgsqlConnection connection,
        CancellationToken cancellation
    )
    {
        await using var exists = new NpgsqlCommand(
            $"select to_regclass('{UnfinishedRebuilds.Table}') is not null",
            connection
        );
        if (await exists.ExecuteScalarAsync(cancellation) is not true)
        {
            return [];
        }

        await using var command = new NpgsqlCommand(
            $"select coalesce(array_agg(projection order by projection), '{"{}"}') from {UnfinishedRebuilds.Table}",
            connection
        );
        return (string[])(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static string Unfinished(IReadOnlyList<string> projections) =>
        $"A rebuild of {string.Join(", ", projections)} was broken off, and what it had emptied is half made. Run `projections rebuild` again, to its end.";

    private static async Task MarkAsync(
        IConfiguration configuration,
        string sql,
        IReadOnlyCollection<string> projections
    )
    {
        await using var connection = await OpenAsync(configuration, default);
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue(projections.ToArray());
        await command.ExecuteNonQueryAsync();
    }

    private static int Refuse(string why)
    {
        Console.Error.WriteLine(why);
        return 1;
    }
}

/// <summary>Which projections are being made anew. A row that nobody works on any more is a rebuild that was broken off.</summary>
internal static class UnfinishedRebuilds
{
    public const string Table = Store.Schema + ".unfinished_rebuilds";

    public static Weasel.Postgresql.Tables.Table Schema()
    {
        var table = new Weasel.Postgresql.Tables.Table(Table);
        table.AddColumn("projection", "text").AsPrimaryKey();
        table.AddColumn<DateTimeOffset>("began_at").NotNull().DefaultValueByExpression("now()");
        return table;
    }
}

/// <summary>Why the program does not start, as a sentence for whoever started it.</summary>
public sealed class StartRefusedException : Exception
{
    public StartRefusedException() { }

    public StartRefusedException(string message)
        : base(message) { }

    public StartRefusedException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>Why the program ended instead of doing what it was started for, as a sentence.</summary>
    public static string Explain(Exception e) =>
        e switch
        {
            StartRefusedException or IOException { InnerException: AddressInUseException } => e.Message,
            _ when Outage.Is(e) => $"The database does not answer: {Outage.Reason(e)}",
            _ => $"The program cannot go on: {Outage.Reason(e)} ({e.GetType().Name})",
        };
}
