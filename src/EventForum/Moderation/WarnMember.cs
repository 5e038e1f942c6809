using EventForum.Access;
using EventForum.Members;

namespace EventForum.Moderation;

/// <summary>Tells a member what not to do again; the reason is what the member reads.</summary>
internal sealed record WarnMember(Guid MemberId, int Points, DateTimeOffset? ExpiresAt) : IModerationAct
{
    public const int MaxPoints = 100;

    public IReadOnlyList<Guid> Members => [MemberId];

    public static IModerationAct? From(CarryOutBatchRequest request) =>
        request is { MemberId: { } member, Points: >= 0 and <= MaxPoints and var points }
            ? new WarnMember(member, points, request.ExpiresAt?.ToUniversalTime())
            : null;

    public ActStep On(Member member, ActTerms terms, string reason) =>
        Suspension(member, terms) is { } suspension
            ? ActStep.To(new MemberWarned(Points, ExpiresAt, reason), suspension)
            : ActStep.To(new MemberWarned(Points, ExpiresAt, reason));

    /// <summary>What comes by itself with the warning that brings the points to a threshold: the highest of them.</summary>
    private MemberSuspended? Suspension(Member member, ActTerms terms)
    {
        var standing = member.Standing ?? Standing.Good;
        var before = standing.Warnings.Where(warning => warning.CountsAt(terms.Now)).Sum(warning => warning.Points);
        var reached = terms
            .Thresholds.Where(threshold => threshold.Points > before && threshold.Points <= before + Points)
            .MaxBy(threshold => threshold.Points);
        if (reached is null)
        {
            return null;
        }

        var until = terms.Now + reached.For;
        return standing.Suspension is { } now && now.HoldsAt(terms.Now) && (now.Until is null || now.Until >= until)
            ? null
            : new MemberSuspended(until, $"Warnings came to {before + Points} points.", Automatic: true);
    }
}
