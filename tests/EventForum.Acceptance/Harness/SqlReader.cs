using System.Text.Json;
using Npgsql;

namespace EventForum.Acceptance.Harness;

/// <summary>Somebody who queries a forum by SQL, as the role that reads the schema history and nothing else.</summary>
public sealed class SqlReader(TestDatabase database) : IAsyncDisposable
{
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
