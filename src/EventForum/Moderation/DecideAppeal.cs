using System.Text.Json;
using EventForum.Cases;
using EventForum.Commands;
using EventForum.Threads;
using Marten;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine;
using Wolverine.Http;

namespace EventForum.Moderation;

/// <summary>Decides about an appeal.</summary>
/// <param name="Outcome">upheld: the decision stays; overturned: what it did is undone.</param>
/// <param name="Explanation">1-1,000 characters. The author reads it.</param>
public sealed record DecideAppealRequest(string? Outcome, string? Explanation);

/// <summary>Leaves a decision as it is that its author appealed against.</summary>
public sealed record UpholdDecision(CasePlace Place, string? Explanation) : ICaseCommand
{
    string ICommand.Request =>
        nameof(UpholdDecision) + JsonSerializer.Serialize(new { Place.CaseId, Explanation }, JsonSerializerOptions.Web);

    public Decision Decide(DecisionContext context)
    {
        var (refusal, known) = context.Case(Place);
        return
            (
                refusal
                ?? known!.RefusalToDecideAppeal(context.ActorId)
                ?? CaseTexts.RefusalOf(Explanation, "explanation", 1)
            )
                is { } no
            ? no
            : Decision.To(new Receipt(), new AppealDecided(false, CaseTexts.Trimmed(Explanation)!, null));
    }
}

/// <summary>Takes a decision back, and undoes its batch in the same transaction.</summary>
internal sealed record OverturnDecision(CasePlace Place, string? Explanation, UndoBatch Undo) : IUndoesBatch
{
    /// <summary>What everyone reads of it, beside what it brings back.</summary>
    public const string Reason = "Another decision on appeal.";

    Guid IUndoesBatch.UndoneId => Undo.UndoneId;

    IReadOnlyList<Guid> IUndoesBatch.PostIds => Undo.PostIds;

    IReadOnlyList<Guid> IUndoesBatch.EditedIds => Undo.EditedIds;

    IReadOnlyList<Guid> IUndoesBatch.MovedIds => Undo.MovedIds;

    IReadOnlyList<Guid> IUndoesBatch.ThreadIds => Undo.ThreadIds;

    IReadOnlyList<Guid> IUndoesBatch.MemberIds => Undo.MemberIds;

    Guid? ICommand.BatchId => Undo.Id;

    IReadOnlyList<StreamKey> ICommand.Streams =>
        [.. ((ICommand)Undo).Streams.Union([Case.Stream(Place.CaseId), ForumThread.Stream(Place.ThreadId)])];

    string ICommand.Request =>
        nameof(OverturnDecision)
        + JsonSerializer.Serialize(new { Place.CaseId, Explanation }, JsonSerializerOptions.Web);

    PostNames INamesPosts.Names { get; } = PostNames.Of([.. Undo.PostIds.Append(Place.PostId).Distinct()]);

    public Decision Decide(DecisionContext context)
    {
        var (refusal, known) = context.Case(Place);
        if (
            (
                refusal
                ?? known!.RefusalToDecideAppeal(context.ActorId)
                ?? CaseTexts.RefusalOf(Explanation, "explanation", 1)
            ) is
            { } no
        )
        {
            return no;
        }

        var undone = Undo.Decide(context);
        // Somebody may have undone the batch before: there is only the decision to make then.
        var isUndone = undone.Refusal == ModerationRefusals.IsUndone;
        return undone.Refusal is not null && !isUndone
            ? undone
            : (isUndone ? Decision.To(new Receipt()) : undone).And(
                Case.Stream(Place.CaseId),
                new AppealDecided(true, CaseTexts.Trimmed(Explanation)!, isUndone ? null : Undo.Id)
            );
    }
}

public static class DecideAppealEndpoint
{
    /// <summary>
    /// Decides about an appeal, as a moderator who did not make the decision. What is overturned is undone: all that its batch
    /// changed is as if it had never been.
    /// </summary>
    [WolverinePost("/api/moderation/cases/{caseId}/appeal/decision"), Authorize]
    [ProducesResponseType(typeof(CaseReceipt), 200)]
    [ProducesResponseType(403, Description = "The sender made the decision, or may not undo what it did.")]
    [ProducesResponseType(404, Description = "There is no such case in a board that the sender moderates.")]
    [ProducesResponseType(422, Description = "There is no such outcome, or no explanation.")]
    public static Task<IResult> Post(
        Guid caseId,
        DecideAppealRequest request,
        HttpContext http,
        IMessageBus bus,
        IQuerySession session,
        UndoPlans plans
    )
    {
        var undoId = Guid.CreateVersion7();
        return bus.RunAsync(
            http,
            () => PlanAsync(undoId, caseId, request, http, session, plans),
            StatusCodes.Status200OK,
            result => new CaseReceipt(caseId, result.Receipt!.Position)
        );
    }

    internal static async Task<CommandPlan> PlanAsync(
        Guid undoId,
        Guid caseId,
        DecideAppealRequest request,
        HttpContext http,
        IQuerySession session,
        UndoPlans plans
    )
    {
        CasePlace? place = null;
        var uphold = await CasePlaces.PlanAsync(
            http,
            session,
            caseId,
            found => new UpholdDecision(place = found, request.Explanation)
        );
        if (place is null || request.Outcome == "upheld")
        {
            return uphold;
        }

        if (request.Outcome != "overturned")
        {
            return CaseRefusals.OutcomeUnknown;
        }

        if (await session.LoadAsync<Case>(caseId, http.RequestAborted) is not { BatchId: { } batchId })
        {
            return CaseRefusals.NotAppealed;
        }

        var undo = await plans.PlanAsync(undoId, batchId, OverturnDecision.Reason, http);
        return undo.Command is UndoBatch command
            ? undo with
            {
                Command = new OverturnDecision(place, request.Explanation, command),
            }
            : undo;
    }
}

/// <param name="Position">The position in the whole forum's history.</param>
public sealed record CaseReceipt(Guid CaseId, long Position);
