using EventForum.Access;
using EventForum.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace EventForum.Moderation;

/// <summary>Decisions about somebody's posts, the newest first.</summary>
/// <param name="Next">The <c>before</c> of the next page; null on the last.</param>
public sealed record DecisionList(IReadOnlyList<StatementOfReasons> Decisions, long? Next);

public static class GetMyDecisionsEndpoint
{
    /// <summary>What moderators did because posts of who asks were reported.</summary>
    /// <param name="before">The <c>next</c> of the page before.</param>
    [WolverineGet("/api/me/decisions"), Authorize, ProducesResponseType(typeof(DecisionList), 200)]
    public static async Task<IResult> Get(long? before, Decisions decisions, HttpContext http) =>
        new Tagged<DecisionList>(await decisions.OfAsync(Reader.Of(http), before, http.RequestAborted));
}
