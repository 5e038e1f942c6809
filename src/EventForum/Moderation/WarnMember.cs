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

    public ActStep On(Member member, string reason) => ActStep.To(new MemberWarned(Points, ExpiresAt, reason));
}
