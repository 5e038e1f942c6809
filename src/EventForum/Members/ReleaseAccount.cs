using EventForum.Access;
using EventForum.Commands;
using EventForum.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine;
using Wolverine.Http;

namespace EventForum.Members;

/// <summary>Takes a <see cref="ClaimAccount"/> back. What was written meanwhile stays as it is. Admins only.</summary>
public sealed record ReleaseAccount(Guid MemberId, Guid AccountId) : ICommand
{
    private static readonly Refusal NotClaimed = new(
        409,
        "account-not-claimed",
        "The imported member does not belong to that account.",
        "Nothing is to be taken back."
    );

    IReadOnlyList<StreamKey> ICommand.Streams => [Member.Stream(MemberId), Member.Stream(AccountId)];

    public Decision Decide(DecisionContext context) =>
        context.Find<Member>(Member.Stream(MemberId)) is not { } member
        || MemberId == AccountId
        || context.Find<Member>(Member.Stream(AccountId)) is not { } account
            ? MemberName.NoSuchMember
        : account.MergedInto != member.Id ? NotClaimed
        : Decision.To(new Receipt(), new AccountClaimed(null)).And(Member.Stream(AccountId), new AccountMerged(null));
}

public static class ReleaseAccountEndpoint
{
    /// <summary>Takes back, as an admin, that a person who signs in is an imported member.</summary>
    [WolverineDelete("/api/members/{memberId}/accounts/{accountId}"), Authorize(Roles = Role.Admin)]
    [ProducesResponseType(typeof(Receipt), 200)]
    public static Task<IResult> Delete(Guid memberId, Guid accountId, HttpContext http, IMessageBus bus) =>
        bus.RunAsync(http, new ReleaseAccount(memberId, accountId));
}
