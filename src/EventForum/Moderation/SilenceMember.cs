using EventForum.Members;

namespace EventForum.Moderation;

/// <summary>Has a member's posts wait for a moderator, until a time or until it is lifted.</summary>
internal sealed record SilenceMember(Guid MemberId, DateTimeOffset? Until) : IModerationAct
{
    public IReadOnlyList<Guid> Members => [MemberId];

    public static IModerationAct? From(CarryOutBatchRequest request) =>
        request.MemberId is { } member ? new SilenceMember(member, request.Until?.ToUniversalTime()) : null;

    public ActStep On(Member member, ActTerms terms, string reason) =>
        member.Standing?.Silence?.HoldsAt(terms.Now) == true
            ? ActStep.LeaveAlone("The member is silenced already; lift that first.")
            : ActStep.To(new MemberSilenced(Until, reason));
}
