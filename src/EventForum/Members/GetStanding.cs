using EventForum.Access;
using EventForum.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace EventForum.Members;

/// <summary>How a member stands.</summary>
/// <param name="Suspension">Null for who may write.</param>
/// <param name="Silence">Null for whose posts are there at once; else they wait for a moderator.</param>
/// <param name="Points">The points of the warnings that have not expired.</param>
/// <param name="Warnings">The newest first.</param>
public sealed record StandingView(
    SuspensionView? Suspension,
    SuspensionView? Silence,
    int Points,
    IReadOnlyList<WarningView> Warnings
)
{
    internal static StandingView Of(Standing? standing, DateTimeOffset now)
    {
        var known = standing ?? Standing.Good;
        var warnings = known
            .Warnings.Select(w => new WarningView(w.At, w.Points, w.ExpiresAt, w.CountsAt(now), w.Message))
            .Reverse()
            .ToList();
        return new StandingView(
            Now(known.Suspension),
            Now(known.Silence),
            warnings.Where(warning => warning.Counts).Sum(warning => warning.Points),
            warnings
        );

        SuspensionView? Now(Sanction? sanction) =>
            sanction is not null && sanction.HoldsAt(now)
                ? new SuspensionView(sanction.At, sanction.Until, sanction.Reason, sanction.IsAutomatic == true)
                : null;
    }
}

/// <param name="Until">When it ends; null until a moderator lifts it.</param>
/// <param name="IsAutomatic">It came with the warning that brought the points to a threshold.</param>
public sealed record SuspensionView(DateTimeOffset At, DateTimeOffset? Until, string Reason, bool IsAutomatic);

/// <param name="Counts">Whether its points count still.</param>
public sealed record WarningView(DateTimeOffset At, int Points, DateTimeOffset? ExpiresAt, bool Counts, string Message);

/// <summary>Reads how members stand.</summary>
public sealed class Standings(ReadDatabase reads, TimeProvider clock)
{
    /// <summary>Null when there is no such member.</summary>
    public async Task<StandingView?> OfAsync(Guid memberId, CancellationToken cancellation)
    {
        await using var opened = await reads.OpenSessionAsync(cancellation);
        return await opened.Query.LoadAsync<Member>(memberId, cancellation) is { } member
            ? StandingView.Of(member.Standing, clock.GetUtcNow())
            : null;
    }

    /// <summary>Of who has not written yet, a good one.</summary>
    public async Task<StandingView> OfAsync(Reader reader, CancellationToken cancellation) =>
        (reader.MemberId is { } id ? await OfAsync(id, cancellation) : null)
        ?? StandingView.Of(null, clock.GetUtcNow());
}

public static class GetMyStandingEndpoint
{
    /// <summary>What moderators decided about who asks: warnings, and a suspension with its end and its reason.</summary>
    [WolverineGet("/api/me/standing"), Authorize, ProducesResponseType(typeof(StandingView), 200)]
    public static async Task<IResult> Get(Standings standings, HttpContext http) =>
        new Tagged<StandingView>(await standings.OfAsync(Reader.Of(http), http.RequestAborted));
}

public static class GetStandingEndpoint
{
    private static readonly Refusal ModeratorsOnly = new(
        403,
        "moderators-only",
        "Only moderators see how others stand.",
        "GET /api/me/standing tells about yourself."
    );

    /// <summary>What moderators decided about a member. For those who moderate the forum.</summary>
    [WolverineGet("/api/members/{memberId}/standing"), Authorize, ProducesResponseType(typeof(StandingView), 200)]
    [ProducesResponseType(403, Description = "Only moderators see how others stand.")]
    public static async Task<IResult> Get(Guid memberId, Standings standings, HttpContext http) =>
        !Reader.Of(http).ModeratesForum ? new Problem(ModeratorsOnly)
        : await standings.OfAsync(memberId, http.RequestAborted) is { } standing ? new Tagged<StandingView>(standing)
        : new Problem(MemberName.NoSuchMember);
}
