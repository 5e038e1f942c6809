using EventForum.Access;
using EventForum.Commands;
using EventForum.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine;
using Wolverine.Http;

namespace EventForum.Members;

/// <summary>Grants a member roles, beside those of its token. Admins only.</summary>
/// <param name="Roles">All that are granted from now on: up to 50, of 1-100 characters each; none takes all grants back.</param>
public sealed record GrantRolesRequest(IReadOnlyList<string> Roles);

/// <summary>A member's site roles.</summary>
/// <param name="Granted">By an admin.</param>
/// <param name="Token">Of the newest token that the member came with, but for <c>member</c>.</param>
public sealed record MemberRoles(Guid MemberId, IReadOnlyList<string> Granted, IReadOnlyList<string> Token);

public sealed record GrantRoles(Guid MemberId, IReadOnlyList<string> Roles) : ICommand
{
    private static readonly Refusal NothingChanged = new(
        409,
        "nothing-changed",
        "The member has been granted these roles already.",
        "Send the roles that are to be granted from now on."
    );

    IReadOnlyList<StreamKey> ICommand.Streams => [Member.Stream(MemberId)];

    public Decision Decide(DecisionContext context)
    {
        var audience = new Audience(Roles: Roles);
        if (audience.RefusalOf("roles") is { } refusal)
        {
            return refusal;
        }

        if (context.Find<Member>(Member.Stream(MemberId)) is not { } member)
        {
            return MemberName.NoSuchMember;
        }

        var roles = audience.Normalise().Roles;
        return roles.SequenceEqual(member.Roles?.GrantedRoles ?? [], StringComparer.Ordinal)
            ? NothingChanged
            : Decision.To(new Receipt(), new RolesGranted(roles));
    }
}

public static class GrantRolesEndpoint
{
    /// <summary>
    /// Grants a member roles, as an admin: <c>moderator</c>, <c>admin</c>, or any that boards' permissions name. They add to
    /// the roles of the member's token, and hold until they are granted anew.
    /// </summary>
    [WolverinePut("/api/members/{memberId}/roles"), Authorize(Roles = Role.Admin)]
    [ProducesResponseType(typeof(Receipt), 200)]
    public static Task<IResult> Put(Guid memberId, GrantRolesRequest request, HttpContext http, IMessageBus bus) =>
        bus.RunAsync(http, new GrantRoles(memberId, request.Roles));
}

public static class GetRolesEndpoint
{
    /// <summary>A member's roles, for admins.</summary>
    [WolverineGet("/api/members/{memberId}/roles"), Authorize(Roles = Role.Admin)]
    [ProducesResponseType(typeof(MemberRoles), 200)]
    public static async Task<IResult> Get(Guid memberId, ReadDatabase reads, CancellationToken cancellation)
    {
        await using var opened = await reads.OpenSessionAsync(cancellation);
        var session = opened.Query;
        return memberId != Guid.Empty && await session.LoadAsync<Member>(memberId, cancellation) is { } member
            ? new Tagged<MemberRoles>(
                new MemberRoles(memberId, member.Roles?.GrantedRoles ?? [], member.Roles?.TokenRoles ?? [])
            )
            : new Problem(MemberName.NoSuchMember);
    }
}
