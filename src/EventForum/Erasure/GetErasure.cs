using EventForum.Access;
using EventForum.Members;
using EventForum.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace EventForum.Erasure;

public static class GetErasureEndpoint
{
    /// <summary>What erasing a member would take out, for admins; nothing is changed. It looks through all that the person did.</summary>
    /// <param name="scope">name, the default, or name-and-words.</param>
    [WolverineGet("/api/members/{memberId}/erasure"), Authorize(Roles = Role.Admin), DearRead]
    [ProducesResponseType(typeof(ErasurePlan), 200)]
    [ProducesResponseType(422, Description = "There is no such scope.")]
    public static async Task<IResult> Get(
        Guid memberId,
        string? scope,
        ErasurePlans plans,
        CancellationToken cancellation
    ) =>
        EraseMemberRequest.ScopeOf(scope ?? "name") is not { } known ? new Problem(ErasureRefusals.UnknownScope)
        : memberId != Guid.Empty && await plans.OfAsync(memberId, known, cancellation) is { } plan
            ? new Tagged<ErasurePlan>(plan)
        : new Problem(MemberName.NoSuchMember);
}
