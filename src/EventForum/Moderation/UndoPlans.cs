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
        return plan with { Explain = refusal => ExplainAsync(refusal, reason, http) };
    }

    /// <summary>A refusal that names what stands in the way of an undo also names what stands in the way of undoing that.</summary>
    private async Task<Refusal> ExplainAsync(Refusal refusal, string? reason, HttpContext http)
    {
        if (!ModerationRefusals.IsBlocked(refusal, out var blockers, out var inTheWay))
        {
            return refusal;
        }

        var (found, posts) = (new HashSet<Guid>(blockers), new HashSet<Guid>(inTheWay));
        var left = new Queue<Guid>(blockers);
        while (found.Count < MaxBlockers && left.TryDequeue(out var blocker))
        {
            if (
                (await FindAsync(Guid.CreateVersion7(), blocker, reason, http)).Command is not UndoBatch undo
                || (await DecideAsync(undo, http)).Refusal is not { } next
                || !ModerationRefusals.IsBlocked(next, out blockers, out inTheWay)
            )
            {
                continue;
            }

            posts.UnionWith(inTheWay);
            foreach (var batch in blockers.Where(found.Add))
            {
                left.Enqueue(batch);
            }
        }

        return ModerationRefusals.UndoBlocked(found, [.. posts]);
    }

    private Task<Decision> DecideAsync(UndoBatch undo, HttpContext http) =>
        preview.RunAsync(new RunCommand(undo, Caller.From(http.User), Reader.Of(http)), undo.Decide);

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
