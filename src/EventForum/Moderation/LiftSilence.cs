using EventForum.Members;

namespace EventForum.Moderation;

/// <summary>Has what a member writes be there at once again. What waits goes on waiting.</summary>
internal sealed record LiftSilence(Guid MemberId) : IModerationAct
{
    public IReadOnlyList<Guid> Members => [MemberId];

    public static IModerationAct? From(CarryOutBatchRequest request) =>
        request.MemberId is { } member ? new LiftSilence(member) : null;

    public ActStep On(Member member, ActTerms terms, string reason) =>
        member.Standing?.Silence is null
            ? ActStep.LeaveAlone("The member is not silenced.")
            : ActStep.To(new SilenceLifted(reason));
}
