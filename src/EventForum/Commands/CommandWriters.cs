using System.Threading.Channels;
using EventForum.Platform;
using Microsoft.Extensions.Options;

namespace EventForum.Commands;

/// <summary>
/// The write path: each stream belongs to one writer, which carries out the commands that are waiting together and
/// commits them once. A command never waits for company. One on several streams is carried out by itself, while the
/// writers of these are held: what it moves from one to the other must not meet what is done there.
/// </summary>
public sealed class CommandWriters : IHostedService
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

    /// <summary>How often a command is prepared whose preparation is found outdated.</summary>
    private const int Attempts = 3;

    private readonly CommandPreparation[] preparations;
    private readonly Channel<Work>[] channels;
    private readonly CommandBatch batch;
    private readonly OutageLog outages;
    private readonly TimeProvider clock;
    private readonly WriterTelemetry telemetry;
    private readonly long[] batchSince;
    private readonly TimeSpan longest;
    private readonly CommandWriterOptions options;
    private Task[] running = [];
    private int waiting;

    public CommandWriters(
        IEnumerable<CommandPreparation> preparations,
        CommandBatch batch,
        OutageLog outages,
        TimeProvider clock,
        WriterTelemetry telemetry,
        IOptions<CommandWriterOptions> options,
        IOptions<DatabaseOptions> database
    )
    {
        this.preparations = [.. preparations];
        (this.batch, this.outages, this.clock, this.telemetry) = (batch, outages, clock, telemetry);
        longest = database.Value.WriteTimeout;
        this.options = options.Value;
        channels =
        [
            .. Enumerable
                .Range(0, this.options.Writers)
                .Select(_ => Channel.CreateUnbounded<Work>(new() { SingleReader = true })),
        ];
        batchSince = new long[channels.Length];
        telemetry.Observe(() => waiting, () => State().Batch);
    }

    /// <summary>Carries the command out; the result comes when its events are stored, or when it is refused.</summary>
    public async Task<CommandResult> RunAsync(RunCommand message)
    {
        if (Interlocked.Increment(ref waiting) > options.MaxWaiting)
        {
            Interlocked.Decrement(ref waiting);
            return Busy;
        }

        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var result = await PrepareAndRunAsync(message);
                if (
                    result.Refusal is null
                    || !preparations.Any(one => one.Stale == result.Refusal)
                    || attempt == Attempts
                )
                {
                    return result;
                }
            }
        }
        catch (Exception e) when (Outage.Is(e))
        {
            outages.Report(e);
            return Outage.Refusal;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
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

    private async Task<CommandResult> PrepareAndRunAsync(RunCommand message)
    {
        using var span = WriterTelemetry.Begin(message.Command);
        object? prepared = null;
        using (var timeout = new CancellationTokenSource(longest, clock))
        {
            foreach (var preparation in preparations)
            {
                (var result, var refusal) = await preparation.PrepareAsync(message, timeout.Token);
                if (refusal is not null)
                {
                    return refusal;
                }

                prepared ??= result;
            }
        }

        var command = new PendingCommand(message, prepared, clock.GetTimestamp(), span);
        Enqueue(command);
        return await command.Result.WaitAsync(longest, clock);
    }

    private void Enqueue(PendingCommand command)
    {
        var first = WriterOf(command.Streams[0]);
        if (command.Streams.Count > 1)
        {
            _ = Task.Run(() => RunHoldingAsync(command));
        }
        else if (!channels[first].Writer.TryWrite(new Work(command, null)))
        {
            command.Answer(Stopping);
        }
    }

    private int WriterOf(StreamKey stream) => (int)((uint)stream.Id.GetHashCode() % (uint)channels.Length);

    /// <summary>
    /// Carries out a command on several streams. Their writers are held one after the other, all such commands taking
    /// them in the same order: none waits for a writer whose holder waits for one of its own.
    /// </summary>
    private async Task RunHoldingAsync(PendingCommand command)
    {
        var holds = new List<WriterHold>();
        try
        {
            foreach (var writer in command.Streams.Select(WriterOf).Distinct().Order())
            {
                var hold = new WriterHold();
                if (!channels[writer].Writer.TryWrite(new Work(null, hold)))
                {
                    command.Answer(Stopping);
                    return;
                }

                holds.Add(hold);
                await hold.Begun.WaitAsync(longest, clock);
            }

            using var span = telemetry.Begin([command]);
            await batch.RunAsync([command]);
        }
        catch (TimeoutException)
        {
            // A writer is stuck in its batch; the others are not to wait for it any longer.
            command.Answer(Outage.Refusal);
        }
        catch (Exception e)
        {
            command.Fail(e);
        }
        finally
        {
            holds.ForEach(hold => hold.End());
        }
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
        var taken = new List<PendingCommand>(options.BatchSize);
        while (await reader.WaitToReadAsync())
        {
            WriterHold? hold = null;
            while (hold is null && taken.Count < options.BatchSize && reader.TryRead(out var work))
            {
                hold = work.Hold;
                if (work.Command is not null)
                {
                    taken.Add(work.Command);
                }
            }

            try
            {
                if (taken.Count > 0)
                {
                    Volatile.Write(ref batchSince[writer], clock.GetTimestamp());
                    using var span = telemetry.Begin(taken);
                    await batch.RunAsync(taken);
                }
            }
            catch (Exception e)
            {
                // A writer outlives whatever a batch throws: its streams have no other.
                taken.ForEach(command => command.Fail(e));
            }

            Volatile.Write(ref batchSince[writer], 0);
            taken.Clear();
            if (hold is not null)
            {
                await hold.KeepAsync();
            }
        }
    }

    /// <summary>What a writer takes from its queue: a command, or the wish that it rest.</summary>
    private readonly record struct Work(PendingCommand? Command, WriterHold? Hold);
}
