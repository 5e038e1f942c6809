using Npgsql;

namespace EventForum.Acceptance.Harness;

/// <summary>A fresh database on the server that EVENTFORUM_DB names; it is dropped at the end.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly string server;
    private readonly string name;
    private readonly NpgsqlDataSource source;

    private TestDatabase(string server, string name)
    {
        this.server = server;
        this.name = name;
        ConnectionString = new NpgsqlConnectionStringBuilder(server)
        {
            Database = name,
            MaxPoolSize = 30,
        }.ConnectionString;
        source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(ConnectionString) { ApplicationName = "tests", MaxPoolSize = 10 }
        );
    }

    /// <summary>What a server on this database gets as EVENTFORUM_DB.</summary>
    public string ConnectionString { get; }

    public static async Task<TestDatabase> CreateAsync()
    {
        var given =
            Environment.GetEnvironmentVariable("EVENTFORUM_DB")
            ?? throw new InvalidOperationException(
                "EVENTFORUM_DB is not set: these tests need PostgreSQL. Run them with `make test`, which starts one for them; in an IDE, start it with EVENTFORUM_DB set to a connection string whose role may create databases."
            );
        var database = new TestDatabase(given, $"forum_test_{Guid.CreateVersion7():N}");
        await database.OnServerAsync($"create database {database.name}");
        return database;
    }

    public async Task<T> ScalarAsync<T>(string sql, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task<IReadOnlyList<T>> ColumnAsync<T>(string sql, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<T>();
        while (await reader.ReadAsync())
        {
            values.Add(reader.GetFieldValue<T>(0));
        }

        return values;
    }

    public async Task ExecuteAsync(string sql, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The tables that hold a word.</summary>
    public async Task<IReadOnlyList<string>> TablesWithAsync(string word)
    {
        var tables = await ColumnAsync<string>(
            """
            select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
            """
        );
        var found = new List<string>();
        foreach (var table in tables)
        {
            if (await ScalarAsync<bool>($"select exists (select from {table} t where strpos(t::text, $1) > 0)", word))
            {
                found.Add(table);
            }
        }

        return found;
    }

    /// <summary>Waits until views are without those who were erased.</summary>
    public async Task CompletesErasuresAsync()
    {
        await Patience.UntilAsync(async () =>
            await ScalarAsync<long>("select count(*) from forum.erasures where completed_at is null") == 0
        );
    }

    /// <summary>The types of a stream's events, oldest first.</summary>
    public Task<IReadOnlyList<string>> EventsOfAsync(Guid streamId) =>
        ColumnAsync<string>("select type from forum.mt_events where stream_id = $1 order by version", streamId);

    public Task<long> CountEventsAsync(Guid streamId) =>
        ScalarAsync<long>("select count(*) from forum.mt_events where stream_id = $1", streamId);

    /// <summary>The numbers of a thread's posts in the order of its events.</summary>
    public Task<IReadOnlyList<int>> NumbersAsync(Guid threadId) =>
        ColumnAsync<int>(
            """
            select case type when 'thread_started' then 1 else (data ->> 'number')::int end
              from forum.mt_events
             where stream_id = $1 and type in ('thread_started', 'reply_posted') order by version
            """,
            threadId
        );

    /// <summary>The bodies of a thread's replies in the order of its events.</summary>
    public Task<IReadOnlyList<string>> RepliesAsync(Guid threadId) =>
        ColumnAsync<string>(
            "select data ->> 'body' from forum.mt_events where stream_id = $1 and type = 'reply_posted' order by version",
            threadId
        );

    /// <summary>Ends connections of servers, all of them or some that chance picks.</summary>
    public Task EndConnectionsAsync(int most = int.MaxValue) =>
        // PostgreSQL's own, such as autovacuum, are a superuser's to end.
        ExecuteAsync(
            """
            select pg_terminate_backend(pid) from pg_stat_activity
             where datname = current_database() and backend_type = 'client backend' and application_name <> 'tests'
             order by random() limit $1
            """,
            most
        );

    /// <summary>Has new connections look rows up by indexes, however small a table is: rows read are the same each time then.</summary>
    public Task PreferIndexesAsync() =>
        ExecuteAsync(
            "do $$ begin execute format('alter database %I set enable_seqscan = off', current_database()); end $$"
        );

    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        using var patience = Patience.Begin();
        while (!await IsDroppedAsync())
        {
            patience.Token.ThrowIfCancellationRequested();
        }
    }

    /// <summary>False where somebody is still at it: PostgreSQL has waited for them for seconds.</summary>
    private async Task<bool> IsDroppedAsync()
    {
        try
        {
            await OnServerAsync($"drop database if exists {name} with (force)");
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            // An autovacuum worker, which only a superuser may end by force; without force PostgreSQL ends it itself.
        }

        try
        {
            await OnServerAsync($"drop database if exists {name}");
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ObjectInUse)
        {
            return false;
        }
    }

    private NpgsqlCommand Command(string sql, object[] parameters)
    {
        var command = source.CreateCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        return command;
    }

    private async Task OnServerAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(server) { Pooling = false, CommandTimeout = 0 }.ConnectionString
        );
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
