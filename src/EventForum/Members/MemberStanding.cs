using EventForum.Platform;
using EventForum.Threads;
using JasperFx.Events;
using Marten.Events.Projections;

namespace EventForum.Members;

/// <summary>What a member's title depended on at any time. Updated by the daemon, a moment after the fact.</summary>
/// <param name="FirstPosts">When the earliest posts were written, in order; at most <see cref="Kept"/>.</param>
/// <param name="Grants">Granted titles in order.</param>
public sealed record MemberStanding(Guid Id, IReadOnlyList<DateTimeOffset> FirstPosts, IReadOnlyList<TitleGrant> Grants)
{
    /// <summary>Rungs of the ladder above this many posts are not told apart in the past.</summary>
    public const int Kept = 1_000;

    public MemberStanding WithPost(DateTimeOffset at)
    {
        if (FirstPosts.Count == Kept && FirstPosts[^1] <= at)
        {
            return this;
        }

        var posts = FirstPosts.ToList();
        var place = posts.BinarySearch(at);
        posts.Insert(place < 0 ? ~place : place, at);
        return this with { FirstPosts = posts.Count > Kept ? posts[..Kept] : posts };
    }
}

/// <param name="Title">Null where a granted title was taken back.</param>
public sealed record TitleGrant(DateTimeOffset At, string? Title);

/// <summary>Keeps <see cref="MemberStanding"/>: posts by who wrote them, grants by whose they are.</summary>
public sealed partial class MemberStandingProjection : MultiStreamProjection<MemberStanding, Guid>
{
    public const string ProjectionName = "MemberStanding";

    public MemberStandingProjection()
    {
        Name = ProjectionName;
        Identity<IEvent<ThreadStarted>>(e => e.ActorId());
        Identity<IEvent<ReplyPosted>>(e => e.ActorId());
        Identity<IEvent<TitleGranted>>(e => e.StreamId);
    }

    public override MemberStanding? Evolve(MemberStanding? snapshot, Guid id, IEvent e)
    {
        var standing = snapshot ?? new MemberStanding(id, [], []);
        return e.Data is TitleGranted granted
            ? standing with
            {
                Grants = [.. standing.Grants, new TitleGrant(e.Timestamp, granted.Title)],
            }
            : standing.WithPost(e.Timestamp);
    }
}
