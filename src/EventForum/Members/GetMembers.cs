using EventForum.Platform;
using Marten;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace EventForum.Members;

public static class GetMemberEndpoint
{
    /// <summary>A member's public profile.</summary>
    [WolverineGet("/api/members/{memberId}"), AllowAnonymous, ProducesResponseType(typeof(MemberDetails), 200)]
    public static async Task<IResult> Get(Guid memberId, MemberNames names, CancellationToken cancellation)
    {
        var found = await names.ReadAsync([memberId], cancellation);
        return found.Count == 0 ? new Problem(MemberName.NoSuchMember) : new Tagged<MemberDetails>(found[0]);
    }
}

public static class FindMemberEndpoint
{
    /// <summary>The member of that name, whatever its case, as a list of one or none.</summary>
    /// <param name="name">The whole name, whatever its case; without it, nobody is found.</param>
    [WolverineGet("/api/members"), AllowAnonymous, ProducesResponseType(typeof(IEnumerable<MemberDetails>), 200)]
    public static async Task<IResult> Get(
        string? name,
        ReadDatabase reads,
        MemberNames names,
        CancellationToken cancellation
    )
    {
        var key = MemberName.Key(name ?? "");
        await using var opened = await reads.OpenSessionAsync(cancellation);
        var session = opened.Query;
        var ids = await session
            .Query<Member>()
            .Where(m => m.NameKey == key)
            .Select(m => m.Id)
            .ToListAsync(cancellation);
        return new Tagged<IReadOnlyList<MemberDetails>>(await names.ReadAsync(ids, cancellation));
    }
}
