using EventForum.Commands;
using EventForum.Threads;

namespace EventForum.Moderation;

/// <summary>Takes all posts of a member from view, or those since a time, or those in a board.</summary>
internal sealed record RemoveByMember(MemberPosts ByMember) : IModerationAct
{
    MemberPosts? IModerationAct.ByMember => ByMember;

    public static IModerationAct? From(CarryOutBatchRequest request) =>
        request.MemberId is { } member
            ? new RemoveByMember(new MemberPosts(member, request.Since, request.BoardId))
            : null;

    public ActStep On(PostState post, DecisionContext context, string reason) =>
        RemovePosts.Remove(post, context, reason);
}
