using EventForum.Access;
using EventForum.Platform;
using EventForum.Threads.Reading;
using JasperFx;
using Marten;
using Marten.Storage;
using Npgsql;

namespace EventForum.Transparency;

/// <summary>
/// A database of its own with a copy of the events and of all rows that are made of them, as of one moment. In it the rows are
/// made again from the events, while servers go on in the forum's database. It is dropped at the end.
/// </summary>
internal sealed class AsideDatabase : IAsyncDisposable
{
    /// <summary>What the forum holds, as it was copied. The schema of the program holds what is made of the events.</summary>
    public const string Stored = "stored";

    /// <summary>How many positions are copied before it is said how far it is.</summary>
    private const int AtOnce = 50_000;

    private const string Prefix = "eventforum_verify_";

    private const string Columns = $"""
        select c.relname, a.attname, format_type(a.atttypid, null),
               exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary and a.attnum = any(i.indkey))
          from pg_class c join pg_attribute a on a.attrelid = c.oid
         where c.relnamespace = '{Store.Schema}'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0
           and not a.attisdropped
         order by c.relname, a.attnum
        """;

    private const string ForumTables = $"""
        select relname from pg_class where relnamespace = '{Store.Schema}'::regnamespace and relkind in ('r', 'p', 'm') order by 1
        """;

    private const string Abandoned = $"""
        select datname from pg_database d
         where datname ~ '^{Prefix}[0-9a-f]+$' and pg_has_role(datdba, 'usage')
           and not exists (select from pg_stat_activity where datname = d.datname)
        """;

    private readonly string server;
    private readonly string name;

    private AsideDatabase(string server, string name, NpgsqlDataSource source, MartenDatabase marten) =>
        (this.server, this.name, Source, Marten) = (server, name, source, marten);

    public NpgsqlDataSource Source { get; }

    public MartenDatabase Marten { get; }

    /// <summary>Every table that is made of events.</summary>
    public IReadOnlyList<ReadModelTable> Tables { get; private set; } = [];

    /// <summary>Texts as they are shown, which are rendered again rather than made of events.</summary>
    public ReadModelTable Texts { get; private set; } = null!;

    /// <summary>The tables of the forum's database that cannot be compared, and why.</summary>
    public IReadOnlyList<(string Table, string Why)> NotCompared { get; private set; } = [];

    /// <param name="connection">The connection string of the forum's database.</param>
    /// <exception cref="PostgresException">The role may not create databases.</exception>
    public static async Task<AsideDatabase> CreateAsync(
        string connection,
        IDocumentStore store,
        CancellationToken cancellation
    )
    {
        var made = Prefix + Guid.CreateVersion7().ToString("N");
        await using (var forum = await OpenAsync(connection, cancellation))
        {
            foreach (var abandoned in await ListAsync(forum, Abandoned, cancellation))
            {
                await ExecuteAsync(forum, $"drop database if exists {abandoned}", cancellation);
            }

            await ExecuteAsync(forum, $"create database {made}", cancellation);
        }

        var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(connection) { Database = made, CommandTimeout = 0 }.ConnectionString
        );
        var options = ((DocumentStore)store).Options;
        var aside = new AsideDatabase(connection, made, source, new MartenDatabase(options, source, made));
        try
        {
            await aside.Marten.ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate.CreateOrUpdate, ct: cancellation);
            await aside.FindTablesAsync(cancellation);
            return aside;
        }
        catch
        {
            await aside.DisposeAsync();
            throw;
        }
    }

    /// <summary>Copies the events, with their streams made of them.</summary>
    /// <param name="forum">The forum's database, in the transaction that says as of when.</param>
    public async Task CopyEventsAsync(
        NpgsqlConnection forum,
        IReadOnlyCollection<EventDescription> events,
        Func<Type, string> alias,
        Action<long, long> progress,
        CancellationToken cancellation
    )
    {
        await using var here = await Source.OpenConnectionAsync(cancellation);
        await CopyAsync(
            forum,
            here,
            $"select distinct stream_id from {MartenTables.EventTable}",
            $"{MartenTables.Streams} (id)",
            cancellation
        );
        var last = await LastAsync(forum, cancellation);
        for (var (floor, ceiling) = (long.MinValue, 0L); floor < last; (floor, ceiling) = (ceiling, ceiling + AtOnce))
        {
            progress(Math.Max(0, floor), last);
            await CopyAsync(
                forum,
                here,
                $"select {MartenTables.EventColumns} from {MartenTables.EventTable} where {MartenTables.Position} > {floor} and {MartenTables.Position} <= {ceiling}",
                $"{MartenTables.EventTable} ({MartenTables.EventColumns})",
                cancellation
            );
        }

        // Marten's tombstones, which fill gaps of positions, have a stream without a type, whose version stays 0.
        await using var streams = new NpgsqlCommand(
            $"""
            update {MartenTables.Streams} s set type = kind.name, version = case when kind.name is null then 0 else e.versions end
              from (select stream_id, max(version) as versions, (array_agg(type order by version))[1] as first
                      from {MartenTables.EventTable} group by 1) e
              left join unnest($1, $2) kind(event, name) on kind.event = e.first
             where s.id = e.stream_id
            """,
            here
        );
        streams.Parameters.AddWithValue(events.Select(description => description.Name).ToArray());
        streams.Parameters.AddWithValue(events.Select(description => alias(description.Stream.Aggregate)).ToArray());
        await streams.ExecuteNonQueryAsync(cancellation);
        await ExecuteAsync(
            here,
            $"select setval('{MartenTables.Positions}', coalesce(max({MartenTables.Position}), 1)) from {MartenTables.EventTable}; analyze {MartenTables.EventTable}",
            cancellation
        );
    }

    /// <summary>Copies the rows that are made of the events, and how far each view is.</summary>
    public async Task CopyRowsAsync(NpgsqlConnection forum, Action<long, long> progress, CancellationToken cancellation)
    {
        await using var here = await Source.OpenConnectionAsync(cancellation);
        await ExecuteAsync(
            here,
            $"drop schema if exists {Stored} cascade; create schema {Stored}; create table {Stored}.progress (name text, position bigint)",
            cancellation
        );
        await CopyAsync(
            forum,
            here,
            $"select name::text, {MartenTables.ReachedPosition} from {MartenTables.Progress}",
            $"{Stored}.progress",
            cancellation
        );
        ReadModelTable[] copied = [.. Tables, Texts];
        var known = copied.Select(table => table.Name).ToHashSet(StringComparer.Ordinal);
        NotCompared =
        [
            .. (await ListAsync(forum, ForumTables, cancellation))
                .Where(table => !known.Contains(table))
                .Select(table =>
                    (
                        $"{Store.Schema}.{table}",
                        ReadModelTables.WhyNotMadeOfEvents(table) ?? "this version of the program has no such table"
                    )
                ),
        ];
        foreach (var (done, table) in copied.Index())
        {
            progress(done, copied.Length);
            var columns = string.Join(", ", table.Columns.Select(column => $"\"{column}\""));
            await ExecuteAsync(
                here,
                $"create table {Stored}.{table.Name} as select {columns} from {Store.Schema}.{table.Name} limit 0",
                cancellation
            );
            await CopyAsync(
                forum,
                here,
                $"select {columns} from {Store.Schema}.{table.Name}",
                $"{Stored}.{table.Name}",
                cancellation
            );
            await ExecuteAsync(here, $"analyze {Stored}.{table.Name}", cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Marten.DisposeAsync();
        await Source.DisposeAsync();
        await using var connection = await OpenAsync(server, CancellationToken.None);
        await ExecuteAsync(connection, $"drop database if exists {name} with (force)", CancellationToken.None);
    }

    private async Task FindTablesAsync(CancellationToken cancellation)
    {
        await using var command = Source.CreateCommand(Columns);
        var columns = new List<(string Table, string Column, string Type, bool IsKey)>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            columns.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetBoolean(3)));
        }

        var all = columns
            .GroupBy(column => column.Table, StringComparer.Ordinal)
            .Where(table => ReadModelTables.WhyNotMadeOfEvents(table.Key) is null)
            .Select(table => new ReadModelTable(
                table.Key,
                [.. table.Where(column => column.IsKey).Select(column => column.Column)],
                [
                    .. table
                        .Where(column =>
                            column.IsKey || ReadModelTables.IsMadeOfEvents(table.Key, column.Column, column.Type)
                        )
                        .Select(column => column.Column),
                ]
            ))
            .ToLookup(table => table.Name == ReadModelTables.NameOf(RenderedTextTable.Table));
        Tables = [.. all[false]];
        Texts = all[true].Single();
    }

    private static async Task CopyAsync(
        NpgsqlConnection from,
        NpgsqlConnection to,
        string query,
        string table,
        CancellationToken cancellation
    )
    {
        await using var reading = await from.BeginRawBinaryCopyAsync(
            $"copy ({query}) to stdout (format binary)",
            cancellation
        );
        await using var writing = await to.BeginRawBinaryCopyAsync(
            $"copy {table} from stdin (format binary)",
            cancellation
        );
        await reading.CopyToAsync(writing, cancellation);
    }

    private static async Task<long> LastAsync(NpgsqlConnection forum, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"select coalesce(max({MartenTables.Position}), 0) from {MartenTables.EventTable}",
            forum
        );
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connection, CancellationToken cancellation)
    {
        var opened = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connection) { Pooling = false, CommandTimeout = 0 }.ConnectionString
        );
        await opened.OpenAsync(cancellation);
        return opened;
    }

    private static async Task<List<string>> ListAsync(
        NpgsqlConnection connection,
        string sql,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var list = new List<string>();
        while (await reader.ReadAsync(cancellation))
        {
            list.Add(reader.GetString(0));
        }

        return list;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}

/// <param name="Name">Without its schema.</param>
/// <param name="Key">The columns that name a row.</param>
/// <param name="Columns">Those that are compared, the key's among them.</param>
internal sealed record ReadModelTable(string Name, IReadOnlyList<string> Key, IReadOnlyList<string> Columns);
