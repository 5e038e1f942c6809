using Npgsql;

namespace EventForum.Platform;

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

    public static async Task<IReadOnlyList<string>> FindAsync(
        NpgsqlConnection connection,
        CancellationToken cancellation
    )
    {
        await using var exists = new NpgsqlCommand($"select to_regclass('{Table}') is not null", connection);
        if (await exists.ExecuteScalarAsync(cancellation) is not true)
        {
            return [];
        }

        await using var command = new NpgsqlCommand(
            $"select coalesce(array_agg(projection order by projection), '{"{}"}') from {Table}",
            connection
        );
        return (string[])(await command.ExecuteScalarAsync(cancellation))!;
    }

    public static string Explain(IReadOnlyList<string> projections) =>
        $"A rebuild of {string.Join(", ", projections)} was broken off, and what it had emptied is half made. Run `projections rebuild` again, to its end.";

    public static Task BeginAsync(IConfiguration configuration, IReadOnlyCollection<string> projections) =>
        MarkAsync(
            configuration,
            $"insert into {Table} (projection) select unnest($1) on conflict do nothing",
            projections
        );

    public static Task EndAsync(IConfiguration configuration, IReadOnlyCollection<string> projections) =>
        MarkAsync(configuration, $"delete from {Table} where projection = any($1)", projections);

    private static async Task MarkAsync(
        IConfiguration configuration,
        string sql,
        IReadOnlyCollection<string> projections
    )
    {
        await using var connection = await DatabaseLock.OpenAsync(configuration, default);
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue(projections.ToArray());
        await command.ExecuteNonQueryAsync();
    }
}
