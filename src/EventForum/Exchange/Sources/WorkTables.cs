using System.Data;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace EventForum.Exchange.Sources;

/// <summary>
/// Temporary tables in the forum's database, where a dump is joined and sorted that need not fit into memory. PostgreSQL
/// drops them with the connection.
/// </summary>
internal sealed class WorkTables : IAsyncDisposable
{
    /// <summary>So many lines go to one set of files: what the import keeps in memory at a time.</summary>
    private const int PartLines = 100_000;

    private const string Lines = """
        create temp table lines (
            thread text not null,
            kind int not null, -- 0 a post, 1 a revision, 2 an act
            at timestamptz not null,
            seq bigint generated always as identity,
            line text not null
        );
        create function pg_temp.iso(at timestamptz) returns text language sql
            return to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
        """;

    private readonly NpgsqlConnection connection;

    private WorkTables(NpgsqlConnection connection) => this.connection = connection;

    public static async Task<WorkTables> CreateAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        var tables = new WorkTables(await database.OpenConnectionAsync(cancellation));
        await tables.RunAsync(
            "set client_min_messages = warning; set timezone = 'UTC'; set work_mem = '64MB'",
            [],
            cancellation
        );
        await tables.RunAsync(Lines, [], cancellation);
        return tables;
    }

    /// <summary>Makes a table whose columns are all text, as dumps write them.</summary>
    public Task CreateAsync(string table, IEnumerable<string> columns, CancellationToken cancellation) =>
        RunAsync(
            $"create temp table {table} ({string.Join(", ", columns.Select(column => $"{column} text"))})",
            [],
            cancellation
        );

    /// <summary>Appends rows to a table of texts.</summary>
    /// <returns>How many.</returns>
    public async Task<ulong> FillAsync(
        string table,
        IReadOnlyList<string> columns,
        IEnumerable<string?[]> rows,
        CancellationToken cancellation
    )
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            $"copy {table} ({string.Join(", ", columns)}) from stdin (format binary)",
            cancellation
        );
        copy.Timeout = TimeSpan.Zero;
        foreach (var row in rows)
        {
            await copy.StartRowAsync(cancellation);
            foreach (var value in row)
            {
                await (
                    value is null
                        ? copy.WriteNullAsync(cancellation)
                        : copy.WriteAsync(Storable(value), NpgsqlDbType.Text, cancellation)
                );
            }
        }

        return await copy.CompleteAsync(cancellation);
    }

    /// <returns>How many rows it wrote.</returns>
    public async Task<int> RunAsync(string sql, object[] parameters, CancellationToken cancellation)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task<List<T>> QueryAsync<T>(
        string sql,
        object[] parameters,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellation
    )
    {
        await using var command = Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>Writes the lines to files: whole threads, in the order of their beginnings.</summary>
    public async Task<IReadOnlyList<LineFiles>> WriteAsync(
        string folder,
        Action<long, long> progress,
        CancellationToken cancellation
    )
    {
        await RunAsync(
            $"""
            create temp table parts as
            select thread, min(at) filter (where kind = 0) as first, count(*) as lines,
                ((sum(count(*)) over (order by min(at) filter (where kind = 0), thread) - count(*)) / {PartLines})::int as part
            from lines group by thread having bool_or(kind = 0);
            analyze lines; analyze parts;
            """,
            [],
            cancellation
        );
        var total = (
            await QueryAsync(
                "select coalesce(sum(lines), 0)::bigint from parts",
                [],
                row => row.GetInt64(0),
                cancellation
            )
        )[0];
        var files = new List<LineFiles>();
        await using var command = Command(
            """
            select part, kind, line from lines join parts using (thread)
            order by part, kind, first, thread, at, seq
            """,
            []
        );
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        StreamWriter? writer = null;
        try
        {
            var (part, kind, done) = (-1, -1, 0L);
            while (await reader.ReadAsync(cancellation))
            {
                if (reader.GetInt32(0) != part || reader.GetInt32(1) != kind)
                {
                    (part, kind) = (reader.GetInt32(0), reader.GetInt32(1));
                    if (kind == 0)
                    {
                        files.Add(new LineFiles(folder, part));
                    }

                    if (writer is not null)
                    {
                        await writer.DisposeAsync();
                    }

                    writer = new StreamWriter(files[^1].PathOf(kind));
                }

                await writer!.WriteLineAsync(reader.GetString(2).AsMemory(), cancellation);
                progress(++done, total);
            }
        }
        finally
        {
            if (writer is not null)
            {
                await writer.DisposeAsync();
            }
        }

        return files;
    }

    /// <summary>PostgreSQL has no NUL, nor half a pair. What stands for it is told of each post that holds it.</summary>
    private static string Storable(string text)
    {
        text = text.Replace('\0', '\uFFFD');
        return text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0
            ? text
            : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>The connection goes back to the pool without the tables.</summary>
    public async ValueTask DisposeAsync()
    {
        if (connection.State == ConnectionState.Open)
        {
            await RunAsync("discard all", [], CancellationToken.None);
        }

        await connection.DisposeAsync();
    }

    private NpgsqlCommand Command(string sql, object[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var parameter in parameters)
        {
            command.Parameters.AddWithValue(parameter);
        }

        return command;
    }
}

/// <summary>Files of lines that are imported together; there is none of a kind that there are no lines of.</summary>
internal sealed class LineFiles(string folder, int part)
{
    private static readonly string[] Kinds = ["posts", "revisions", "acts"];

    public string Posts => PathOf(0);

    public IEnumerable<string> Revisions => Existing(1);

    public IEnumerable<string> Acts => Existing(2);

    public string PathOf(int kind) => Path.Combine(folder, $"{Kinds[kind]}-{part + 1:000}.jsonl");

    private IEnumerable<string> Existing(int kind) => File.Exists(PathOf(kind)) ? [PathOf(kind)] : [];
}
