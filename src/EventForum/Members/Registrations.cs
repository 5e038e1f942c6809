using System.Threading.RateLimiting;
using EventForum.Platform;
using Microsoft.Extensions.Options;

namespace EventForum.Members;

/// <summary>Bounds how many become members from one address: a first write makes a member, and takes a name for ever.</summary>
public sealed class Registrations(MemberDirectory members, IOptions<RequestLimits> limits) : IDisposable
{
    private readonly PartitionedRateLimiter<HttpContext> byAddress = RequestLimiting.ByAddress(
        limits.Value.Registrations
    );

    /// <summary>Null for a member, and for somebody who may become one.</summary>
    public async Task<Refusal?> RefusalOfAsync(HttpContext http, Caller caller)
    {
        if (await members.FindAsync(caller.Subject, http.RequestAborted) is not null)
        {
            return null;
        }

        using var lease = byAddress.AttemptAcquire(http);
        return lease.IsAcquired
            ? null
            : RequestLimiting.RefusalOf(lease, "Too many have just become members from here. Wait");
    }

    public void Dispose() => byAddress.Dispose();
}
