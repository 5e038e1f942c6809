using System.Diagnostics.Metrics;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace EventForum.Platform;

/// <summary>Counts the connections that wait for news: so many a process, and so many an address.</summary>
public sealed class Listeners(IOptions<RequestLimits> limits, IMeterFactory meters) : IDisposable
{
    private static readonly Refusal Full = new(
        503,
        "too-many-listeners",
        "As many listen to this server as it takes.",
        "Connect again after the time in Retry-After."
    )
    {
        RetryAfter = 10,
    };

    private static readonly Refusal FullForAddress = new(
        429,
        "too-many-connections",
        "Too many connections from your address wait for news.",
        "Close some, and connect again after the time in Retry-After."
    )
    {
        RetryAfter = 10,
    };

    private readonly UpDownCounter<int> open = meters
        .Create(Telemetry.Name)
        .CreateUpDownCounter<int>("eventforum.streams.open", "{stream}", "How many connections wait for news.");

    private readonly ConcurrencyLimiter all = new(
        new ConcurrencyLimiterOptions { PermitLimit = limits.Value.Listeners, QueueLimit = 0 }
    );

    private readonly PartitionedRateLimiter<HttpContext> byAddress = PartitionedRateLimiter.Create<
        HttpContext,
        IPAddress
    >(http =>
        ClientAddress.Of(http) is { } address
            ? RateLimitPartition.GetConcurrencyLimiter<IPAddress>(
                address,
                _ => new ConcurrencyLimiterOptions { PermitLimit = limits.Value.ListenersOfAddress, QueueLimit = 0 }
            )
            : RateLimitPartition.GetNoLimiter(IPAddress.None)
    );

    /// <summary>A refusal, or a place for the connection, which it gives back by disposing of it.</summary>
    public (Refusal? Refusal, IDisposable? Place) Join(HttpContext http)
    {
        var ofAddress = byAddress.AttemptAcquire(http);
        if (!ofAddress.IsAcquired)
        {
            return (FullForAddress, null);
        }

        var ofAll = all.AttemptAcquire();
        if (!ofAll.IsAcquired)
        {
            ofAddress.Dispose();
            return (Full, null);
        }

        open.Add(1);
        return (null, new Place(ofAddress, ofAll, open));
    }

    public void Dispose()
    {
        all.Dispose();
        byAddress.Dispose();
    }

    private sealed class Place(RateLimitLease ofAddress, RateLimitLease ofAll, UpDownCounter<int> open) : IDisposable
    {
        public void Dispose()
        {
            open.Add(-1);
            ofAddress.Dispose();
            ofAll.Dispose();
        }
    }
}
