using EventForum.Members;
using EventForum.Platform;
using JasperFx;
using Marten;
using Npgsql;

namespace EventForum.Threads;

/// <summary>
/// Carries out a batch of commands: loads what they need, runs their rules in order, saves once, answers each caller.
/// </summary>
public sealed class ThreadBatch(
    IDocumentStore store,
    MemberDirectory members,
    WatchedThreads watched,
    OutageLog outages,
    WriterTelemetry telemetry,
    ILogger<ThreadBatch> log
)
{
    private const int Attempts = 20;

    /// <summary>Another writer is met anew each time; a number that is still taken after these will stay so.</summary>
    private const int NumberAttempts = 3;

    private static readonly Refusal Behind = new(
        503,
        "thread-behind",
        "This thread takes no posts at the moment.",
        "What the forum knows of it is behind its history, so nothing was stored. Tell the operator, and send it again later."
    )
    {
        RetryAfter = 60,
    };

    public async Task RunAsync(IReadOnlyList<Waiting> commands)
    {
        for (var attempt = 1; ; attempt++)
        {
            var run = new ThreadBatchRun(commands, members, log);
            try
            {
                await using var session = store.LightweightSession();
                await run.DecideAsync(session);
                if (run.HasEvents)
                {
                    await telemetry.CommitAsync(session);
                }

                run.Answer(watched);
                return;
            }
            catch (Exception e)
            {
                // A save can fail after its commit: the connection breaks, or Marten tries the same batch once more.
                var stored = await IsStoredAsync(run);
                if (stored is true)
                {
                    run.Answer(watched);
                    return;
                }

                if (stored is null || Outage.Is(e))
                {
                    outages.Report(e);
                    Array.ForEach([.. commands], command => command.Reply(Outage.Refusal));
                    return;
                }

                if (IsNumberTaken(e) && attempt >= NumberAttempts)
                {
                    if (commands.Count == 1)
                    {
                        log.LogError(
                            "Thread {Thread} is behind its events: the number of its next post is taken. Stop all servers and run `projections rebuild`.",
                            commands[0].Message.Command.ThreadId
                        );
                        commands[0].Reply(Behind);
                        return;
                    }
                }
                else if (IsRace(e) && attempt < Attempts)
                {
                    log.LogDebug("A batch of {Count} met another writer; it runs again", commands.Count);
                    continue;
                }

                if (commands.Count == 1)
                {
                    log.LogError(e, "A command failed: {Command}", commands[0].Message.Command.GetType().Name);
                    commands[0].Fail(e);
                    return;
                }
            }

            // One of them fails the others: halving finds it in a few saves, and the rest stay together.
            var half = commands.Count / 2;
            await RunAsync([.. commands.Take(half)]);
            await RunAsync([.. commands.Skip(half)]);
            return;
        }
    }

    /// <summary>Someone else wrote first: the stream moved on, or a key or a name has just been taken.</summary>
    private static bool IsRace(Exception? e) =>
        e switch
        {
            null => false,
            ConcurrencyException or DocumentAlreadyExistsException => true,
            PostgresException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected } =>
                true,
            _ => IsRace(e.InnerException),
        };

    /// <summary>The database holds a post with the number that a rule gave: the thread's state is older than its events.</summary>
    private static bool IsNumberTaken(Exception? e) =>
        e is PostgresException { ConstraintName: PostNumbers.Index }
        || (e is not null && IsNumberTaken(e.InnerException));

    /// <summary>Whether the run was committed, and where its events went; null when the database cannot say.</summary>
    private async Task<bool?> IsStoredAsync(ThreadBatchRun run)
    {
        if (run.FirstEvent is not { } first)
        {
            return false;
        }

        try
        {
            await using var session = store.QuerySession();
            var stream = await session
                .Events.QueryAllRawEvents()
                .Where(e => e.StreamId == first.StreamId && e.Id == first.Id)
                .ToListAsync();
            if (stream.Count == 0)
            {
                return false;
            }

            await run.FindPositionsAsync(store);
            return true;
        }
        catch (Exception e) when (Outage.Is(e))
        {
            return null;
        }
    }
}
