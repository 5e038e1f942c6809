using EventForum.Access;
using EventForum.Lists;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Views.Framework;
using Marten;
using Npgsql;

namespace EventForum.Erasure;

/// <summary>
/// Completes erasures: makes views without the person that the daemon made with it. Of several
/// servers one does it; what a killed one leaves, another one completes.
/// </summary>
public sealed class ErasureCompletion(
    IDocumentStore store,
    NpgsqlDataSource database,
    ViewRebuild rebuild,
    ViewRetirement retirement,
    IEnumerable<ViewDefinition> views,
    TimeProvider clock,
    ILogger<ErasureCompletion> log
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(500);

    /// <summary>Where the lists of boards have taken in all that was read before the erasure.</summary>
    private const string Uncompleted = $"""
        select position, thread_ids,
               coalesce((select {MartenTables.ReachedPosition} from {MartenTables.Progress}
                          where name = '{BoardIndex.Name}:All'), 0) >= position
          from {ErasureTable.Table} where completed_at is null
         order by position limit 1 for update skip locked
        """;

    private const string ListTitles = $"""
        update {BoardIndex.Threads} t set title = h.title
          from {HeaderTable.Table} h
         where t.thread_id = any($1) and h.thread_id = t.thread_id
           and h.from_version = (select max(from_version) from {HeaderTable.Table}
                                  where thread_id = t.thread_id and from_version <= t.from_version)
           and t.title <> h.title
        """;

    private const string Complete = $"""
        update {ErasureTable.Table} set completed_at = now(), thread_ids = array[]::uuid[]
         where position = $1
        """;

    /// <summary>Superseded rows can be written over, and samples of what was there are taken anew.</summary>
    private static readonly string[] Vacuumed =
    [
        MartenTables.EventTable,
        PostTable.Table,
        HeaderTable.Table,
        BoardIndex.Threads,
        Threads.Reading.RenderedTextTable.Table,
        Members.NameSkeletons.Table,
        EventSalts.Table,
        ErasureTable.Table,
        MartenTables.Documents + "member",
        MartenTables.Documents + "board",
        MartenTables.Documents + "forumthread",
        MartenTables.Documents + "givenanswer",
    ];

    private readonly SemaphoreSlim woken = new(0);

    /// <summary>There is something to complete.</summary>
    public void Wake() => woken.Release();

    /// <summary>Completes what waits for it, as far as that can be.</summary>
    /// <param name="alone">No server runs: nobody has read anything before the erasure that is not stored yet.</param>
    /// <returns>Whether nothing is left to complete.</returns>
    public async Task<bool> CompleteAsync(bool alone, Action<long, long> progress, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        while (true)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            long position;
            Guid[] threads;
            await using (
                var find = new NpgsqlCommand(
                    "set local idle_in_transaction_session_timeout = 0; " + Uncompleted,
                    connection
                )
            )
            await using (var rows = await find.ExecuteReaderAsync(cancellation))
            {
                if (!await rows.ReadAsync(cancellation))
                {
                    return true;
                }

                if (!alone && !rows.GetBoolean(2))
                {
                    return false;
                }

                position = rows.GetInt64(0);
                threads = rows.GetFieldValue<Guid[]>(1);
            }

            await ExecuteAsync(connection, ListTitles, cancellation, (object)threads);
            // Other views may hold what they like: those with texts are made anew, each at once for who reads it. A version of
            // another program is waited for: it goes when its time of grace is over, or by views drop.
            var own = views.ToList();
            var kept = store.Options.Events.Projections().Select(projection => projection.Name);
            if (!await retirement.DropOthersAsync(kept.ToHashSet(StringComparer.Ordinal), !alone, cancellation))
            {
                return false;
            }

            // One that no server has begun holds nothing, and is built of what is left.
            foreach (var view in own.Where(HoldsTexts))
            {
                await rebuild.RebuildAsync(view, progress, cancellation);
            }

            await ExecuteAsync(connection, Complete, cancellation, position);
            await transaction.CommitAsync(cancellation);
            foreach (var table in (string[])[.. Vacuumed, .. own.Where(HoldsTexts).Select(view => view.Table)])
            {
                await ExecuteAsync(connection, $"vacuum (analyze) {table}", cancellation);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        string? failure = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            var isComplete = false;
            try
            {
                isComplete = await CompleteAsync(alone: false, (_, _) => { }, stoppingToken);
                failure = null;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // Once, not each time. Whoever asks something meanwhile reports an outage.
                if (!Outage.Is(e) && e.Message != failure)
                {
                    log.LogError(e, "An erasure is not complete, and is tried again: {Why}", e.Message);
                }

                failure = e.Message;
            }
            catch (OperationCanceledException)
            {
                return;
            }

            using var time = new CancellationTokenSource(isComplete ? Interval : Soon, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, stoppingToken);
            await woken.WaitAsync(either.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private static bool HoldsTexts(ViewDefinition view) =>
        view.Schema(view.Table).Columns.Any(column => column.Type is "text" or "text[]" or "jsonb");

    private static async Task ExecuteAsync(
        NpgsqlConnection connection,
        string sql,
        CancellationToken cancellation,
        params object[] parameters
    )
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var parameter in parameters)
        {
            command.Parameters.AddWithValue(parameter);
        }

        await command.ExecuteNonQueryAsync(cancellation);
    }
}
