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

    private const string Prefix = "eventforum_verify_";

    private const string Columns = $"""
        select c.relname, a.attname, format_type(a.atttypid, null),
               exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary and a.attnum = any(i.indkey))
          from pg_class c join pg_attribute a on a.attrelid = c.oid
         where c.relnamespace = '{Store.Schema}'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0
           and not a.attisdropped
         order by c.relname, a.attnum
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

    private static async Task<NpgsqlConnection> OpenAsync(string connection, CancellationToken cancellation)
    {
        var opened = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connection) { Pooling = false, CommandTimeout = 0 }.ConnectionString
        );
        await opened.OpenAsync(cancellation);
        return opened;
    }

    internal static async Task<List<string>> ListAsync(
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

    internal static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}

/// <param name="Name">Without its schema.</param>
/// <param name="Key">The columns that name a row.</param>
/// <param name="Columns">Those that are compared, the key's among them.</param>
internal sealed record ReadModelTable(string Name, IReadOnlyList<string> Key, IReadOnlyList<string> Columns);
