using EventForum.Platform;
using EventForum.Threads;
using JasperFx.Events;
using Marten.Events.Projections;

namespace EventForum.Members;

/// <summary>What a member has done so far. Updated by the daemon, a moment after the fact.</summary>
/// <param name="PostCount">Posts written, among them those that were removed later.</param>
public sealed record MemberProfile(Guid Id, int PostCount, DateTimeOffset? LastPostAt);

/// <summary>Counts a member's posts over all threads: the events of many streams, grouped by who did it.</summary>
public sealed partial class MemberProfileProjection : MultiStreamProjection<MemberProfile, Guid>
{
    public const string ProjectionName = "MemberProfile";

    public MemberProfileProjection()
    {
        Name = ProjectionName;
        Identity<IEvent<ThreadStarted>>(e => e.ActorId());
        Identity<IEvent<ReplyPosted>>(e => e.ActorId());
    }

    public override MemberProfile? Evolve(MemberProfile? snapshot, Guid id, IEvent e)
    {
        var profile = snapshot ?? new MemberProfile(id, 0, null);
        return profile with { PostCount = profile.PostCount + 1, LastPostAt = e.Timestamp };
    }
}
