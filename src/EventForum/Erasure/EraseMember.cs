using EventForum.Access;
using EventForum.Commands;
using EventForum.Members;
using EventForum.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace EventForum.Erasure;

public static class EraseMemberEndpoint
{
    /// <summary>
    /// Erases a member, as an admin, for good: the name and by whom the identity provider knows the person, and with
    /// <c>name-and-words</c> all that the person wrote, in every revision, quote, title and reason. The events are changed, and
    /// everything that is made of them; that something was there, when and how long it was stays, by "erased member" and a
    /// number. The transparency log still verifies. Writes wait meanwhile. Who comes back with the same token is a new member.
    /// </summary>
    /// <remarks>
    /// <c>GET /api/members/{memberId}/erasure</c> says before what goes. It is no command: a retry is refused, because the name
    /// is another one by then.
    /// </remarks>
    [WolverinePost("/api/members/{memberId}/erase"), Authorize(Roles = Role.Admin)]
    [ProducesResponseType(typeof(ErasureReceipt), 200)]
    [ProducesResponseType(409, Description = "Nothing is left that this scope would take out.")]
    [ProducesResponseType(422, Description = "The scope, the reason or the name that confirms it is not right.")]
    public static async Task<IResult> Post(
        Guid memberId,
        EraseMemberRequest request,
        Erasures erasures,
        HttpContext http
    )
    {
        var (refusal, receipt) = await RunAsync(memberId, request, erasures, http);
        return receipt is null ? new Problem(refusal!) : TypedResults.Json(receipt);
    }

    internal static async Task<(Refusal? Refusal, ErasureReceipt? Receipt)> RunAsync(
        Guid memberId,
        EraseMemberRequest request,
        Erasures erasures,
        HttpContext http
    )
    {
        var reader = Reader.Of(http);
        if (reader.Suspension is { } suspension)
        {
            return (CommandHttp.Suspended(suspension), null);
        }

        if (memberId == Guid.Empty)
        {
            return (MemberName.NoSuchMember, null);
        }

        if (EraseMemberRequest.ScopeOf(request.Scope) is not { } scope)
        {
            return (ErasureRefusals.UnknownScope, null);
        }

        var reason = (request.Reason ?? "").Trim();
        return PlainLine.RefusalOf(reason, "reason", 1, 500) is { } flaw
            ? (flaw, null)
            : await erasures.RunAsync(
                memberId,
                scope,
                request.Name ?? "",
                reason,
                reader.MemberId ?? Guid.Empty,
                Correlation.Of(http),
                // Begun, it is carried out, whoever still listens.
                CancellationToken.None
            );
    }
}
