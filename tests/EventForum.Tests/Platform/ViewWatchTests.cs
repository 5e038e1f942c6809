using System.Diagnostics.Metrics;
using EventForum.Platform;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EventForum.Tests.Platform;

public sealed class ViewWatchTests : IDisposable
{
    private readonly FakeTimeProvider clock = new();
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ViewWatch watch;

    public ViewWatchTests() =>
        watch = new ViewWatch(clock, services.GetRequiredService<IMeterFactory>(), NullLogger<ViewWatch>.Instance);

    [Fact]
    public async Task a_view_that_does_not_move_for_ten_seconds_is_told_by_name()
    {
        Look(seconds: 10, newest: 8, lists: 8, graph: 5);
        (await HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);

        Look(seconds: 1, newest: 8, lists: 8, graph: 5);
        var health = await HealthAsync();

        health.Status.ShouldBe(HealthStatus.Degraded);
        health.Description.ShouldBe("Does not move: Graph.");
    }

    [Fact]
    public async Task it_is_well_again_as_soon_as_it_moves()
    {
        Look(seconds: 20, newest: 8, lists: 8, graph: 5);

        Look(seconds: 1, newest: 8, lists: 8, graph: 6);

        (await HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task a_view_with_nothing_new_to_take_in_is_well()
    {
        Look(seconds: 60, newest: 8, lists: 8, graph: 8);

        (await HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public void the_time_in_which_nobody_looked_does_not_count()
    {
        Look(seconds: 2, newest: 8, lists: 8, graph: 5);
        clock.Advance(TimeSpan.FromMinutes(1));

        Look(seconds: 2, newest: 8, lists: 8, graph: 5);

        watch.StillOf("Graph:All").ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void how_far_a_view_is_behind_is_told_in_events_and_in_seconds_since_the_oldest_was_there()
    {
        Look(seconds: 1, newest: 4, lists: 4, graph: 4);
        Look(seconds: 1, newest: 6, lists: 6, graph: 4);
        Look(seconds: 3, newest: 9, lists: 9, graph: 4);
        Look(seconds: 2, newest: 9, lists: 9, graph: 6);

        var graph = watch.States().Single(state => state.View == "Graph");

        graph.EventsBehind.ShouldBe(3);
        graph.Behind.ShouldBe(TimeSpan.FromSeconds(5));
        watch.States().Single(state => state.View == "Lists").Behind.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void metrics_say_it_too()
    {
        Look(seconds: 3, newest: 9, lists: 9, graph: 4);
        var seen = new Dictionary<string, double>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == services.GetRequiredService<IMeterFactory>())
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Keep(i, value, tags));
        listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Keep(i, value, tags));
        listener.Start();

        listener.RecordObservableInstruments();
        watch.Restarted("Graph:All");

        seen["eventforum.view.events_behind Graph"].ShouldBe(5);
        seen["eventforum.view.still Graph"].ShouldBe(2);
        seen["eventforum.view.still Lists"].ShouldBe(0);
        seen["eventforum.view.behind Graph"].ShouldBe(3);
        seen["eventforum.view.restarts Graph"].ShouldBe(1);

        void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            seen[$"{instrument.Name} {tags[0].Value}"] = value;
    }

    public void Dispose()
    {
        watch.Dispose();
        services.Dispose();
    }

    /// <summary>Looks once a second, the first time at once.</summary>
    private void Look(int seconds, long newest, long lists, long graph)
    {
        for (var i = 0; i < seconds; i++)
        {
            watch.See(
                new ViewSurvey(
                    newest,
                    newest,
                    [new ViewPosition("Lists:All", true, lists), new ViewPosition("Graph:All", true, graph)],
                    0
                ),
                (_, _) => "it is a test"
            );
            clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private Task<HealthCheckResult> HealthAsync() => watch.CheckHealthAsync(new HealthCheckContext());
}
