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
    private readonly TimeSpan longest;
    private readonly ThreadWriterOptions options;
    private Task running = Task.CompletedTask;
    private int waiting;

    public ThreadWriters(
        ThreadBatch batch,
        OutageLog outages,
        TimeProvider clock,
        IOptions<ThreadWriterOptions> options,
        IOptions<DatabaseOptions> database
    )
    {
        (this.batch, this.outages, this.clock) = (batch, outages, clock);
        longest = database.Value.WriteTimeout;
        this.options = options.Value;
        channels =
        [
            .. Enumerable
                .Range(0, this.options.Writers)
                .Select(_ => Channel.CreateUnbounded<Waiting>(new() { SingleReader = true })),
        ];
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
            var item = new Waiting(command);
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
        running = Task.WhenAll(
            channels.Select(channel => Task.Run(() => WriteAsync(channel.Reader), CancellationToken.None))
        );
        return Task.CompletedTask;
    }

    /// <summary>Takes no more commands and carries out those that wait.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var channel in channels)
        {
            channel.Writer.TryComplete();
        }

        return running.WaitAsync(cancellationToken);
    }

    private async Task WriteAsync(ChannelReader<Waiting> reader)
    {
        var taken = new List<Waiting>(options.BatchSize);
        while (await reader.WaitToReadAsync())
        {
            while (taken.Count < options.BatchSize && reader.TryRead(out var item))
            {
                taken.Add(item);
            }

            try
            {
                await batch.RunAsync(taken);
            }
            catch (Exception e)
            {
                // A writer outlives whatever a batch throws: its threads have no other.
                taken.ForEach(item => item.Fail(e));
            }

            taken.Clear();
        }
    }
}

/// <summary>A command and the caller that waits for its answer.</summary>
public sealed class Waiting(RunThreadCommand message)
{
    private readonly TaskCompletionSource<Outcome> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RunThreadCommand Message { get; } = message;

    public Task<Outcome> Answer => answer.Task;

    public void Reply(Outcome outcome) => answer.TrySetResult(outcome);

    public void Fail(Exception e) => answer.TrySetException(e);
}
