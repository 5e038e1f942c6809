using EventForum.Platform;
using Marten;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace EventForum.Members;

public static class GetMemberEndpoint
{
    [
        WolverineGet("/api/members/{memberId}"),
        AllowAnonymous,
        ProducesResponseType(typeof(MemberCard), 200)
    ]
    public static async Task<IResult> Get(
        Guid memberId,
        MemberNames names,
        CancellationToken cancellation
    )
    {
        var found = await names.FindAsync([memberId], cancellation);
        return found.TryGetValue(memberId, out var card)
            ? TypedResults.Ok(card)
            : new Problem(GrantTitleEndpoint.NoSuchMember);
    }
}

public static class FindMemberEndpoint
{
    /// <summary>The member of that name, whatever its case, as a list of one or none.</summary>
    [
        WolverineGet("/api/members"),
        AllowAnonymous,
        ProducesResponseType(typeof(IEnumerable<MemberCard>), 200)
    ]
    public static async Task<IResult> Get(
        string? name,
        IQuerySession session,
        MemberNames names,
        CancellationToken cancellation
    )
    {
        var key = MemberName.Key(name ?? "");
        var ids = await session
            .Query<Member>()
            .Where(m => m.NameKey == key)
            .Select(m => m.Id)
            .ToListAsync(cancellation);
        return TypedResults.Ok((await names.FindAsync(ids, cancellation)).Values);
    }
}
