using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace EventForum.Platform;

/// <summary>Sends back for later who asks for more than <see cref="RequestLimits"/> allow.</summary>
public static class RequestLimiting
{
    public static void AddRequestLimits(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<RequestLimits>(builder.Configuration.GetSection("Limits"));
        builder.Services.AddSingleton<DearReads>();
        builder.Services.AddSingleton<Listeners>();
        builder.Services.AddRateLimiter(_ => { });
        builder
            .Services.AddOptions<RateLimiterOptions>()
            .Configure<IOptions<RequestLimits>>(
                (options, limits) =>
                {
                    options.GlobalLimiter = PartitionedRateLimiter.CreateChained(
                        PartitionedRateLimiter.Create<HttpContext, (Kind, IPAddress?)>(http =>
                            OfAddress(http, limits.Value)
                        ),
                        PartitionedRateLimiter.Create<HttpContext, (Kind, string?)>(http =>
                            OfMember(http, limits.Value)
                        )
                    );
                    options.OnRejected = (context, _) =>
                        new(RefusalOf(context.Lease, "Slow down").AnswerAsync(context.HttpContext));
                }
            );
    }

    /// <summary>After authentication, which says who asks.</summary>
    public static void UseRequestLimits(this WebApplication app)
    {
        app.UseRateLimiter();
        app.UseMiddleware<DearReadTurns>();
    }

    /// <summary>A limit of requests for each address; requests without an address are not limited.</summary>
    public static PartitionedRateLimiter<HttpContext> ByAddress(RequestRate rate) =>
        PartitionedRateLimiter.Create<HttpContext, IPAddress>(http =>
            ClientAddress.Of(http) is { } address
                ? RateLimitPartition.GetTokenBucketLimiter(address, _ => Bucket(rate, waiting: 0))
                : RateLimitPartition.GetNoLimiter(IPAddress.None)
        );

    /// <param name="advice">What to do: the beginning of a sentence.</param>
    public static Refusal RefusalOf(RateLimitLease lease, string advice) =>
        new(
            429,
            "too-many-requests",
            "These are too many requests in too short a time.",
            $"{advice}, and send it again after the time in Retry-After; a command with the same Idempotency-Key."
        )
        {
            RetryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var after)
                ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds))
                : 1,
        };

    private static RateLimitPartition<(Kind, IPAddress?)> OfAddress(HttpContext http, RequestLimits limits)
    {
        var kind = KindOf(http);
        return ClientAddress.Of(http) is { } address
            ? RateLimitPartition.GetTokenBucketLimiter<(Kind, IPAddress?)>(
                (kind, address),
                key => Bucket(ClassOf(key.Item1, limits).Address)
            )
            : RateLimitPartition.GetNoLimiter<(Kind, IPAddress?)>((kind, null));
    }

    private static RateLimitPartition<(Kind, string?)> OfMember(HttpContext http, RequestLimits limits)
    {
        var kind = KindOf(http);
        return http.User.Identity is { IsAuthenticated: true }
            ? RateLimitPartition.GetTokenBucketLimiter<(Kind, string?)>(
                (kind, Caller.From(http.User).Subject),
                key => Bucket(ClassOf(key.Item1, limits).Member)
            )
            : RateLimitPartition.GetNoLimiter<(Kind, string?)>((kind, null));
    }

    private static TokenBucketRateLimiterOptions Bucket(RequestRate rate, int? waiting = null) =>
        new()
        {
            TokenLimit = rate.Burst,
            TokensPerPeriod = rate.PerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = waiting ?? rate.PerSecond,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        };

    private static Kind KindOf(HttpContext http) =>
        !HttpMethods.IsGet(http.Request.Method) ? Kind.Write
        : DearReadAttribute.Of(http) is not null ? Kind.DearRead
        : Kind.Read;

    private static RequestClass ClassOf(Kind kind, RequestLimits limits) =>
        kind switch
        {
            Kind.Write => limits.Writes,
            Kind.DearRead => limits.DearReads,
            Kind.Read => limits.Reads,
        };

    private enum Kind
    {
        Read,
        DearRead,
        Write,
    }
}
