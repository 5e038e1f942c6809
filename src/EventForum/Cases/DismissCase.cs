using System.Text.Json;
using EventForum.Commands;
using Marten;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine;
using Wolverine.Http;

namespace EventForum.Cases;

/// <param name="Explanation">1-1,000 characters. Who reported the post reads it.</param>
public sealed record DismissCaseRequest(string? Explanation);

/// <summary>Closes a case without doing anything, as a moderator.</summary>
public sealed record DismissCase(CasePlace Place, string? Explanation) : ICaseCommand
{
    string ICommand.Request =>
        nameof(DismissCase) + JsonSerializer.Serialize(new { Place.CaseId, Explanation }, JsonSerializerOptions.Web);

    public Decision Decide(DecisionContext context)
    {
        var (refusal, known) = context.Case(Place);
        return
            (refusal ?? known!.RefusalToDecide(context.ActorId) ?? CaseTexts.RefusalOf(Explanation, "explanation", 1))
                is { } no
            ? no
            : Decision.To(new Receipt(), new CaseDismissed(CaseTexts.Trimmed(Explanation)!));
    }
}

public static class DismissCaseEndpoint
{
    /// <summary>
    /// Dismisses a case, as a moderator. Who reported the post is told why. To resolve it instead, send a batch with its
    /// <c>caseId</c>.
    /// </summary>
    [WolverinePost("/api/moderation/cases/{caseId}/dismiss"), Authorize, ProducesResponseType(typeof(Receipt), 200)]
    [ProducesResponseType(409, Description = "It is decided already, or another moderator has it.")]
    [ProducesResponseType(404, Description = "There is no such case in a board that the sender moderates.")]
    public static Task<IResult> Post(
        Guid caseId,
        DismissCaseRequest request,
        HttpContext http,
        IMessageBus bus,
        IQuerySession session
    ) =>
        bus.RunAsync(
            http,
            () => CasePlaces.PlanAsync(http, session, caseId, place => new DismissCase(place, request.Explanation)),
            StatusCodes.Status200OK
        );
}
