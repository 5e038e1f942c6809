using EventForum.Access;
using EventForum.Commands;
using EventForum.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine;
using Wolverine.Http;

namespace EventForum.Members;

/// <summary>Says that whoever signs in as a member is one that an import brought, and writes as that one from now on. Admins only.</summary>
/// <param name="MemberId">The imported member.</param>
/// <param name="AccountId">The member that signs in. What it wrote stays under its name.</param>
public sealed record ClaimAccount(Guid MemberId, Guid AccountId) : ICommand
{
    private static readonly Refusal NotImported = new(
        422,
        "not-imported",
        "Only members that an import brought can be claimed.",
        "Name the imported member first, then the member that the person signs in as."
    );

    private static readonly Refusal CannotSignIn = new(
        422,
        "cannot-sign-in",
        "Nobody can sign in as that member.",
        "Name the member that the person signs in as: who has written once, or has a role."
    );

    private static readonly Refusal AlreadyClaimed = new(
        409,
        "account-claimed",
        "One of the two belongs to another account already.",
        "Have an admin take that back first: DELETE /api/members/{memberId}/accounts/{accountId}."
    );

    IReadOnlyList<StreamKey> ICommand.Streams => [Member.Stream(MemberId), Member.Stream(AccountId)];

    public Decision Decide(DecisionContext context) =>
        (
            context.Find<Member>(Member.Stream(MemberId)),
            MemberId == AccountId ? null : context.Find<Member>(Member.Stream(AccountId))
        ) switch
        {
            (null, _) => MemberName.NoSuchMember,
            ({ IsImported: false }, _) => NotImported,
            (_, null) => MemberName.NoSuchMember,
            (_, { CanSignIn: false }) => CannotSignIn,
            ({ ClaimedBy: not null }, _) or (_, { MergedInto: not null }) => AlreadyClaimed,
            _ => Decision
                .To(new Receipt(), new AccountClaimed(AccountId))
                .And(Member.Stream(AccountId), new AccountMerged(MemberId)),
        };
}

public static class ClaimAccountEndpoint
{
    /// <summary>
    /// Says, as an admin, that whoever signs in as the second member is the first, whom an import brought: the person's old
    /// posts, title and count are there at once, and what the person writes from now on is under the old name. What was written
    /// by the second member stays under its name, what is held against it holds against the person, and roles that were granted
    /// to it rest. Each of the two is erased by itself.
    /// </summary>
    [WolverinePut("/api/members/{memberId}/accounts/{accountId}"), Authorize(Roles = Role.Admin)]
    [ProducesResponseType(typeof(Receipt), 200)]
    public static Task<IResult> Put(Guid memberId, Guid accountId, HttpContext http, IMessageBus bus) =>
        bus.RunAsync(http, new ClaimAccount(memberId, accountId));
}
