using EventForum.Platform;
using Npgsql;

namespace EventForum.History;

/// <summary>
/// Knows up to which position the forum's history can be read without missing an event that commits late. Positions
/// are drawn inside transactions, which end in another order.
/// </summary>
public sealed class SettledPosition(
    NpgsqlDataSource database,
    ReadDatabase reads,
    TimeProvider clock,
    ILogger<SettledPosition> log
) : BackgroundService
{
    /// <summary>Where the position is kept, so that a server that starts while an append is open need not wait for it.</summary>
    public const string Table = Store.Schema + ".settled_position";

    /// <summary>How soon those who wait hear of what has happened.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>How often it looks while nobody waits, to learn when a transaction drew its first number.</summary>
    private static readonly TimeSpan IdleInterval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan KeptEvery = TimeSpan.FromSeconds(1);

    private const string Drawn =
        $"select case when is_called then last_value else last_value - 1 end from {MartenTables.Positions}";

    private const string Holders = $"""
        select virtualtransaction from pg_locks
         where locktype = 'relation' and mode = 'RowExclusiveLock' and granted
           and relation = '{MartenTables.Positions}'::regclass
           and database = (select oid from pg_database where datname = current_database())
        """;

    /// <summary>What committed before a look is below it in the log, from which a standby is fed.</summary>
    private const string Written = "select pg_current_wal_insert_lsn()::text";

    private const string Keep = $"""
        insert into {Table} as kept (id, position) values (1, $1)
        on conflict (id) do update set position = excluded.position where kept.position < excluded.position
        """;

    private readonly SemaphoreSlim looking = new(1);
    private SequenceState? state;
    private long? settled;
    private (long Settled, string Written)? coming;
    private long kept;
    private long keptAt;
    private (Exception Why, long At)? failed;
    private int waiting;
    private TaskCompletionSource advanced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The position now. What committed before the call is below it, unless an older transaction is still open.</summary>
    public async Task<long> NowAsync(CancellationToken cancellation)
    {
        var asked = clock.GetTimestamp();
        await looking.WaitAsync(cancellation);
        try
        {
            // A queue of looks that time out one after the other has no end.
            if (failed is { } failure && failure.At >= asked)
            {
                throw new NpgsqlException("The database did not say which events are settled.", failure.Why);
            }

            var before = state ??= SequenceState.From(await KeptAsync(cancellation));
            var (drawn, holders, written) = await LookAsync(cancellation);
            state = before.Next(drawn, holders);
            coming ??= (state.Settled, written);
            // A standby shows it a moment later: until then, those who read have what was settled before.
            if (await reads.HasReplayedAsync(coming.Value.Written, cancellation))
            {
                var last = settled;
                (settled, coming) = (coming.Value.Settled, null);
                if (settled != last)
                {
                    Interlocked
                        .Exchange(ref advanced, new(TaskCreationOptions.RunContinuationsAsynchronously))
                        .TrySetResult();
                }
            }

            return settled ?? 0;
        }
        catch (Exception e) when (Outage.Is(e))
        {
            failed = (e, clock.GetTimestamp());
            throw;
        }
        finally
        {
            looking.Release();
        }
    }

    /// <summary>The position once it is beyond another, or after a while all the same.</summary>
    public async Task<long> BeyondAsync(long position, TimeSpan patience, CancellationToken cancellation)
    {
        var next = Volatile.Read(ref advanced).Task;
        if (settled is { } known && known > position)
        {
            return known;
        }

        Interlocked.Increment(ref waiting);
        try
        {
            Volatile.Read(ref wanted).TrySetResult();
            await FirstOf(next, patience, cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }

        return settled ?? position;
    }

    public override void Dispose()
    {
        looking.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Interval, clock, stoppingToken);
                if (Volatile.Read(ref waiting) == 0)
                {
                    await IdleAsync(stoppingToken);
                }

                await KeepAsync(await NowAsync(stoppingToken), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (Outage.Is(e) || e is NpgsqlException)
            {
                log.LogError(e, "The database does not say which events are settled; they wait");
            }
        }
    }

    /// <summary>Until somebody waits, or the idle interval is over.</summary>
    private async Task IdleAsync(CancellationToken cancellation)
    {
        var fresh = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref wanted, fresh);
        if (Volatile.Read(ref waiting) == 0)
        {
            await FirstOf(fresh.Task, IdleInterval - Interval, cancellation);
        }
    }

    private async Task FirstOf(Task signal, TimeSpan patience, CancellationToken cancellation)
    {
        await signal.WaitAsync(patience, clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
    }

    private async Task<(long Drawn, IReadOnlyCollection<string> Holders, string Written)> LookAsync(
        CancellationToken cancellation
    )
    {
        // In this order: a number that had been drawn belongs to a transaction that held the lock by then.
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Drawn));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Holders));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Written));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var drawn = reader.GetInt64(0);
        await reader.NextResultAsync(cancellation);
        var holders = new List<string>();
        while (await reader.ReadAsync(cancellation))
        {
            holders.Add(reader.GetString(0));
        }

        await reader.NextResultAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return (drawn, holders, reader.GetString(0));
    }

    private async Task<long> KeptAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select position from {Table}");
        return await command.ExecuteScalarAsync(cancellation) as long? ?? 0;
    }

    private async Task KeepAsync(long position, CancellationToken cancellation)
    {
        if (position == kept || (keptAt != 0 && clock.GetElapsedTime(keptAt) < KeptEvery))
        {
            return;
        }

        await using var command = database.CreateCommand(Keep);
        command.Parameters.AddWithValue(position);
        await command.ExecuteNonQueryAsync(cancellation);
        (kept, keptAt) = (position, clock.GetTimestamp());
    }
}
