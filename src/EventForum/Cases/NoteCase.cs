using System.Text.Json;
using EventForum.Commands;
using Marten;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine;
using Wolverine.Http;

namespace EventForum.Cases;

/// <param name="Text">1-1,000 characters. Moderators read it, and nobody else.</param>
public sealed record NoteCaseRequest(string? Text);

/// <summary>Writes something down about a case, as a moderator.</summary>
public sealed record NoteCase(CasePlace Place, string? Text) : ICaseCommand
{
    string ICommand.Request =>
        nameof(NoteCase) + JsonSerializer.Serialize(new { Place.CaseId, Text }, JsonSerializerOptions.Web);

    public Decision Decide(DecisionContext context) =>
        (context.Case(Place).Refusal ?? CaseTexts.RefusalOf(Text, "text", 1)) is { } refusal
            ? refusal
            : Decision.To(new Receipt(), new CaseNoted(CaseTexts.Trimmed(Text)!));
}

public static class NoteCaseEndpoint
{
    /// <summary>Writes a note on a case, as a moderator: nobody but moderators reads it.</summary>
    [WolverinePost("/api/moderation/cases/{caseId}/notes"), Authorize, ProducesResponseType(typeof(Receipt), 201)]
    [ProducesResponseType(404, Description = "There is no such case in a board that the sender moderates.")]
    public static Task<IResult> Post(
        Guid caseId,
        NoteCaseRequest request,
        HttpContext http,
        IMessageBus bus,
        IQuerySession session
    ) =>
        bus.RunAsync(
            http,
            () => CasePlaces.PlanAsync(http, session, caseId, place => new NoteCase(place, request.Text)),
            201
        );
}
