using EventForum.Platform;
using Npgsql;

namespace EventForum.Threads;

/// <summary>
/// Gives the rows of posts that an earlier version wrote the positions of their events, a few thousand pages of the
/// table at a time: what was done stays done when a start is broken off.
/// </summary>
internal static class PostPositions
{
    private const int Pages = 2_000;

    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(5);

    /// <summary>There are rows without: the column is not there yet, or it may still be null.</summary>
    private const string AreWanted = $"""
        select to_regclass('{PostTable.Table}') is not null
           and not exists (select from pg_attribute
                            where attrelid = to_regclass('{PostTable.Table}') and attname = 'position' and attnotnull)
        """;

    private const string Fill = $"""
        update {PostTable.Table}
           set position = (select e.position from {MartenTables.Events} e
                            where stream_id = thread_id and version = from_version)
         where position is null and ctid >= format('(%s,0)', $1::bigint)::tid and ctid < format('(%s,0)', $2::bigint)::tid
        """;

    public static async Task FillAsync(NpgsqlConnection connection, ILogger log, CancellationToken cancellation)
    {
        if (await ScalarAsync(AreWanted) is not true)
        {
            return;
        }

        await ScalarAsync($"alter table {PostTable.Table} add column if not exists position bigint");
        await FillAsync(reports: true);
        // What a server of an earlier version wrote meanwhile; from here on it cannot write posts any more.
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ScalarAsync($"lock table {PostTable.Table} in access exclusive mode");
        await FillAsync(reports: false);
        await ScalarAsync($"alter table {PostTable.Table} alter column position set not null");
        await transaction.CommitAsync(cancellation);

        async Task FillAsync(bool reports)
        {
            var pages = (long)
                (
                    await ScalarAsync(
                        $"select pg_relation_size('{PostTable.Table}') / current_setting('block_size')::bigint"
                    )
                )!;
            var clock = TimeProvider.System;
            var reportedAt = clock.GetTimestamp();
            for (long page = 0; page < pages; page += Pages)
            {
                await using var fill = new NpgsqlCommand(Fill, connection);
                fill.Parameters.AddWithValue(page);
                fill.Parameters.AddWithValue(page + Pages);
                await fill.ExecuteNonQueryAsync(cancellation);
                if (reports && clock.GetElapsedTime(reportedAt) >= ReportEvery)
                {
                    reportedAt = clock.GetTimestamp();
                    log.LogInformation(
                        "The posts of an earlier version get their positions: {Percent} % done",
                        100 * Math.Min(pages, page + Pages) / pages
                    );
                }
            }
        }

        async Task<object?> ScalarAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return await command.ExecuteScalarAsync(cancellation);
        }
    }
}
