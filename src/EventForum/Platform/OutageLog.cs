using Npgsql;

namespace EventForum.Platform;

/// <summary>
/// Logs an outage of the database: a line when it begins and a line when it is over, with how many requests were
/// refused meanwhile. What everybody else logs of it is left out: see <see cref="OutageFilter"/>.
/// </summary>
public sealed class OutageLog : BackgroundService
{
    /// <summary>How long the database has for its answer before it is said not to answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    /// <summary>How often it looks itself, and how long the database has for the answer: less than a statement has.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan OwnPatience = TimeSpan.FromSeconds(3);

    /// <summary>How long after an outage connections turn up that it broke.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(5);

    /// <summary>How long its own question may be under way while the database is still said to answer.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(0.5);

    /// <summary>More than there are connections.</summary>
    private const int Threads = 128;

    private readonly NpgsqlDataSource database;
    private readonly ReadDatabase reads;
    private readonly TimeProvider clock;
    private readonly ILogger<OutageLog> log;
    private readonly Lock gate = new();
    private long? since;
    private long endedAt;
    private int usualThreads;
    private int refused;
    private Task asking = Task.CompletedTask;
    private long askedAt;

    public OutageLog(
        NpgsqlDataSource database,
        ReadDatabase reads,
        OutageFilter filter,
        TimeProvider clock,
        ILogger<OutageLog> log
    )
    {
        (this.database, this.reads, this.clock, this.log) = (database, reads, clock, log);
        filter.Met = Report;
    }

    public bool IsUnderWay => since is not null;

    /// <summary>
    /// Says that the database is away, unless that is what an outage has left behind: connections that it broke. A statement
    /// that waits for a lock takes too long as well, while the database answers everything else.
    /// </summary>
    public void Report(Exception e)
    {
        if (IsUnderWay || Volatile.Read(ref endedAt) is var ended and not 0 && clock.GetElapsedTime(ended) <= Aftermath)
        {
            return;
        }

        if (TookTooLong(e) && Answers())
        {
            log.LogWarning("A statement took too long, and the database answers: {Reason}", Outage.Reason(e));
        }
        else
        {
            ReportBeginning(e);
        }
    }

    private static bool TookTooLong(Exception e) =>
        Outage.IsTimeout(e) || e.GetBaseException() is PostgresException { SqlState: PostgresErrorCodes.QueryCanceled };

    /// <summary>Whether the question that was asked last has been answered, or has just been asked.</summary>
    private bool Answers()
    {
        lock (gate)
        {
            return asking.IsCompletedSuccessfully || !asking.IsCompleted && clock.GetElapsedTime(askedAt) < AtOnce;
        }
    }

    private void ReportBeginning(Exception e)
    {
        lock (gate)
        {
            if (since is not null)
            {
                return;
            }

            since = clock.GetTimestamp();
            // Npgsql cancels a statement that has timed out on a thread of the pool, which it blocks until that has
            // timed out as well. The pool would add one thread a second to those that wait so.
            ThreadPool.GetMinThreads(out usualThreads, out var ports);
            ThreadPool.SetMinThreads(Math.Max(usualThreads, Threads), ports);
        }

        log.LogError(
            "The database does not answer: {Reason} Requests are answered 503 until it does.",
            Outage.Reason(e)
        );
    }

    /// <summary>Counts an answer 503 that an outage is the reason of.</summary>
    public void Refused()
    {
        if (since is not null)
        {
            Interlocked.Increment(ref refused);
        }
    }

    /// <summary>
    /// Why the database does not answer; null when it does. One question is under way at a time: what a frozen database
    /// owes an answer to costs no more than one connection.
    /// </summary>
    public Task<Exception?> AskAsync(CancellationToken cancellation) => AskAsync(Patience, cancellation);

    private async Task<Exception?> AskAsync(TimeSpan patience, CancellationToken cancellation)
    {
        Task answer;
        lock (gate)
        {
            if (asking.IsCompleted)
            {
                asking = Task.Run(SelectAsync, CancellationToken.None);
                askedAt = clock.GetTimestamp();
            }

            answer = asking;
        }

        try
        {
            await answer.WaitAsync(patience, clock, cancellation);
            return null;
        }
        catch (TimeoutException)
        {
            return new TimeoutException($"No answer within {patience.TotalSeconds} s");
        }
        catch (Exception e) when (Outage.Is(e))
        {
            return e;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Interval, clock, stoppingToken);
            if (await AskAsync(OwnPatience, stoppingToken) is { } failure)
            {
                ReportBeginning(failure);
            }
            else
            {
                ReportEnd();
            }
        }
    }

    private void ReportEnd()
    {
        double seconds;
        int count;
        lock (gate)
        {
            if (since is not { } beginning)
            {
                return;
            }

            seconds = clock.GetElapsedTime(beginning).TotalSeconds;
            count = Interlocked.Exchange(ref refused, 0);
            since = null;
            endedAt = clock.GetTimestamp();
            ThreadPool.GetMinThreads(out _, out var ports);
            ThreadPool.SetMinThreads(usualThreads, ports);
        }

        log.LogWarning(
            "The database answers again after {Seconds:N0} s; {Count} requests were refused.",
            seconds,
            count
        );
    }

    private async Task SelectAsync()
    {
        await using var command = database.CreateCommand("select 1");
        command.CommandTimeout = 2;
        await command.ExecuteScalarAsync();
        await reads.AskAsync();
    }
}
