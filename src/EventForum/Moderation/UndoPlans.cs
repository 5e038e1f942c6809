using EventForum.Access;
using EventForum.Commands;
using EventForum.Platform;
using EventForum.Threads;

namespace EventForum.Moderation;

/// <summary>Finds out what undoing a batch is about, and what stands in its way.</summary>
public sealed class UndoPlans(BatchQueries batches, CommandPreview preview)
{
    /// <summary>Where more stand in the way, the others are named once these are undone.</summary>
    private const int MaxBlockers = 100;

    /// <param name="id">That of the batch that undoes it.</param>
    public async Task<CommandPlan> PlanAsync(Guid id, Guid batchId, string? reason, HttpContext http)
    {
        var plan = await FindAsync(id, batchId, reason, http);
        return
            plan.Command is UndoBatch { MovedIds.Count: > 0 } undo && await BlockersOfAsync(undo, http) is { } blocked
            ? blocked
            : plan;
    }

    /// <summary>
    /// What stands in the way of an undo, with what stands in the way of undoing that; null for nothing. Whether it is so is
    /// decided when the command comes to its turn.
    /// </summary>
    private async Task<Refusal?> BlockersOfAsync(UndoBatch undo, HttpContext http)
    {
        var found = new HashSet<Guid>();
        var posts = new HashSet<Guid>();
        var left = new Queue<UndoBatch>([undo]);
        while (left.TryDequeue(out var next))
        {
            var decision = await preview.RunAsync(
                new RunCommand(next, Caller.From(http.User), Reader.Of(http)),
                next.Decide
            );
            if (
                decision.Refusal is not { } refusal
                || !ModerationRefusals.IsBlocked(refusal, out var blockers, out var inTheWay)
            )
            {
                continue;
            }

            posts.UnionWith(inTheWay);
            foreach (var blocker in blockers.Where(batch => found.Count < MaxBlockers && found.Add(batch)))
            {
                if ((await FindAsync(Guid.CreateVersion7(), blocker, next.Reason, http)).Command is UndoBatch other)
                {
                    left.Enqueue(other);
                }
            }
        }

        return found.Count + posts.Count == 0 ? null : ModerationRefusals.UndoBlocked(found, [.. posts]);
    }

    private async Task<CommandPlan> FindAsync(Guid id, Guid batchId, string? reason, HttpContext http)
    {
        var reader = Reader.Of(http);
        if (!reader.IsModerator)
        {
            return ModerationRefusals.ModeratorsOnly;
        }

        var changes = await batches.ChangesAsync(batchId, http.RequestAborted);
        Guid[] moved = [.. Posts(change => change.IsMove)];
        return !changes.Any(change => change.IsFor(reader)) ? ModerationRefusals.NoSuchBatch
            : changes.Any(change => change.EventType == Acts.RedactionEventType) ? ModerationRefusals.IsForGood
            : PlainLine.RefusalOf(reason, "reason", 1, PostRules.MaxReason) is { } flaw ? flaw
            : new CommandPlan(
                new UndoBatch(
                    id,
                    batchId,
                    reason,
                    [.. Posts(change => !change.IsMove)],
                    [
                        .. changes
                            .Where(change => change.EventType == "post_edited")
                            .Select(change => change.PostId)
                            .OfType<Guid>()
                            .Distinct(),
                    ],
                    moved,
                    [
                        .. changes
                            .SelectMany(change => new[] { change.ThreadId, change.PostThreadId })
                            .OfType<Guid>()
                            .Concat(await batches.ThreadsOfAsync(moved, http.RequestAborted))
                            .Distinct(),
                    ],
                    [.. changes.Where(change => change.ThreadId is null).Select(change => change.AboutId).Distinct()]
                )
            );

        IEnumerable<Guid> Posts(Func<BatchChange, bool> which) =>
            changes.Where(which).Select(change => change.PostId).OfType<Guid>().Distinct();
    }
}
