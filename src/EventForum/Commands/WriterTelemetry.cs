using System.Diagnostics;
using System.Diagnostics.Metrics;
using EventForum.Platform;
using Marten;

namespace EventForum.Commands;

/// <summary>
/// What the writers measure and trace: how many commands they commit together, how long a command waits for its batch,
/// how long a batch takes to be committed.
/// </summary>
public sealed class WriterTelemetry
{
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15],
    };

    private readonly TimeProvider clock;
    private readonly Meter meter;
    private readonly Histogram<int> sizes;
    private readonly Histogram<double> waits;
    private readonly Histogram<double> commits;

    public WriterTelemetry(IMeterFactory meters, TimeProvider clock)
    {
        this.clock = clock;
        meter = meters.Create(Telemetry.Name);
        sizes = meter.CreateHistogram(
            "eventforum.batch.commands",
            "{command}",
            "How many commands a writer carries out together.",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64] }
        );
        waits = meter.CreateHistogram(
            "eventforum.command.wait.duration",
            "s",
            "How long a command waits for the batch before its own.",
            advice: Seconds
        );
        commits = meter.CreateHistogram(
            "eventforum.commit.duration",
            "s",
            "How long it takes to store what a batch decided.",
            advice: Seconds
        );
    }

    /// <summary>The span of one command, from its arrival at its writer to its answer.</summary>
    public static Activity? Begin(ICommand command) =>
        Telemetry.Source.StartActivity($"command {command.GetType().Name}");

    /// <summary>The span of a batch, which its commands' spans are linked to. Under it are the database's.</summary>
    public Activity? Begin(IReadOnlyList<PendingCommand> commands)
    {
        sizes.Record(commands.Count);
        foreach (var command in commands)
        {
            waits.Record(clock.GetElapsedTime(command.Since).TotalSeconds);
        }

        var spans = commands.Select(command => command.Span).OfType<Activity>().ToList();
        var batch = Telemetry.StartFor("batch", spans.Where(span => span.Recorded).Select(span => span.Context));
        batch?.SetTag("eventforum.batch.commands", commands.Count);
        foreach (var command in commands.Where(_ => batch is not null))
        {
            command.Span?.SetTag("eventforum.command.wait", clock.GetElapsedTime(command.Since).TotalSeconds);
            command.Span?.AddLink(new ActivityLink(batch!.Context));
        }

        return batch;
    }

    /// <summary>Stores what the batch decided, and measures how long that takes, also when it fails.</summary>
    public async Task CommitAsync(IDocumentSession session)
    {
        var started = clock.GetTimestamp();
        try
        {
            await session.SaveChangesAsync();
        }
        finally
        {
            commits.Record(clock.GetElapsedTime(started).TotalSeconds);
        }
    }

    /// <param name="pending">How many commands wait for their answer.</param>
    /// <param name="running">How long the oldest batch has been under way.</param>
    public void Observe(Func<int> pending, Func<TimeSpan> running)
    {
        meter.CreateObservableUpDownCounter(
            "eventforum.command.pending",
            pending,
            "{command}",
            "How many commands on threads wait for their answer."
        );
        meter.CreateObservableGauge(
            "eventforum.batch.running",
            () => running().TotalSeconds,
            "s",
            "How long the oldest batch has been under way."
        );
    }
}
