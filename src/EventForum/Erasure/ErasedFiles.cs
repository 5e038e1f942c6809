using Npgsql;

namespace EventForum.Erasure;

/// <summary>
/// Writes PostgreSQL's files anew: a row that was changed stays in its table's file, and in the write-ahead log, until something
/// else is written there.
/// </summary>
internal static class ErasedFiles
{
    // Samples of what was in a table stand in pg_statistic until it is analyzed, and are superseded by each analysis.
    private const string Tables =
        "select * from (select format('%I.%I', schemaname, relname) from pg_stat_user_tables order by 1) own union all select 'pg_catalog.pg_statistic'";

    /// <summary>A segment of the log ends with zeros where it is left early, and a checkpoint frees those before it for being used again.</summary>
    private const string NextSegment =
        "select pg_logical_emit_message(false, 'eventforum', ''); select pg_switch_wal(); checkpoint";

    public static async Task<bool> WriteTablesAnewAsync(NpgsqlConnection connection, Action<long, long> progress)
    {
        var tables = new List<string>();
        await using (var find = new NpgsqlCommand(Tables, connection))
        await using (var rows = await find.ExecuteReaderAsync())
        {
            while (await rows.ReadAsync())
            {
                tables.Add(rows.GetString(0));
            }
        }

        foreach (var (done, table) in tables.Index())
        {
            progress(done, tables.Count);
            await ExecuteAsync(connection, $"vacuum (full, analyze) {table}");
        }

        return true;
    }

    /// <summary>
    /// Goes on through the segments of the write-ahead log until each that there is has been written over: PostgreSQL takes a
    /// segment that it is done with for the one behind the last.
    /// </summary>
    /// <returns>False where this role may not: it is a matter of the cluster, not of the database.</returns>
    public static async Task<bool> WriteLogAnewAsync(NpgsqlConnection connection, Action<long, long> progress)
    {
        try
        {
            await ExecuteAsync(connection, NextSegment);
            await using var count = new NpgsqlCommand("select count(*) from pg_ls_waldir()", connection);
            var segments = (long)(await count.ExecuteScalarAsync())!;
            for (var done = 0L; done <= segments; done++)
            {
                progress(done, segments);
                await ExecuteAsync(connection, NextSegment);
            }

            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return false;
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }
}
