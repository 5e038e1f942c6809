using EventForum.Members;

namespace EventForum.Moderation;

/// <summary>Gives a member the right to write again.</summary>
internal sealed record LiftSuspension(Guid MemberId) : IModerationAct
{
    public IReadOnlyList<Guid> Members => [MemberId];

    public static IModerationAct? From(CarryOutBatchRequest request) =>
        request.MemberId is { } member ? new LiftSuspension(member) : null;

    public ActStep On(Member member, ActTerms terms, string reason) =>
        member.Standing?.Suspension is null
            ? ActStep.LeaveAlone("The member is not suspended.")
            : ActStep.To(new SuspensionLifted(reason));
}
