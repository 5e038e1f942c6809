using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EventForum.Platform;

/// <summary>
/// Knows how every view moves, whichever server keeps it up: how far it is behind, and whether it stands still while
/// there is something new. Says so to the log, to metrics and to <c>/health/ready</c>.
/// </summary>
/// <remarks>
/// Instruments of the meter <c>EventForum</c>, each tagged with <c>view</c>: <c>eventforum.view.events_behind</c>;
/// <c>eventforum.view.behind</c> and <c>eventforum.view.still</c>, seconds; <c>eventforum.view.restarts</c>, a counter.
/// </remarks>
public sealed class ViewWatch : IHealthCheck, IDisposable
{
    /// <summary>How long a view may stand still, though there is something new, before it is said and mended.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Beyond this, nobody looked: what a view did in between is not held against it.</summary>
    private static readonly TimeSpan Blink = TimeSpan.FromSeconds(3);

    private const int Sights = 10_000;

    private readonly TimeProvider clock;
    private readonly ILogger<ViewWatch> log;
    private readonly Meter meter;
    private readonly Counter<long> restarts;
    private readonly Lock gate = new();
    private readonly Dictionary<string, Movement> views = new(StringComparer.Ordinal);
    private readonly Queue<(long Newest, long At)> sights = new();
    private long newest;
    private long lookedAt;

    public ViewWatch(TimeProvider clock, IMeterFactory meters, ILogger<ViewWatch> log)
    {
        this.clock = clock;
        this.log = log;
        meter = meters.Create("EventForum");
        restarts = meter.CreateCounter<long>(
            "eventforum.view.restarts",
            description: "How often this server started a view again that had failed or stood still."
        );
        meter.CreateObservableGauge(
            "eventforum.view.events_behind",
            () => Measure(state => state.EventsBehind),
            description: "How many events a view has still to take in."
        );
        meter.CreateObservableGauge(
            "eventforum.view.behind",
            () => Measure(state => state.Behind.TotalSeconds),
            unit: "s",
            description: "How long ago the oldest event was stored that a view has not taken in."
        );
        meter.CreateObservableGauge(
            "eventforum.view.still",
            () => Measure(state => state.Still.TotalSeconds),
            unit: "s",
            description: "How long a view has not moved though there is something new."
        );
    }

    /// <summary>Every view, as it was seen last.</summary>
    public IReadOnlyList<ViewState> States()
    {
        lock (gate)
        {
            return [.. views.Select(view => StateOf(view.Key, view.Value))];
        }
    }

    /// <summary>How long a view has not moved though there is something new.</summary>
    public TimeSpan StillOf(string view)
    {
        lock (gate)
        {
            return views.TryGetValue(view, out var movement) ? movement.Still : TimeSpan.Zero;
        }
    }

    /// <summary>Takes in another look at the views.</summary>
    /// <param name="reason">What is known of why a view does not move, of whose events so many are settled.</param>
    public void See(ViewSurvey survey, Func<ViewPosition, long, string> reason)
    {
        lock (gate)
        {
            var now = clock.GetTimestamp();
            var since = lookedAt == 0 ? TimeSpan.Zero : clock.GetElapsedTime(lookedAt, now);
            (lookedAt, newest) = (now, survey.Newest);
            foreach (var view in survey.Views)
            {
                if (!views.TryGetValue(view.View, out var movement))
                {
                    views[view.View] = movement = new Movement { Position = view.Position };
                    // Prometheus sees an increase only of what it has seen before.
                    restarts.Add(0, new KeyValuePair<string, object?>("view", NameOf(view.View)));
                }

                movement.Moves(view.Position, now, clock);
                if (view.IsPaused || view.Position != movement.Position || view.Position >= survey.Newest)
                {
                    MovesAgain(view, movement);
                }
                else if (since < Blink)
                {
                    movement.Still += since;
                    StandsStill(view, movement, survey.Settled, reason);
                }
            }

            Remember(survey, now);
        }
    }

    /// <summary>Counts a view that was started again.</summary>
    public void Restarted(string view) => restarts.Add(1, new KeyValuePair<string, object?>("view", NameOf(view)));

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        var states = States();
        var data = states.ToDictionary(
            state => state.View,
            object (state) =>
                new
                {
                    state.Position,
                    state.EventsBehind,
                    BehindSeconds = Math.Round(state.Behind.TotalSeconds, 1),
                    StillSeconds = Math.Round(state.Still.TotalSeconds, 1),
                },
            StringComparer.Ordinal
        );
        var still = states.Where(state => state.Still >= Patience).Select(state => state.View).ToList();
        return Task.FromResult(
            still.Count == 0
                ? HealthCheckResult.Healthy(data: data)
                : HealthCheckResult.Degraded($"Does not move: {string.Join(", ", still)}.", data: data)
        );
    }

    public void Dispose() => meter.Dispose();

    private void MovesAgain(ViewPosition view, Movement movement)
    {
        if (movement.Reported)
        {
            log.LogInformation(
                "The view {View} moves again after {Seconds:N0} s, at {Position}",
                view.View,
                movement.Still.TotalSeconds,
                view.Position
            );
        }

        (movement.Position, movement.Still, movement.Reported) = (view.Position, TimeSpan.Zero, false);
    }

    private void StandsStill(
        ViewPosition view,
        Movement movement,
        long settled,
        Func<ViewPosition, long, string> reason
    )
    {
        if (!movement.Reported && movement.Still >= Patience)
        {
            movement.Reported = true;
            log.LogWarning(
                "The view {View} stands still at {Position} of {Newest}: {Reason}",
                view.View,
                view.Position,
                newest,
                reason(view, settled)
            );
        }
    }

    /// <summary>Remembers when which position was the newest, as far back as the view that is furthest behind.</summary>
    private void Remember(ViewSurvey survey, long now)
    {
        var least = survey.Views.Count == 0 ? survey.Newest : survey.Views.Min(view => view.Position);
        while (sights.TryPeek(out var oldest) && oldest.Newest <= least)
        {
            sights.Dequeue();
        }

        if (survey.Newest > least && sights.Count < Sights)
        {
            sights.Enqueue((survey.Newest, now));
        }
    }

    private ViewState StateOf(string view, Movement movement)
    {
        var missing = sights.FirstOrDefault(sight => sight.Newest > movement.Position);
        return new ViewState(
            NameOf(view),
            movement.Position,
            Math.Max(0, newest - movement.Position),
            missing.At == 0 ? TimeSpan.Zero : clock.GetElapsedTime(missing.At),
            movement.Still,
            movement.PerSecond
        );
    }

    /// <summary>Views that are not divided are all one shard, named All.</summary>
    private static string NameOf(string shard) =>
        shard.EndsWith(":All", StringComparison.Ordinal) ? shard[..^":All".Length] : shard;

    private IEnumerable<Measurement<T>> Measure<T>(Func<ViewState, T> value)
        where T : struct =>
        States()
            .Select(state => new Measurement<T>(value(state), new KeyValuePair<string, object?>("view", state.View)));

    private sealed class Movement
    {
        /// <summary>Over how long its speed is measured.</summary>
        private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

        private readonly Queue<(long Position, long At)> recent = new();

        /// <summary>How many events a second it took in of late.</summary>
        public double PerSecond { get; private set; }

        public void Moves(long position, long now, TimeProvider clock)
        {
            while (recent.TryPeek(out var oldest) && clock.GetElapsedTime(oldest.At, now) > Window)
            {
                recent.Dequeue();
            }

            if (recent.TryPeek(out var since) && since.At != now)
            {
                PerSecond = Math.Max(0, position - since.Position) / clock.GetElapsedTime(since.At, now).TotalSeconds;
            }

            recent.Enqueue((position, now));
        }

        public long Position { get; set; }

        public TimeSpan Still { get; set; }

        /// <summary>Whether the log says that it stands still.</summary>
        public bool Reported { get; set; }
    }
}
