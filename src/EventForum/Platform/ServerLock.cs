using Microsoft.Extensions.Options;
using Npgsql;

namespace EventForum.Platform;

/// <summary>
/// A server's hold on its database, in share mode, from before it looks at anything there until all else has stopped: see
/// <see cref="DatabaseLock"/>.
/// </summary>
public sealed class ServerLock(
    IConfiguration configuration,
    IOptions<DatabaseOptions> options,
    TimeProvider clock,
    IHostApplicationLifetime lifetime,
    ILogger<ServerLock> log
) : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan WarnEvery = TimeSpan.FromSeconds(15);

    private NpgsqlConnection? held;

    /// <summary>Before anything else of this server looks at the database.</summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        long? warnedAt = null;
        while (await ObstacleAsync(cancellationToken) is { } obstacle)
        {
            var waited = clock.GetElapsedTime(start);
            if (waited >= options.Value.StartTimeout)
            {
                throw new StartRefusedException($"{obstacle} The server has waited {waited.TotalSeconds:N0} s.");
            }

            if (warnedAt is not { } last || clock.GetElapsedTime(last) >= WarnEvery)
            {
                log.LogWarning("{Obstacle} The server starts once that is over.", obstacle);
                warnedAt = clock.GetTimestamp();
            }

            await Task.Delay(Interval, clock, cancellationToken);
        }

        if (await UnfinishedRebuilds.FindAsync(held!, cancellationToken) is { Count: > 0 } unfinished)
        {
            throw new StartRefusedException(UnfinishedRebuilds.Explain(unfinished));
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>After everything else of this server has stopped.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (held is not null)
        {
            await held.DisposeAsync();
        }
    }

    public override void Dispose()
    {
        held?.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // Returns at each notice of PostgreSQL's, and throws when the connection breaks.
                await held!.WaitAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (Outage.Is(e))
            {
                await TakeAgainAsync(stoppingToken);
            }
        }
    }

    private async Task TakeAgainAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                if (
                    await TryTakeAsync(cancellation)
                    && await UnfinishedRebuilds.FindAsync(held!, cancellation) is { Count: 0 }
                )
                {
                    return;
                }

                log.LogCritical(
                    "While the database was out of reach, a command took it to itself. This server stops: what it knows may be of the past."
                );
                Environment.ExitCode = 1;
                lifetime.StopApplication();
                return;
            }
            catch (Exception e) when (Outage.Is(e))
            {
                await Task.Delay(Interval, clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Why the lock cannot be had now; null once it is held.</summary>
    private async Task<string?> ObstacleAsync(CancellationToken cancellation)
    {
        try
        {
            if (!await TryTakeAsync(cancellation))
            {
                return "A command has the database to itself, such as projections rebuild.";
            }

            await TryReadsAsync(cancellation);
            return null;
        }
        catch (Exception e) when (Outage.Is(e))
        {
            return $"The database does not answer: {Outage.Reason(e)}";
        }
    }

    /// <summary>Connects once to the database that answers are read from, where that is another one.</summary>
    private async Task TryReadsAsync(CancellationToken cancellation)
    {
        if (!string.IsNullOrEmpty(configuration[ReadDatabase.Setting]))
        {
            var reads = StoreModule.ReadConnectionString(configuration, serves: true);
            await (await DatabaseLock.OpenAsync(ReadDatabase.Setting, reads, cancellation)).DisposeAsync();
        }
    }

    private async Task<bool> TryTakeAsync(CancellationToken cancellation)
    {
        if (held is not null)
        {
            await held.DisposeAsync();
        }

        held = await DatabaseLock.OpenAsync(configuration, cancellation, serves: true);
        return await DatabaseLock.IsSharedAsync(held, cancellation);
    }
}
