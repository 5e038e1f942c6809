using System.Text.Json;
using EventForum.Access;
using EventForum.Commands;
using EventForum.Members;
using EventForum.Threads;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine;
using Wolverine.Http;

namespace EventForum.Moderation;

/// <summary>Undoes a batch: all that it changed is as if it had never been, and what others did since stays.</summary>
/// <param name="Reason">1-500 characters, one line. Everyone reads it.</param>
public sealed record UndoBatchRequest(string? Reason);

internal sealed record UndoBatch(
    Guid Id,
    Guid UndoneId,
    string? Reason,
    IReadOnlyList<Guid> PostIds,
    IReadOnlyList<Guid> EditedIds,
    IReadOnlyList<Guid> MovedIds,
    IReadOnlyList<Guid> ThreadIds,
    IReadOnlyList<Guid> MemberIds
) : IUndoesBatch
{
    Guid? ICommand.BatchId => Id;

    IReadOnlyList<StreamKey> ICommand.Streams =>
        [
            ModerationBatch.Stream(Id),
            .. ThreadIds.Select(ForumThread.Stream),
            .. MemberIds.Select(Member.Stream),
            ModerationBatch.Stream(UndoneId),
        ];

    string ICommand.Request =>
        nameof(UndoBatch) + JsonSerializer.Serialize(new { UndoneId, Reason }, JsonSerializerOptions.Web);

    PostNames INamesPosts.Names { get; } = PostNames.Of([.. PostIds]);

    public Decision Decide(DecisionContext context)
    {
        var history = context.Named<BatchHistory>();
        if (history.IsUndone(UndoneId))
        {
            return ModerationRefusals.IsUndone;
        }

        if (
            ThreadIds.Select(context.Thread).Any(thread => thread is null || !context.Moderates(thread))
            || (MemberIds.Count > 0 && !context.Reader.ModeratesForum)
        )
        {
            return ModerationRefusals.ModeratorsOnly;
        }

        var reason = Reason!.Trim();
        var undone = new WeighedBatch();
        foreach (var id in ThreadIds)
        {
            var thread = context.Thread(id)!;
            var without = history.HeaderWithout(UndoneId, id);
            if (!context.Reader.Moderates(without.BoardId))
            {
                return ModerationRefusals.ModeratorsOnly;
            }

            foreach (var e in Changes(thread.Header, without, reason))
            {
                undone.Add(thread, ActStep.To(e));
            }
        }

        if (MovedIds.Count > 0 && UndoneMoves.Weigh(undone, this, history, context, reason) is { } blocked)
        {
            return blocked;
        }

        foreach (var id in PostIds)
        {
            var post = context.Posts().Find(id)!;
            if (!ThreadIds.Contains(post.ThreadId))
            {
                return Decision.StreamsChanged;
            }

            if (
                EditedIds.Contains(id)
                && history.PostWithout(UndoneId, id) is { Row.Mask: not null } gone
                && gone.Revision != post.Revision
            )
            {
                return ModerationRefusals.WordsGone;
            }

            foreach (var e in Changes(post, history, reason))
            {
                undone.Add(context.Thread(post.ThreadId)!, post, ActStep.To(e));
            }
        }

        foreach (var id in MemberIds)
        {
            var member = context.Find<Member>(Member.Stream(id))!;
            if (member.Roles?.Decide == true && !context.Reader.IsAdmin)
            {
                return ModerationRefusals.AdminsOnly;
            }

            var without = history.StandingWithout(UndoneId, id);
            if (without != (member.Standing ?? Standing.Good))
            {
                undone.Add(
                    member,
                    ActStep.To(new StandingRestored(without.Suspension, without.Warnings, reason, without.Silence))
                );
            }
        }

        return undone
            .Decide(Id, Acts.Undo, reason, UndoneId)
            .And(ModerationBatch.Stream(UndoneId), new BatchUndone(Id));
    }

    private static IEnumerable<object> Changes(ThreadHeader now, ThreadHeader without, string reason)
    {
        if (now.Title != without.Title)
        {
            yield return new ThreadRenamed(without.Title, reason);
        }

        if (now.LockReason != without.LockReason)
        {
            yield return without.LockReason is { } locked ? new ThreadLocked(locked) : new ThreadUnlocked(reason);
        }

        if (now.IsPinned != without.IsPinned)
        {
            yield return without.IsPinned ? new ThreadPinned(reason) : new ThreadUnpinned(reason);
        }

        if (now.BoardId != without.BoardId)
        {
            yield return new ThreadMoved(without.BoardId, reason);
        }
    }

    private IEnumerable<object> Changes(PostState post, BatchHistory history, string reason)
    {
        var (without, revision) = history.PostWithout(UndoneId, post.Id);
        if (without.Holds != post.Holds)
        {
            yield return new PostHoldsRestored(
                post.Id,
                without.Holds.Moderators(post.AuthorId),
                without.Holds.Authors(post.AuthorId),
                reason
            );
        }

        if (EditedIds.Contains(post.Id))
        {
            var now = history.PostNow(post.Id);
            if (without.Body != now.Body || !without.Quotes.SequenceEqual(now.Quotes) || without.Format != now.Format)
            {
                yield return new PostEdited(
                    post.Id,
                    without.Body,
                    without.Quotes,
                    reason,
                    revision,
                    Format: without.Format
                );
            }
        }
    }
}

public static class UndoBatchEndpoint
{
    /// <summary>
    /// Undoes a batch, or what a moderator did by another command, by its id: its events' causation. What others did since
    /// stays. Undoing is a batch itself, and can be undone.
    /// </summary>
    [
        WolverinePost("/api/moderation/batches/{batchId}/undo"),
        Authorize,
        ProducesResponseType(typeof(BatchReceipt), 201)
    ]
    [ProducesResponseType(
        409,
        Description = "It is undone already, or something stands in the way: <c>blockers</c> names the batches to undo first, newest first."
    )]
    [ProducesResponseType(403, Description = "Only a moderator of all the boards may do this.")]
    public static Task<IResult> Post(
        Guid batchId,
        UndoBatchRequest request,
        HttpContext http,
        IMessageBus bus,
        UndoPlans plans
    )
    {
        var id = Guid.CreateVersion7();
        return bus.RunAsync(http, () => plans.PlanAsync(id, batchId, request.Reason, http), 201, BatchReceipt.Of);
    }
}
