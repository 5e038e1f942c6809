using JasperFx;
using JasperFx.Events.Daemon;
using Marten;
using Npgsql;

namespace EventForum.Platform;

/// <summary>
/// Keeps this server's share of the views up: runs Marten's daemon for the views whose leases it holds, starts again
/// what has failed, and takes up anew what does not move although there is something new.
/// </summary>
public sealed class ViewKeeper(
    IDocumentStore store,
    ViewLeases leases,
    ViewWatch watch,
    ViewRegistry registry,
    TimeProvider clock,
    ILoggerFactory loggers
) : BackgroundService
{
    /// <summary>How often it looks.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly ILogger log = loggers.CreateLogger<ViewKeeper>();
    private readonly Dictionary<string, ViewCare> views = ((DocumentStore)store)
        .Options.Projections.AllShards()
        .ToDictionary(shard => shard.Name.Identity, _ => new ViewCare(clock), StringComparer.Ordinal);

    private IProjectionDaemon? daemon;
    private Task work = Task.CompletedTask;
    private long workingSince;
    private HashSet<string> paused = [];
    private long settledBefore;
    private bool failed;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await work.WaitAsync(ViewLeases.Term, clock, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await RetireAsync(daemon);
        try
        {
            await leases.LeaveAsync(cancellationToken);
        }
        catch (Exception e) when (Outage.Is(e) || e is NpgsqlException or OperationCanceledException)
        {
            // The database may be gone for good.
            log.LogDebug(e, "The leases are left to run out");
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            do
            {
                await LookAsync(stoppingToken);
            } while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
    }

    /// <summary>Leases are renewed also while the daemon takes its time to start or stop something.</summary>
    private async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            var wanted = views
                .Where(view => !view.Value.IsLeftToOthers && !paused.Contains(view.Key))
                .Select(view => view.Key);
            var survey = await leases.RenewAsync([.. wanted], [.. views.Keys], cancellation);
            paused = survey
                .Views.Where(view => view.IsPaused)
                .Select(view => view.View)
                .ToHashSet(StringComparer.Ordinal);
            watch.See(survey, WhyStill);
            if (!work.IsCompleted && clock.GetElapsedTime(workingSince) > ViewWatch.Patience)
            {
                Renew("does not answer");
                work = Task.CompletedTask;
            }

            if (work.IsCompleted)
            {
                workingSince = clock.GetTimestamp();
                work = TendAsync(survey, cancellation);
            }

            failed = false;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            Report(e);
        }
    }

    private async Task TendAsync(ViewSurvey survey, CancellationToken cancellation)
    {
        try
        {
            var current = daemon ??= await store.BuildProjectionDaemonAsync(
                logger: loggers.CreateLogger("Marten.Daemon")
            );
            foreach (var view in survey.Views.TakeWhile(_ => current == daemon))
            {
                var agent = current.CurrentAgents().FirstOrDefault(agent => agent.Name.Identity == view.View);
                if (view is { Mine: true, IsPaused: false })
                {
                    await KeepUpAsync(current, view, agent, survey.Settled, cancellation);
                }
                else
                {
                    if (agent is not null)
                    {
                        await current.StopAgentAsync(view.View);
                    }

                    if (view.Mine)
                    {
                        // Nobody keeps up what is paused.
                        await leases.GiveUpAsync(view.View, cancellation);
                    }
                }
            }

            settledBefore = survey.Settled;
            var mine = survey.Views.Where(view => view.Mine).ToList();
            if (mine.Count >= survey.Fewest + 2 && current == daemon)
            {
                await current.StopAgentAsync(mine[^1].View);
                await leases.GiveUpAsync(mine[^1].View, cancellation);
            }
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            Report(e);
        }
    }

    private async Task KeepUpAsync(
        IProjectionDaemon current,
        ViewPosition view,
        ISubscriptionAgent? agent,
        long settled,
        CancellationToken cancellation
    )
    {
        var care = views[view.View];
        var still = watch.StillOf(view.View);
        if (agent is { Status: AgentStatus.Running })
        {
            care.Runs(view.Position, still);
            // It has taken in all that had happened by the last look.
            if (!view.HasCaughtUp && view.Position >= settledBefore && settledBefore >= Math.Min(settled, 1))
            {
                await registry.HasCaughtUpAsync(IdOf(view), cancellation);
            }

            if (view.HasFailed && still == TimeSpan.Zero)
            {
                await registry.HasRecoveredAsync(IdOf(view), cancellation);
            }

            if (care.IsStuck(still))
            {
                watch.Restarted(view.View);
                if (view.Position < settled)
                {
                    // Another server, if there is one, may do better.
                    care.GiveUp();
                    await leases.GiveUpAsync(view.View, cancellation);
                }

                Renew($"does not move {view.View}");
            }
        }
        else if (care.MayStart)
        {
            care.Started();
            if (agent?.Failure is { } failure)
            {
                watch.Restarted(view.View);
                Report(view.View, failure, care);
                if (!WillPass(failure))
                {
                    await registry.HasFailedAsync(IdOf(view), failure.Message, cancellation);
                }
            }

            await current.StartAgentAsync(view.View, cancellation);
        }
    }

    private static string IdOf(ViewPosition view) => view.View[..^":All".Length];

    /// <summary>Puts another daemon, with fresh connections, in the place of one that hangs.</summary>
    private void Renew(string why)
    {
        log.LogWarning("Marten's daemon {Why}; another takes its place", why);
        _ = RetireAsync(Interlocked.Exchange(ref daemon, null));
    }

    private async Task RetireAsync(IProjectionDaemon? retired)
    {
        if (retired is not null)
        {
            await retired
                .StopAllAsync()
                .WaitAsync(ViewWatch.Patience, clock)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            retired.Dispose();
        }
    }

    private string WhyStill(ViewPosition view, long settled) =>
        view.IsPaused ? "it is paused"
        : !view.Mine ? "another server keeps it up"
        : view.Position >= settled ? "a transaction is open that may still store an event from before it"
        : daemon?.CurrentAgents().FirstOrDefault(agent => agent.Name.Identity == view.View)?.Failure is { } failure
            ? failure.Message
        : "no failure is known";

    /// <summary>
    /// The view has nothing to do with it: the database was away, another server kept the view up meanwhile, or it was paused.
    /// </summary>
    private static bool WillPass(ShardFailure failure) =>
        failure.IsTransient
        || failure.Category == ShardFailureCategory.ProgressionOutOfOrder
        || failure.Detail.Contains(View.MovedOn, StringComparison.Ordinal)
        || failure.Detail.Contains(View.Paused, StringComparison.Ordinal);

    private void Report(string view, ShardFailure failure, ViewCare care)
    {
        if (!care.IsNews(failure.Message))
        {
            return;
        }

        if (WillPass(failure))
        {
            log.LogInformation("The view {View} is started again: {Failure}", view, failure.Message);
        }
        else
        {
            log.LogError("The view {View} failed and is started again: {Failure}", view, failure.Detail);
        }
    }

    /// <summary>Once: an outage of the database is reported by those who meet it with a request.</summary>
    private void Report(Exception e)
    {
        if (!failed && !Outage.Is(e) && e is not TimeoutException)
        {
            log.LogError(e, "Could not look after the views; the next look is another try");
        }

        failed = true;
    }
}
