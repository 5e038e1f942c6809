using EventForum.Platform;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace EventForum.Commands;

/// <summary>
/// Says whether the writers carry out commands. A server that stops takes none and is not ready; where they are slow or
/// too many, other servers on the same database would do no better.
/// </summary>
internal sealed class WriterHealth(
    CommandWriters writers,
    IHostApplicationLifetime lifetime,
    IOptions<CommandWriterOptions> options
) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        var (run, pending, batch) = writers.State();
        var stops = !run || lifetime.ApplicationStopping.IsCancellationRequested;
        return Task.FromResult(Of(stops, pending, batch, options.Value.MaxWaiting));
    }

    internal static HealthCheckResult Of(bool stops, int pending, TimeSpan batch, int most)
    {
        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["pending"] = pending,
            ["batchSeconds"] = Math.Round(batch.TotalSeconds, 1),
        };
        return stops ? HealthCheckResult.Unhealthy("This server is stopping.", data: data)
            : batch >= ViewWatch.Patience
                ? HealthCheckResult.Degraded("A batch of commands does not come to its end.", data: data)
            : pending >= most ? HealthCheckResult.Degraded("More commands wait than are taken.", data: data)
            : HealthCheckResult.Healthy(data: data);
    }
}
