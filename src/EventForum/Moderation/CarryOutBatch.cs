using System.Text.Json;
using System.Text.Json.Serialization;
using EventForum.Boards;
using EventForum.Cases;
using EventForum.Commands;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine;
using Wolverine.Http;

namespace EventForum.Moderation;

/// <param name="Posts">Every post that it is about, with its thread.</param>
/// <param name="Threads">The threads that it is about, or whose posts it is about.</param>
/// <param name="Resolved">The case that it resolves; null for none.</param>
internal sealed record CarryOutBatch(
    Guid Id,
    CarryOutBatchRequest Asked,
    IModerationAct Act,
    IReadOnlyList<(Guid PostId, Guid ThreadId)> Posts,
    IReadOnlyList<Guid> Threads,
    ActTerms Terms,
    CasePlace? Resolved = null
) : INamesPosts, INamesBoards, IMovesPosts, IReadsWords, IRedactsWords
{
    private static readonly JsonSerializerOptions WhatIsSaid = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    Guid? ICommand.BatchId => Id;

    Guid? INamesBoards.BoardId => Act.ToBoard;

    IReadOnlyList<StreamKey> ICommand.Streams =>
        [
            ModerationBatch.Stream(Id),
            .. Threads.Select(ForumThread.Stream).Union(CaseStreams),
            .. Act.Move is { ToThread: null } ? [ForumThread.Stream(NewThreadId)] : (StreamKey[])[],
            .. Act.Members.Select(Member.Stream),
        ];

    string ICommand.Request => nameof(CarryOutBatch) + JsonSerializer.Serialize(Asked, WhatIsSaid);

    PostNames INamesPosts.Names { get; } =
        PostNames.Of([
            .. (Act.Move is null ? Posts.Select(post => post.PostId) : []).Union(
                Resolved is null ? [] : [Resolved.PostId]
            ),
        ]);

    IReadOnlyList<Guid> IMovesPosts.MovedThreads => Act.Move is null ? [] : Threads;

    IReadOnlyList<(Guid PostId, int? Revision)> IReadsWords.Words => Act.Words;

    RedactRevision? IRedactsWords.Redaction => Act.Redaction;

    /// <summary>The id of the thread that is made, if one is.</summary>
    private Guid NewThreadId { get; } = Guid.CreateVersion7();

    private IEnumerable<StreamKey> CaseStreams =>
        Resolved is null ? [] : [Case.Stream(Resolved.CaseId), ForumThread.Stream(Resolved.ThreadId)];

    public Decision Decide(DecisionContext context)
    {
        var weighed = Weigh(context);
        if (weighed.Refusal is { } refusal)
        {
            return refusal;
        }

        var decision = weighed.Decide(Id, Asked.Kind!, Asked.Reason!.Trim(), null, Resolved?.CaseId);
        return Resolved is null || context.Find<Case>(Case.Stream(Resolved.CaseId)) is not { } resolved
            ? decision
            : decision.And(
                Case.Stream(resolved.Id),
                new CaseResolved(Id, Asked.Rule ?? resolved.Reasons[0], CaseTexts.Trimmed(Asked.Explanation))
            );
    }

    /// <summary>What it comes to.</summary>
    public WeighedBatch Weigh(DecisionContext context)
    {
        var weighed = WeighAct(context);
        return
            weighed.Refusal is null
            && Resolved is not null
            && context.Find<Case>(Case.Stream(Resolved.CaseId)) is { } resolved
            && !weighed.Touches(resolved.PostId, Resolved.ThreadId, resolved.AuthorId)
            ? weighed with
            {
                Refusal = ModerationRefusals.NotAboutCase,
            }
            : weighed;
    }

    private WeighedBatch WeighAct(DecisionContext context)
    {
        // A preview may come before the reason.
        var reason = Asked.Reason?.Trim() ?? "";
        var weighed = new WeighedBatch();
        if (Asked.Until <= Terms.Now || Asked.ExpiresAt <= Terms.Now)
        {
            return weighed with
            {
                Refusal = ModerationRefusals.IsOver(Asked.Until <= Terms.Now ? "until" : "expiresAt"),
            };
        }

        if (Resolved is not null)
        {
            var (noCase, resolved) = context.Case(Resolved);
            if ((noCase ?? resolved!.RefusalToDecide(context.ActorId)) is { } no)
            {
                return weighed with { Refusal = no };
            }
        }

        if (Act.ToBoard is { } board && RefusalOf(board, context) is { } refusal)
        {
            return weighed with { Refusal = refusal };
        }

        if (Act.Move is { } move)
        {
            return PostMoves.Weigh(weighed, move, Posts, NewThreadId, Act.ToBoard, reason, context);
        }

        foreach (var id in Act.Threads.Distinct())
        {
            if (context.Thread(id) is not { } thread)
            {
                return weighed with { Refusal = ThreadRefusals.NoSuchThread };
            }

            if (!context.Moderates(thread))
            {
                return weighed with { Refusal = ThreadRefusals.ModeratorsOnly };
            }

            weighed.Add(thread, Act.On(thread, reason));
        }

        foreach (var id in Act.Members)
        {
            if (!context.Reader.ModeratesForum)
            {
                return weighed with { Refusal = ModerationRefusals.ModeratorsOnly };
            }

            if (context.Find<Member>(Member.Stream(id)) is not { } member)
            {
                return weighed with { Refusal = MemberName.NoSuchMember };
            }

            if (member.Roles?.Decide == true && !context.Reader.IsAdmin)
            {
                return weighed with { Refusal = ModerationRefusals.AdminsOnly };
            }

            weighed.Add(member, Act.On(member, Terms, reason));
        }

        if (Act.Words.Any(one => context.Named<ActWords>().Of(one.PostId) is null))
        {
            return weighed with { Refusal = ModerationRefusals.NoSuchRevision };
        }

        foreach (var (postId, threadId) in Posts)
        {
            if (context.Thread(threadId) is not { } thread || context.Posts().Find(postId) is not { } post)
            {
                return weighed with { Refusal = ThreadRefusals.NoSuchPost };
            }

            if (post.ThreadId != threadId)
            {
                return weighed with { Refusal = Decision.StreamsChanged };
            }

            if (Act.Redaction is not null)
            {
                return RedactRevision.Weigh(weighed, post, reason, context);
            }

            if (context.Moderates(thread))
            {
                weighed.Add(thread, post, Act.On(post, context, reason));
            }
            else if (Act.ByMember is not null)
            {
                weighed.Add(thread, post, ActStep.LeaveAlone("It is in a board that you do not moderate."));
            }
            else
            {
                return weighed with { Refusal = ThreadRefusals.ModeratorsOnly };
            }
        }

        return weighed.HasEvents ? weighed : weighed with { Refusal = ModerationRefusals.NothingToDo };
    }

    /// <summary>Why nothing can be moved to a board.</summary>
    private static Refusal? RefusalOf(Guid board, DecisionContext context) =>
        context.Named<NamedBoards>().Find(board) is null || !context.Reader.Sees(board) ? BoardRefusals.NoSuchBoard
        : !context.Reader.Moderates(board) ? BoardRefusals.ModeratorsOnly
        : context.Reader.CloseReason(board) is { } closed ? BoardRefusals.Closed(closed)
        : null;
}

public static class CarryOutBatchEndpoint
{
    /// <summary>
    /// Does something to several posts or threads, as a moderator. What is so already is left alone; ask the preview
    /// before. It can be undone, but for redact-revision.
    /// </summary>
    [WolverinePost("/api/moderation/batches"), Authorize, ProducesResponseType(typeof(BatchReceipt), 201)]
    [ProducesResponseType(403, Description = "Only a moderator of all the boards may do this.")]
    [ProducesResponseType(404, Description = "One of the posts or threads is not there.")]
    [ProducesResponseType(422, Description = "There is no such kind, or what it needs is missing.")]
    public static Task<IResult> Post(CarryOutBatchRequest request, HttpContext http, IMessageBus bus, BatchPlans plans)
    {
        var id = Guid.CreateVersion7();
        return bus.RunAsync(http, () => plans.PlanAsync(id, request, http), 201, BatchReceipt.Of);
    }
}
