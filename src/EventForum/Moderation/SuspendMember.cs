using EventForum.Members;

namespace EventForum.Moderation;

/// <summary>Takes the right to write from a member, until a time or until it is lifted.</summary>
internal sealed record SuspendMember(Guid MemberId, DateTimeOffset? Until) : IModerationAct
{
    public IReadOnlyList<Guid> Members => [MemberId];

    public static IModerationAct? From(CarryOutBatchRequest request) =>
        request.MemberId is { } member ? new SuspendMember(member, request.Until?.ToUniversalTime()) : null;

    public ActStep On(Member member, ActTerms terms, string reason) => ActStep.To(new MemberSuspended(Until, reason));
}
