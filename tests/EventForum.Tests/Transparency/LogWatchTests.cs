using System.Diagnostics.Metrics;
using EventForum.Transparency;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace EventForum.Tests.Transparency;

public sealed class LogWatchTests : IDisposable
{
    private readonly FakeTimeProvider clock = new();
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly LogWatch watch;

    public LogWatchTests() => watch = new LogWatch(clock, services.GetRequiredService<IMeterFactory>());

    public void Dispose()
    {
        watch.Dispose();
        services.Dispose();
    }

    private async Task<HealthStatus> HealthAsync() =>
        (await watch.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken)).Status;

    private void Look(int seconds, long settled, long logged)
    {
        for (var i = 0; i < seconds; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            watch.See(settled, logged);
        }
    }

    [Fact]
    public async Task a_log_with_nothing_to_come_is_well()
    {
        Look(seconds: 60, settled: 8, logged: 8);

        (await HealthAsync()).ShouldBe(HealthStatus.Healthy);
        watch.State().ShouldBe(new LogState(8, 0, TimeSpan.Zero, TimeSpan.Zero));
    }

    [Fact]
    public async Task nothing_coming_to_it_for_ten_seconds_is_said()
    {
        Look(seconds: 30, settled: 8, logged: 8);
        Look(seconds: 10, settled: 9, logged: 8);
        (await HealthAsync()).ShouldBe(HealthStatus.Healthy);

        Look(seconds: 1, settled: 12, logged: 8);

        (await HealthAsync()).ShouldBe(HealthStatus.Degraded);
        watch.State().ShouldBe(new LogState(8, 4, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task it_is_well_again_as_soon_as_something_comes_however_far_it_is_behind()
    {
        Look(seconds: 20, settled: 1000, logged: 8);
        (await HealthAsync()).ShouldBe(HealthStatus.Degraded);

        Look(seconds: 1, settled: 1000, logged: 9);

        (await HealthAsync()).ShouldBe(HealthStatus.Healthy);
        watch.State().ShouldBe(new LogState(9, 991, TimeSpan.FromSeconds(20), TimeSpan.Zero));
    }

    [Fact]
    public void how_old_the_oldest_event_is_that_it_lacks_goes_by_when_it_was_settled()
    {
        Look(seconds: 1, settled: 8, logged: 8);
        Look(seconds: 1, settled: 10, logged: 8);
        Look(seconds: 1, settled: 12, logged: 8);
        watch.State().Behind.ShouldBe(TimeSpan.FromSeconds(1));

        watch.See(12, 10);

        watch.State().Behind.ShouldBe(TimeSpan.Zero);
        clock.Advance(TimeSpan.FromSeconds(3));
        watch.State().Behind.ShouldBe(TimeSpan.FromSeconds(3));
    }
}
