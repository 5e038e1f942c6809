using EventForum.Commands;
using EventForum.Members;
using EventForum.Threads;

namespace EventForum.Moderation;

/// <summary>
/// What a moderator wants done: to which posts and threads, and what that is to each. Its rules are pure; what they touch
/// has been found before.
/// </summary>
internal interface IModerationAct
{
    IReadOnlyList<Guid> Posts => [];

    IReadOnlyList<Guid> Threads => [];

    IReadOnlyList<Guid> Members => [];

    /// <summary>All posts of a member, in place of <see cref="Posts"/>; null where they are named.</summary>
    MemberPosts? ByMember => null;

    /// <summary>The board that something is moved to.</summary>
    Guid? ToBoard => null;

    /// <summary>Where posts are moved to another thread; null where none are.</summary>
    PostMove? Move => null;

    /// <summary>The words that are taken out of the forum; null where none are.</summary>
    RedactRevision? Redaction => null;

    /// <summary>The posts whose words the rule needs, and at which revision; null for the one that holds. They come as <see cref="ActWords"/>.</summary>
    IReadOnlyList<(Guid PostId, int? Revision)> Words => [];

    ActStep On(PostState post, DecisionContext context, string reason) =>
        throw new InvalidOperationException("This is no act on posts.");

    ActStep On(ForumThread thread, string reason) => throw new InvalidOperationException("This is no act on threads.");

    ActStep On(Member member, ActTerms terms, string reason) =>
        throw new InvalidOperationException("This is no act on members.");
}

/// <summary>The posts of a member.</summary>
/// <param name="Since">Only those that were written at this time or later.</param>
/// <param name="BoardId">Only those in this board.</param>
public sealed record MemberPosts(Guid MemberId, DateTimeOffset? Since, Guid? BoardId);

/// <summary>What an act's rule goes by besides what there is.</summary>
/// <param name="Now">When it is asked for: what is to hold until a time ends after that.</param>
/// <param name="Thresholds">The points of warnings at which a member is suspended.</param>
internal sealed record ActTerms(DateTimeOffset Now, IReadOnlyList<PointThreshold> Thresholds);

/// <summary>What becomes of one post, thread or member: an event, and maybe one that comes with it, or why it is left alone.</summary>
internal readonly record struct ActStep(object? Event, string? LeftAlone, object? Also = null)
{
    public static ActStep To(object e, object also) => new(e, null, also);

    public static ActStep To(object e) => new(e, null);

    public static ActStep LeaveAlone(string why) => new(null, why);
}
