using EventForum.Platform;
using Npgsql;

namespace EventForum.History;

/// <summary>
/// What is known of the numbers that are drawn from the events' sequence. Up to <paramref name="Settled"/>, every
/// number's event is there to be read or will never be.
/// </summary>
/// <param name="Drawn">The highest number that had been drawn.</param>
/// <param name="Bounds">For each open transaction that has drawn a number: it drew none up to its bound.</param>
/// <remarks>
/// PostgreSQL locks a sequence for a transaction before it draws its first number, and until the transaction has
/// ended and what it wrote can be seen. A transaction that does not hold the lock, then, has drawn none of the numbers
/// drawn so far, or has settled them. One that is seen with the lock for the first time did not have it the time
/// before, so its numbers are above what had been drawn then.
/// </remarks>
public sealed record SequenceState(long Settled, long Drawn, IReadOnlyDictionary<string, long> Bounds)
{
    /// <summary>Nothing is known but that everything up to a position is settled.</summary>
    public static SequenceState From(long settled) =>
        new(settled, settled, new Dictionary<string, long>(StringComparer.Ordinal));

    /// <summary>What is known after another look.</summary>
    /// <param name="drawn">The highest number that had been drawn before the locks were looked at.</param>
    /// <param name="holders">The virtual ids of the transactions that held the sequence's lock.</param>
    public SequenceState Next(long drawn, IReadOnlyCollection<string> holders)
    {
        if (drawn < Drawn)
        {
            // The database was put back to an earlier time.
            return From(0).Next(drawn, holders);
        }

        var bounds = holders
            .Distinct(StringComparer.Ordinal)
            .ToDictionary(holder => holder, BoundOf, StringComparer.Ordinal);
        return new SequenceState(bounds.Count == 0 ? drawn : bounds.Values.Min(), drawn, bounds);
    }

    /// <summary>A transaction that is prepared for a commit in two phases goes on under another id, of backend -1.</summary>
    private long BoundOf(string holder) =>
        Bounds.TryGetValue(holder, out var bound) ? bound
        : holder.StartsWith("-1/", StringComparison.Ordinal) ? Settled
        : Drawn;
}

/// <summary>
/// Knows up to which position the forum's history can be read without missing an event that commits late. Positions
/// are drawn inside transactions, which end in another order.
/// </summary>
public sealed class SettledPosition(NpgsqlDataSource database, TimeProvider clock, ILogger<SettledPosition> log)
    : BackgroundService
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

    private const string Keep = $"""
        insert into {Table} as kept (id, position) values (1, $1)
        on conflict (id) do update set position = excluded.position where kept.position < excluded.position
        """;

    private readonly SemaphoreSlim looking = new(1);
    private SequenceState? state;
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
            var (drawn, holders) = await LookAsync(cancellation);
            state = before.Next(drawn, holders);
            if (state.Settled != before.Settled)
            {
                Interlocked
                    .Exchange(ref advanced, new(TaskCreationOptions.RunContinuationsAsynchronously))
                    .TrySetResult();
            }

            return state.Settled;
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
        if (state?.Settled is { } settled && settled > position)
        {
            return settled;
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

        return state?.Settled ?? position;
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

    private async Task<(long Drawn, IReadOnlyCollection<string> Holders)> LookAsync(CancellationToken cancellation)
    {
        // In this order: a number that had been drawn belongs to a transaction that held the lock by then.
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Drawn));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Holders));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var drawn = reader.GetInt64(0);
        await reader.NextResultAsync(cancellation);
        var holders = new List<string>();
        while (await reader.ReadAsync(cancellation))
        {
            holders.Add(reader.GetString(0));
        }

        return (drawn, holders);
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
