using EventForum.Access;
using EventForum.Cases;
using EventForum.Members;
using EventForum.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace EventForum.Moderation;

/// <summary>
/// Why moderators did something because of a report: for the author of the post. It never says who reported the post.
/// </summary>
/// <param name="State">resolved, appealed, upheld or overturned.</param>
/// <param name="IsAutomatic">
/// Whether a suspension came by itself, with a warning that brought the points to a threshold. Everything else about a report a
/// moderator decides.
/// </param>
/// <param name="Kind">What was done: the batch's kind, such as remove-posts.</param>
/// <param name="BatchReason">What the moderator gave as the reason where it was done.</param>
/// <param name="IsUndone">Whether what was done has been undone.</param>
/// <param name="Post">Null where who reads this does not see the post's board any more.</param>
/// <param name="Revision">The post's revision when it was reported first.</param>
/// <param name="Reason">The rule that the moderator found to be broken.</param>
/// <param name="Facts">What the moderator found.</param>
/// <param name="HowToAppeal">A sentence; null where there is no appeal left.</param>
/// <param name="Appeal">Null where nobody appealed.</param>
public sealed record StatementOfReasons(
    Guid CaseId,
    CaseState State,
    long Position,
    DateTimeOffset DecidedAt,
    MemberCard DecidedBy,
    bool IsAutomatic,
    Guid BatchId,
    string Kind,
    string BatchReason,
    bool IsUndone,
    DecidedPost? Post,
    MemberCard Author,
    int Revision,
    ReportReason Reason,
    string Facts,
    string? HowToAppeal,
    AppealView? Appeal
);

/// <param name="Title">The title of the thread that the post is in now.</param>
public sealed record DecidedPost(Guid PostId, int Number, Guid ThreadId, string Title);

/// <param name="Text">What the author wrote.</param>
/// <param name="DecidedAt">Null until a moderator decides.</param>
public sealed record AppealView(
    DateTimeOffset At,
    string Text,
    DateTimeOffset? DecidedAt,
    MemberCard? DecidedBy,
    bool? IsOverturned,
    string? Explanation
);

public static class GetStatementEndpoint
{
    /// <summary>Why moderators did something about a reported post: for its author and for moderators of its board.</summary>
    [WolverineGet("/api/cases/{caseId}/statement"), Authorize, ProducesResponseType(typeof(StatementOfReasons), 200)]
    public static async Task<IResult> Get(Guid caseId, Decisions decisions, HttpContext http) =>
        await decisions.FindAsync(caseId, Reader.Of(http), http.RequestAborted) is { } statement
            ? new Tagged<StatementOfReasons>(statement)
            : new Problem(CaseRefusals.NoSuchDecision);
}
