using EventForum.Commands;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine;
using Wolverine.Http;

namespace EventForum.Cases;

/// <param name="Text">1-1,000 characters: why the decision should be another one. Moderators read it.</param>
public sealed record AppealDecisionRequest(string? Text);

/// <summary>Asks for another decision, as the author of the post: once, also while suspended.</summary>
public sealed record AppealDecision(Guid CaseId, string? Text) : ICommand
{
    IReadOnlyList<StreamKey> ICommand.Streams => [Case.Stream(CaseId)];

    bool ICommand.IsForSuspended => true;

    public Decision Decide(DecisionContext context) =>
        (
            context.Find<Case>(Case.Stream(CaseId)) is { } decided && decided.AuthorId == context.ActorId
                ? decided.RefusalToAppeal() ?? CaseTexts.RefusalOf(Text, "text", 1)
                : CaseRefusals.NoSuchDecision
        )
            is { } refusal
            ? refusal
            : Decision.To(new Receipt(), new DecisionAppealed(CaseTexts.Trimmed(Text)!));
}

/// <param name="Position">The position in the whole forum's history.</param>
public sealed record AppealReceipt(Guid CaseId, long Position);

public static class AppealDecisionEndpoint
{
    /// <summary>
    /// Appeals against a decision about a post, as its author: once. Another moderator decides. Who is suspended may do
    /// it, too.
    /// </summary>
    [WolverinePost("/api/cases/{caseId}/appeal"), Authorize, ProducesResponseType(typeof(AppealReceipt), 201)]
    [ProducesResponseType(404, Description = "There is no such decision about a post of the sender.")]
    public static Task<IResult> Post(Guid caseId, AppealDecisionRequest request, HttpContext http, IMessageBus bus) =>
        bus.RunAsync(
            http,
            new AppealDecision(caseId, request.Text),
            201,
            result => new AppealReceipt(caseId, result.Receipt!.Position)
        );
}
