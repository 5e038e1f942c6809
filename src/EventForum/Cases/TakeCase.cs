using System.Text.Json;
using EventForum.Commands;
using Marten;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine;
using Wolverine.Http;

namespace EventForum.Cases;

/// <summary>Works on a case from now on, as a moderator.</summary>
public sealed record TakeCase(CasePlace Place) : ICaseCommand
{
    string ICommand.Request =>
        nameof(TakeCase) + JsonSerializer.Serialize(new { Place.CaseId }, JsonSerializerOptions.Web);

    public Decision Decide(DecisionContext context)
    {
        var (refusal, taken) = context.Case(Place);
        return (refusal ?? taken!.RefusalToTake(context.ActorId)) is { } no
            ? no
            : Decision.To(new Receipt(), new CaseTaken());
    }
}

public static class TakeCaseEndpoint
{
    /// <summary>Takes a case, as a moderator, also from another one who has it.</summary>
    [WolverinePost("/api/moderation/cases/{caseId}/take"), Authorize, ProducesResponseType(typeof(Receipt), 200)]
    [ProducesResponseType(403, Description = "The sender made the decision that is appealed against.")]
    [ProducesResponseType(409, Description = "It is decided already, or the sender has it already.")]
    [ProducesResponseType(404, Description = "There is no such case in a board that the sender moderates.")]
    public static Task<IResult> Post(Guid caseId, HttpContext http, IMessageBus bus, IQuerySession session) =>
        bus.RunAsync(
            http,
            () => CasePlaces.PlanAsync(http, session, caseId, place => new TakeCase(place)),
            StatusCodes.Status200OK
        );
}
