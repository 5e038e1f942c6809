using EventForum.Platform;
using Marten;
using Npgsql;

namespace EventForum.Views.Framework;

/// <summary>
/// Builds a view again beside the one that answers, from the first event to where that has come. A build that is broken
/// off goes on where it was. A view that is paused stays where it is. A version that no server has taken in anything for has
/// nothing that could be built again: the first server that has it begins with an empty table.
/// </summary>
public sealed class ViewRebuild(IDocumentStore store, NpgsqlDataSource database)
{
    private const string Reached = $"""
        select {MartenTables.ReachedPosition} from {MartenTables.Progress} where name = $1 || ':All'
        """;

    private const string Settled = $"""
        select {MartenTables.ReachedPosition} from {MartenTables.Progress} where name = 'HighWaterMark'
        """;

    private const string Built = $"select aside from {ViewRegistry.Table} where view = $1";

    public static string AsideOf(string table) => table + "_aside";

    /// <summary>
    /// Compares the view with what the events give: the rows that differ, some of them, or none. The view stands still for the
    /// moment of the comparison. Null where it has not been begun.
    /// </summary>
    public Task<IReadOnlyList<string>?> VerifyAsync(
        ViewDefinition view,
        Action<long, long> progress,
        CancellationToken cancellation
    ) =>
        BuildAsync(
            view,
            replaces: false,
            progress,
            $"""
            select format('%s %s', side, row) from (
                (select 'only in the view:' as side, to_jsonb(t)::text as row
                   from (select * from {view.Table} except select * from {AsideOf(view.Table)}) t limit 10)
                union all
                (select 'only in the events:', to_jsonb(t)::text
                   from (select * from {AsideOf(view.Table)} except select * from {view.Table}) t limit 10)) different
            """,
            cancellation
        );

    /// <summary>Puts what the events give in the place of the view's rows, at once: whoever reads sees the old or the new.</summary>
    /// <returns>Whether there was something to build again: false where the view has not been begun.</returns>
    public async Task<bool> RebuildAsync(
        ViewDefinition view,
        Action<long, long> progress,
        CancellationToken cancellation
    ) =>
        await BuildAsync(
            view,
            replaces: true,
            progress,
            $"""
            delete from {view.Table};
            insert into {view.Table} ({string.Join(", ", view.Columns)})
            select {string.Join(", ", view.Columns)} from {AsideOf(view.Table)};
            update {MartenTables.Progress} entry set {MartenTables.ReachedPosition} = aside
              from {ViewRegistry.Table} where view = '{view.Id}' and entry.name = view || ':All'
            """,
            cancellation
        )
            is not null;

    private async Task<IReadOnlyList<string>?> BuildAsync(
        ViewDefinition view,
        bool replaces,
        Action<long, long> progress,
        string end,
        CancellationToken cancellation
    )
    {
        if (await PositionAsync(Reached, view.Id, cancellation) is not { } first)
        {
            return null;
        }

        var aside = AsideOf(view.Table);
        await ExecuteAsync($"create table if not exists {aside} (like {view.Table} including all)", cancellation);
        await UpToAsync(view, first, progress, cancellation);

        // The daemon cannot store what it takes in as long as this row is locked.
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var hold = new NpgsqlCommand(
            $"""
            set local idle_in_transaction_session_timeout = 0;
            select {MartenTables.ReachedPosition} from {MartenTables.Progress} where name = '{view.Id}:All' for update
            """,
            connection,
            transaction
        );
        if (await hold.ExecuteScalarAsync(cancellation) is not long reached)
        {
            throw new InvalidOperationException($"{view.Id} was dropped or emptied while it was built again.");
        }

        // What the daemon has read of the old rows and not stored yet must not come upon the new ones: it finds the progress
        // elsewhere than it left it, and begins anew. While the view is paused it stores nothing. What comes after a pause that is not
        // seen yet comes after what is settled now.
        var settled = await PositionAsync(Settled, null, cancellation) ?? 0;
        await using var pause = database.CreateCommand(
            $"select paused_at is not null from {ViewRegistry.Table} where view = '{view.Id}'"
        );
        var isPaused = await pause.ExecuteScalarAsync(cancellation) is true;
        var ceiling = replaces && !isPaused ? Math.Max(reached, settled) : reached;
        await UpToAsync(view, ceiling, progress, cancellation);
        var answer = new List<string>();
        await using (var last = new NpgsqlCommand(end, connection, transaction) { CommandTimeout = 0 })
        await using (var rows = await last.ExecuteReaderAsync(cancellation))
        {
            do
            {
                while (await rows.ReadAsync(cancellation))
                {
                    if (!rows.IsDBNull(0))
                    {
                        answer.Add(rows.GetString(0));
                    }
                }
            } while (await rows.NextResultAsync(cancellation));
        }

        await transaction.CommitAsync(cancellation);
        await ExecuteAsync(
            $"drop table {aside}; update {ViewRegistry.Table} set aside = 0 where view = '{view.Id}'",
            cancellation
        );
        return answer;
    }

    private async Task UpToAsync(
        ViewDefinition view,
        long ceiling,
        Action<long, long> progress,
        CancellationToken cancellation
    )
    {
        var fold = view.FoldInto(AsideOf(view.Table));
        var events = ViewEvents.Of((DocumentStore)store);
        var floor = await PositionAsync(Built, view.Id, cancellation) ?? 0;
        foreach (var (from, to) in floor < ceiling ? ViewEvents.Split(floor, ceiling) : [])
        {
            await using var session = store.LightweightSession();
            var page = await ViewFacts.OfAsync(session, await events.ReadAsync(from, to, cancellation), cancellation);
            var skipped = await SkippedEvents.OfAsync(session, view.View, cancellation);
            await fold(
                session,
                [.. page.Where(e => !skipped.Contains((e.Event.StreamId, e.Event.Version)))],
                cancellation
            );
            // In one transaction with the rows: however often it is broken off, each event is folded once.
            session.QueueSqlCommand($"update {ViewRegistry.Table} set aside = ? where view = ?", to, view.Id);
            await session.SaveChangesAsync(cancellation);
            progress(to, ceiling);
        }
    }

    private async Task<long?> PositionAsync(string sql, string? id, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(sql);
        if (id is not null)
        {
            command.Parameters.AddWithValue(id);
        }

        return (long?)await command.ExecuteScalarAsync(cancellation);
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
