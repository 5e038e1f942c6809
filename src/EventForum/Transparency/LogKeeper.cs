using EventForum.History;
using EventForum.Platform;
using Npgsql;

namespace EventForum.Transparency;

/// <summary>Keeps the log behind the settled position. Every server looks; whichever comes first adds.</summary>
internal sealed class LogKeeper(
    NpgsqlDataSource database,
    SettledPosition settled,
    IConfiguration configuration,
    LogWatch watch,
    TimeProvider clock,
    ILogger<LogKeeper> log
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var appender = new LogAppender(database, LogKey.Of(configuration));
        var reached = -1L;
        string? failure = null;
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                var now = await settled.NowAsync(stoppingToken);
                if (now != reached)
                {
                    watch.See(now, await LoggedAsync(stoppingToken));
                }

                while (now != reached && !stoppingToken.IsCancellationRequested)
                {
                    if (await appender.AppendAsync(now, stoppingToken) is not { } added)
                    {
                        break;
                    }

                    reached = added < LogAppender.Most ? now : reached;
                    watch.See(now, reached == now ? now : await LoggedAsync(stoppingToken));
                }

                failure = null;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
                when (Outage.Is(e) || e is NpgsqlException or InvalidOperationException or OtherLogKeyException)
            {
                // Once, not four times a second.
                if (e.Message != failure)
                {
                    log.LogError(e, "Nothing comes to the transparency log: {Why}", e.Message);
                }

                failure = e.Message;
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<long> LoggedAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(LogHead.Query);
        return (await LogHead.ReadAsync(command, cancellation))?.Position ?? 0;
    }
}
