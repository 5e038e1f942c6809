using EventForum.Access;
using EventForum.Platform;
using JasperFx;
using Marten;
using Marten.Exceptions;
using Npgsql;

namespace EventForum.Commands;

/// <summary>
/// Carries out a batch of commands: loads what they need, runs their rules in order, saves once, answers each caller.
/// </summary>
public sealed class CommandBatch(
    IDocumentStore store,
    Senders senders,
    CurrentAccessRules rules,
    IEnumerable<NamedStateSource> sources,
    IEnumerable<StateIsBehind> constraints,
    IEnumerable<StreamStored> listeners,
    OutageLog outages,
    WriterTelemetry telemetry,
    TimeProvider clock,
    ILogger<CommandBatch> log
)
{
    private const int Attempts = 100;

    /// <summary>Another writer is met anew each time; state that is still behind after these will stay so.</summary>
    private const int AttemptsBehind = 3;

    private readonly NamedStateSource[] sources = [.. sources];
    private readonly StateIsBehind[] constraints = [.. constraints];
    private readonly StreamStored[] listeners = [.. listeners];

    public async Task RunAsync(IReadOnlyList<PendingCommand> commands)
    {
        var fresh = false;
        for (var attempt = 1; ; attempt++)
        {
            var run = new CommandRun(commands, senders, sources, log);
            try
            {
                var known = await rules.GetAsync(CancellationToken.None, fresh);
                await using var session = store.LightweightSession();
                await run.LoadAsync(session);
                run.Decide(session);
                if (run.HasEvents)
                {
                    session.QueueOperation(new NobodyErasedSince(known.LastErasure));
                    await telemetry.CommitAsync(session);
                }

                run.Answer(listeners);
                return;
            }
            catch (Exception e)
            {
                // A save can fail after its commit: the connection breaks, or Marten tries the same batch once more.
                var stored = await IsStoredAsync(run);
                if (stored is true)
                {
                    run.Answer(listeners);
                    return;
                }

                if (stored is null || Outage.Is(e))
                {
                    outages.Report(e);
                    Array.ForEach([.. commands], command => command.Answer(Outage.Refusal));
                    return;
                }

                if (BehindOf(e) is { } behind && attempt >= AttemptsBehind)
                {
                    if (commands.Count == 1)
                    {
                        log.LogError(
                            "The state of {Stream} is behind its events: {Constraint} refuses the next. Stop all servers and run `projections rebuild`.",
                            commands[0].Streams[0].Id,
                            behind.Constraint
                        );
                        commands[0].Answer(behind.Refusal);
                        return;
                    }
                }
                else if (IsRace(e) && attempt < Attempts)
                {
                    log.LogDebug("A batch of {Count} met another writer; it runs again", commands.Count);
                    fresh = e is ErasedMeanwhileException;
                    // Two servers that meet again and again get out of step.
                    var pause = new Random(unchecked((int)clock.GetTimestamp())).Next(attempt);
                    await Task.Delay(TimeSpan.FromMilliseconds(pause), clock);
                    continue;
                }

                if (commands.Count == 1)
                {
                    log.LogError(e, "A command failed: {Command}", commands[0].Command.GetType().Name);
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
    internal static bool IsRace(Exception? e) =>
        e switch
        {
            null => false,
            ConcurrencyException
            or ErasedMeanwhileException
            or DocumentAlreadyExistsException
            or ExistingStreamIdCollisionException => true,
            PostgresException
            {
                SqlState: PostgresErrorCodes.UniqueViolation
                    or PostgresErrorCodes.DeadlockDetected
                    or PostgresErrorCodes.SerializationFailure
            } => true,
            _ => IsRace(e.InnerException),
        };

    private StateIsBehind? BehindOf(Exception? e) =>
        e switch
        {
            null => null,
            PostgresException { ConstraintName: { } name } => Array.Find(
                constraints,
                known => known.Constraint == name
            ),
            _ => BehindOf(e.InnerException),
        };

    /// <summary>Whether the run was committed, and where its events went; null when the database cannot say.</summary>
    private async Task<bool?> IsStoredAsync(CommandRun run)
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
