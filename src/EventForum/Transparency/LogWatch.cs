using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EventForum.Transparency;

/// <summary>
/// Knows how far the log is behind the settled events, whichever server adds to it, and for how long. Says so to metrics and to
/// <c>/health/ready</c>.
/// </summary>
/// <remarks>
/// Instruments of the meter <c>EventForum</c>: <c>eventforum.log.events_behind</c>; <c>eventforum.log.behind</c> and
/// <c>eventforum.log.still</c>, seconds.
/// </remarks>
public sealed class LogWatch : IHealthCheck, IDisposable
{
    /// <summary>How long nothing may come to the log, though there is something to come, before the server is degraded.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>As many looks are remembered; what is older counts as old as the oldest of them.</summary>
    private const int Sights = 10_000;

    private readonly TimeProvider clock;
    private readonly Meter meter;
    private readonly Lock gate = new();

    /// <summary>When which position was settled, of those that are not in the log.</summary>
    private readonly Queue<(long Settled, long At)> sights = new();
    private long settled;
    private long position = -1;
    private long movedAt;

    public LogWatch(TimeProvider clock, IMeterFactory meters)
    {
        this.clock = clock;
        meter = meters.Create(Platform.Telemetry.Name);
        meter.CreateObservableGauge(
            "eventforum.log.events_behind",
            () => State().EventsBehind,
            description: "How many positions are settled and not in the transparency log."
        );
        meter.CreateObservableGauge(
            "eventforum.log.behind",
            () => State().Behind.TotalSeconds,
            unit: "s",
            description: "How long ago the oldest event was settled that is not in the transparency log."
        );
        meter.CreateObservableGauge(
            "eventforum.log.still",
            () => State().Still.TotalSeconds,
            unit: "s",
            description: "How long nothing has come to the transparency log though there is something to come."
        );
    }

    /// <summary>Takes in another look.</summary>
    /// <param name="now">The position up to which events are settled.</param>
    /// <param name="logged">The position of the last event in the log.</param>
    public void See(long now, long logged)
    {
        lock (gate)
        {
            var at = clock.GetTimestamp();
            if (logged != position || sights.Count == 0)
            {
                (position, movedAt) = (logged, at);
            }

            while (sights.TryPeek(out var oldest) && oldest.Settled <= logged)
            {
                sights.Dequeue();
            }

            if (now > logged && (sights.Count == 0 || now > settled) && sights.Count < Sights)
            {
                sights.Enqueue((now, at));
            }

            settled = Math.Max(now, logged);
        }
    }

    /// <summary>How it was seen last.</summary>
    public LogState State()
    {
        lock (gate)
        {
            return sights.TryPeek(out var missing)
                ? new LogState(
                    position,
                    settled - position,
                    clock.GetElapsedTime(missing.At),
                    clock.GetElapsedTime(movedAt)
                )
                : new LogState(position, 0, TimeSpan.Zero, TimeSpan.Zero);
        }
    }

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        var state = State();
        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["position"] = state.Position,
            ["eventsBehind"] = state.EventsBehind,
            ["behindSeconds"] = Math.Round(state.Behind.TotalSeconds, 1),
            ["stillSeconds"] = Math.Round(state.Still.TotalSeconds, 1),
        };
        return Task.FromResult(
            state.Still < Patience
                ? HealthCheckResult.Healthy(data: data)
                : HealthCheckResult.Degraded("Nothing comes to the transparency log.", data: data)
        );
    }

    public void Dispose() => meter.Dispose();
}

/// <param name="Position">The position of the last event in the log.</param>
/// <param name="EventsBehind">How many positions it is behind what is settled.</param>
/// <param name="Behind">How long ago the oldest event was seen to be settled that is not in it.</param>
/// <param name="Still">How long nothing has come to it though there is something to come.</param>
public sealed record LogState(long Position, long EventsBehind, TimeSpan Behind, TimeSpan Still);
