using System.Diagnostics.Metrics;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EventForum.Platform;

/// <summary>
/// Marks an endpoint whose answers take much to make: they are limited as dear reads, and take turns with all others.
/// </summary>
/// <param name="parameter">Only requests with this query parameter are dear.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DearReadAttribute(string? parameter = null) : Attribute
{
    public string? Parameter { get; } = parameter;

    /// <summary>The endpoint takes turns itself: for work that equal reads share, or whenever its stream reads on.</summary>
    public bool TakesTurnsItself { get; set; }

    /// <summary>What the request is marked with; null when it is not dear.</summary>
    public static DearReadAttribute? Of(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<DearReadAttribute>() is { } dear
        && (dear.Parameter is null || http.Request.Query.ContainsKey(dear.Parameter))
            ? dear
            : null;
}

/// <summary>
/// Turns of dear reads: few are worked on at once, and while others wait, the processor rests from them for three times
/// as long as each took. Whatever is asked of them, most of the machine is for pages and commands.
/// </summary>
public sealed class DearReads(
    IOptions<RequestLimits> limits,
    OutageLog outages,
    TimeProvider clock,
    IMeterFactory meters
) : IDisposable
{
    private const int RestPerWork = 3;

    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(1);

    private readonly UpDownCounter<int> waiting = meters
        .Create(Telemetry.Name)
        .CreateUpDownCounter<int>("eventforum.dear_reads.waiting", "{request}", "How many dear reads wait for a turn.");

    private readonly ConcurrencyLimiter turns = new(
        new ConcurrencyLimiterOptions
        {
            PermitLimit = limits.Value.DearReadsAtOnce,
            QueueLimit = limits.Value.DearReadsWaiting,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        }
    );

    public static Refusal Busy { get; } =
        new(
            503,
            "busy",
            "The forum is looking up as much of its past as it can.",
            "Ask again after the time in Retry-After."
        )
        {
            RetryAfter = 3,
        };

    /// <summary>Waits for a turn, which lasts until it is disposed of; null when too many wait already.</summary>
    /// <exception cref="NpgsqlException">The database is away: one after the other would find that out for itself.</exception>
    public async Task<IDisposable?> TakeTurnAsync(CancellationToken cancellation)
    {
        waiting.Add(1);
        RateLimitLease lease;
        try
        {
            lease = await turns.AcquireAsync(1, cancellation);
        }
        finally
        {
            waiting.Add(-1);
        }

        if (lease.IsAcquired && outages.IsUnderWay)
        {
            lease.Dispose();
            throw new NpgsqlException("The database does not answer.");
        }

        if (lease.IsAcquired)
        {
            return new Turn(this, lease, clock.GetTimestamp());
        }

        lease.Dispose();
        return null;
    }

    /// <summary>Does the work in a turn of its own; a refusal when too many wait already.</summary>
    public async Task<(Refusal? Refusal, T? Value)> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellation)
    {
        using var turn = await TakeTurnAsync(cancellation);
        return turn is null ? (Busy, default) : (null, await work());
    }

    /// <summary>Waits for a turn however many wait: for streams, which have all the time there is.</summary>
    public async Task<IDisposable> WaitForTurnAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (await TakeTurnAsync(cancellation) is { } turn)
            {
                return turn;
            }

            await Task.Delay(LongestRest, clock, cancellation);
        }
    }

    public void Dispose() => turns.Dispose();

    private async Task EndAsync(RateLimitLease lease, long started)
    {
        var rest = RestPerWork * clock.GetElapsedTime(started);
        if (turns.GetStatistics()?.CurrentQueuedCount > 0)
        {
            await Task.Delay(rest < LongestRest ? rest : LongestRest, clock);
        }

        lease.Dispose();
    }

    private sealed class Turn(DearReads reads, RateLimitLease lease, long started) : IDisposable
    {
        private int isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isOver, 1) == 0)
            {
                _ = reads.EndAsync(lease, started);
            }
        }
    }
}

/// <summary>
/// Gives each dear read its turn. It is over when the answer begins, so that a reader who takes it in slowly holds up
/// nobody.
/// </summary>
internal sealed class DearReadTurns(RequestDelegate next, DearReads reads)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (!HttpMethods.IsGet(http.Request.Method) || DearReadAttribute.Of(http) is null or { TakesTurnsItself: true })
        {
            await next(http);
            return;
        }

        using var turn = await reads.TakeTurnAsync(http.RequestAborted);
        if (turn is null)
        {
            await DearReads.Busy.AnswerAsync(http);
            return;
        }

        http.Response.OnStarting(
            static turn =>
            {
                ((IDisposable)turn).Dispose();
                return Task.CompletedTask;
            },
            turn
        );
        await next(http);
    }
}
