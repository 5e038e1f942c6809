using EventForum.Commands;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EventForum.Tests.Commands;

public sealed class WriterHealthTests
{
    [Theory]
    [InlineData(false, 0, 0, HealthStatus.Healthy, null)]
    [InlineData(false, 99, 9.9, HealthStatus.Healthy, null)]
    [InlineData(false, 100, 0, HealthStatus.Degraded, "More commands wait than are taken.")]
    [InlineData(false, 0, 10, HealthStatus.Degraded, "A batch of commands does not come to its end.")]
    [InlineData(true, 0, 0, HealthStatus.Unhealthy, "This server is stopping.")]
    public void readiness_says_what_the_writers_lack(
        bool stops,
        int pending,
        double seconds,
        HealthStatus status,
        string? description
    )
    {
        var health = WriterHealth.Of(stops, pending, TimeSpan.FromSeconds(seconds), most: 100);

        health.Status.ShouldBe(status);
        health.Description.ShouldBe(description);
        health.Data["pending"].ShouldBe(pending);
        health.Data["batchSeconds"].ShouldBe(seconds);
    }
}
