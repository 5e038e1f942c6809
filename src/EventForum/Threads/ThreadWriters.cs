using System.Diagnostics;
using System.Threading.Channels;
using EventForum.Platform;
using Microsoft.Extensions.Options;

namespace EventForum.Threads;

/// <summary>How commands on threads are carried out.</summary>
public sealed class ThreadWriterOptions
{
    /// <summary>Writers in this process; a thread always belongs to the same one.</summary>
    public int Writers { get; set; } = 2;

    /// <summary>The most commands that are committed together.</summary>
    public int BatchSize { get; set; } = 64;

    /// <summary>Commands waiting in this process beyond which new ones are answered 503.</summary>
    public int MaxWaiting { get; set; } = 10_000;
}

/// <summary>
/// The write path: each thread belongs to one writer, which carries out the commands that are waiting together and
/// commits them once. A command never waits for company.
/// </summary>
public sealed class ThreadWriters : IHostedService
{
    private static readonly Refusal Busy = new(
        503,
        "too-busy",
        "The forum has more commands waiting than it takes.",
        "Send the command again after the time in Retry-After, with the same Idempotency-Key."
    )
    {
        RetryAfter = 1,
    };

    private static readonly Refusal Stopping = new(
        503,
        "stopping",
        "This server is stopping.",
        "Send the command again in a moment, with the same Idempotency-Key."
    )
    {
        RetryAfter = 2,
    };

    private readonly Channel<Waiting>[] channels;
    private readonly ThreadBatch batch;
    private readonly OutageLog outages;
    private readonly TimeProvider clock;
    private readonly WriterTelemetry telemetry;
    private readonly long[] batchSince;
    private readonly TimeSpan longest;
    private readonly ThreadWriterOptions options;
    private Task[] running = [];
    private int waiting;

    public ThreadWriters(
        ThreadBatch batch,
        OutageLog outages,
        TimeProvider clock,
        WriterTelemetry telemetry,
        IOptions<ThreadWriterOptions> options,
        IOptions<DatabaseOptions> database
    )
    {
        (this.batch, this.outages, this.clock, this.telemetry) = (batch, outages, clock, telemetry);
        longest = database.Value.WriteTimeout;
        this.options = options.Value;
        channels =
        [
            .. Enumerable
                .Range(0, this.options.Writers)
                .Select(_ => Channel.CreateUnbounded<Waiting>(new() { SingleReader = true })),
        ];
        batchSince = new long[channels.Length];
        telemetry.Observe(() => waiting, () => State().Batch);
    }

    /// <summary>Carries the command out; the answer comes when its events are stored, or when it is refused.</summary>
    public async Task<Outcome> RunAsync(RunThreadCommand command)
    {
        if (command.Command.ThreadId == Guid.Empty)
        {
            // The store takes it for no id at all, and would fail the whole batch.
            return ThreadRefusals.NoSuchThread;
        }

        if (Interlocked.Increment(ref waiting) > options.MaxWaiting)
        {
            Interlocked.Decrement(ref waiting);
            return Busy;
        }

        try
        {
            using var span = WriterTelemetry.Begin(command.Command);
            var item = new Waiting(command, clock.GetTimestamp(), span);
            var writer = channels[(uint)command.Command.ThreadId.GetHashCode() % channels.Length].Writer;
            return writer.TryWrite(item) ? await item.Answer.WaitAsync(longest, clock) : Stopping;
        }
        catch (TimeoutException)
        {
            if (await outages.AskAsync(CancellationToken.None) is { } failure)
            {
                outages.Report(failure);
            }

            return Outage.Refusal;
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        running = [.. channels.Select((_, writer) => Task.Run(() => WriteAsync(writer), CancellationToken.None))];
        return Task.CompletedTask;
    }

    /// <summary>Takes no more commands and carries out those that wait.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var channel in channels)
        {
            channel.Writer.TryComplete();
        }

        return Task.WhenAll(running).WaitAsync(cancellationToken);
    }

    /// <summary>Whether all writers run, how many commands wait, and for how long the oldest batch has been under way.</summary>
    public (bool Run, int Pending, TimeSpan Batch) State()
    {
        var since = batchSince
            .Select((_, writer) => Volatile.Read(ref batchSince[writer]))
            .Where(at => at != 0)
            .ToList();
        return (
            running.Length > 0 && !running.Any(writer => writer.IsCompleted),
            waiting,
            since.Count == 0 ? TimeSpan.Zero : clock.GetElapsedTime(since.Min())
        );
    }

    private async Task WriteAsync(int writer)
    {
        var reader = channels[writer].Reader;
        var taken = new List<Waiting>(options.BatchSize);
        while (await reader.WaitToReadAsync())
        {
            while (taken.Count < options.BatchSize && reader.TryRead(out var item))
            {
                taken.Add(item);
            }

            Volatile.Write(ref batchSince[writer], clock.GetTimestamp());
            using var span = telemetry.Begin(taken);
            try
            {
                await batch.RunAsync(taken);
            }
            catch (Exception e)
            {
                // A writer outlives whatever a batch throws: its threads have no other.
                taken.ForEach(item => item.Fail(e));
            }

            Volatile.Write(ref batchSince[writer], 0);
            taken.Clear();
        }
    }
}

/// <summary>A command and the caller that waits for its answer.</summary>
/// <param name="since">Since when, as the clock's timestamp.</param>
/// <param name="span">Null where it is not traced.</param>
public sealed class Waiting(RunThreadCommand message, long since, Activity? span)
{
    private readonly TaskCompletionSource<Outcome> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RunThreadCommand Message { get; } = message;

    public long Since { get; } = since;

    public Activity? Span { get; } = span;

    public Task<Outcome> Answer => answer.Task;

    public void Reply(Outcome outcome) => answer.TrySetResult(outcome);

    public void Fail(Exception e) => answer.TrySetException(e);
}
