using System.Text.Json;
using Npgsql;

namespace EventForum.Acceptance.Harness;

/// <summary>Somebody who queries a forum by SQL, as the role that reads the schema history and nothing else.</summary>
public sealed class SqlReader(TestDatabase database) : IAsyncDisposable
{
    /// <summary>The columns that the view of every type of event has, beside its stream's, with their types.</summary>
    public static readonly IReadOnlyDictionary<string, string> ColumnsOfEvents = new Dictionary<string, string>(
        StringComparer.Ordinal
    )
    {
        ["position"] = "bigint",
        ["time"] = "timestamp with time zone",
        ["actor"] = "uuid",
        ["version"] = "bigint",
        ["batch"] = "character varying",
        ["correlation"] = "character varying",
    };

    private readonly NpgsqlDataSource source = NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(database.ConnectionString)
        {
            Username = "eventforum_reader",
            ApplicationName = "tests",
            MaxPoolSize = 3,
        }
    );

    public ValueTask<NpgsqlConnection> OpenAsync() => source.OpenConnectionAsync();

    /// <summary>The first column of each row, as text.</summary>
    public async Task<IReadOnlyList<string?>> ColumnAsync(string sql)
    {
        await using var connection = await OpenAsync();
        return await ColumnAsync(connection, sql);
    }

    /// <summary>The rows of a view as JSON.</summary>
    public async Task<IReadOnlyList<JsonElement>> RowsAsync(string view) =>
        [
            .. (await ColumnAsync($"select to_jsonb(v)::text from history.\"{view}\" v")).Select(row =>
                JsonElement.Parse(row!)
            ),
        ];

    public async Task<IReadOnlyList<string>> ViewsAsync() =>
        [
            .. (
                await ColumnAsync(
                    "select table_name::text from information_schema.tables where table_schema = 'history' order by 1"
                )
            ).Select(name => name!),
        ];

    /// <summary>The columns of a view, with their types.</summary>
    public async Task<Dictionary<string, string>> ColumnsAsync(string view) =>
        (
            await ColumnAsync(
                $"select column_name || ':' || data_type from information_schema.columns where table_schema = 'history' and table_name = '{view}'"
            )
        )
            .Select(column => column!.Split(':'))
            .ToDictionary(column => column[0], column => column[1], StringComparer.Ordinal);

    public async Task<long> CountAsync(string view) =>
        long.Parse(
            (await ColumnAsync($"select count(*)::text from history.\"{view}\""))[0]!,
            System.Globalization.CultureInfo.InvariantCulture
        );

    public static async Task<IReadOnlyList<string?>> ColumnAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<string?>();
        while (await reader.ReadAsync())
        {
            values.Add(await reader.IsDBNullAsync(0) ? null : reader.GetValue(0).ToString());
        }

        return values;
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();
}
