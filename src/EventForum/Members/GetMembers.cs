using EventForum.Platform;
using Marten;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace EventForum.Members;

public static class GetMemberEndpoint
{
    /// <summary>A member's profile, with the number of posts that the reader may see.</summary>
    [WolverineGet("/api/members/{memberId}"), AllowAnonymous, ProducesResponseType(typeof(MemberDetails), 200)]
    public static async Task<IResult> Get(Guid memberId, MemberNames names, Readers readers, HttpContext http)
    {
        var found = await names.ReadAsync([memberId], await readers.OfAsync(http), http.RequestAborted);
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
        Readers readers,
        HttpContext http
    )
    {
        var key = MemberName.Key(name ?? "");
        await using var opened = await reads.OpenSessionAsync(http.RequestAborted);
        var session = opened.Query;
        var ids = await session
            .Query<Member>()
            .Where(m => m.NameKey == key)
            .Select(m => m.Id)
            .ToListAsync(http.RequestAborted);
        return new Tagged<IReadOnlyList<MemberDetails>>(
            await names.ReadAsync(ids, await readers.OfAsync(http), http.RequestAborted)
        );
    }
}
