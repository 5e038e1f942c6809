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

    /// <summary>How often a text is read again because a post that it quotes was removed meanwhile.</summary>
    private const int Readings = 3;

    private readonly PostTexts texts;
    private readonly ThreadBatch batch;
    private readonly OutageLog outages;
    private readonly TimeProvider clock;
    private readonly TimeSpan longest;
    private readonly ThreadWriterOptions options;
    private Task running = Task.CompletedTask;
    private int waiting;

    public ThreadWriters(
        PostTexts texts,
        ThreadBatch batch,
        OutageLog outages,
        TimeProvider clock,
        IOptions<ThreadWriterOptions> options,
        IOptions<DatabaseOptions> database
    )
    {
        (this.texts, this.batch, this.outages, this.clock) = (texts, batch, outages, clock);
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
            for (var reading = 1; ; reading++)
            {
                var outcome = await WriteAsync(command);
                if (outcome.Refusal != ThreadRefusals.SourceRemoved || reading == Readings)
                {
                    return outcome;
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

    /// <summary>What is dear is done here, by the caller's own task: what comes to the writer is only decided there.</summary>
    private async Task<Outcome> WriteAsync(RunThreadCommand command)
    {
        using var timeout = new CancellationTokenSource(longest, clock);
        if (await texts.ReadAsync(command.Command, timeout.Token) is not { } text)
        {
            return DearReads.Busy;
        }

        var item = new Waiting(command, text);
        var writer = channels[(uint)command.Command.ThreadId.GetHashCode() % channels.Length].Writer;
        return writer.TryWrite(item) ? await item.Answer.WaitAsync(longest, clock) : Stopping;
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
public sealed class Waiting(RunThreadCommand message, PostText text)
{
    private readonly TaskCompletionSource<Outcome> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RunThreadCommand Message { get; } = message;

    /// <summary>The command's text, read before it came here.</summary>
    public PostText Text { get; } = text;

    /// <summary>The posts whose state the rule looks at.</summary>
    public IEnumerable<Guid> PostIds => Message.Command.Names.Ids.Concat(Text.Sources);

    public Task<Outcome> Answer => answer.Task;

    public void Reply(Outcome outcome) => answer.TrySetResult(outcome);

    public void Fail(Exception e) => answer.TrySetException(e);
}
