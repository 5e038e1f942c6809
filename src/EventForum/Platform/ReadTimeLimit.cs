using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Options;

namespace EventForum.Platform;

/// <summary>
/// Ends the wait of a request that reads: for the database, for others that ask it, for a turn. What a client sends, and
/// what it takes in, may take as long as it takes; commands have a limit of their own.
/// </summary>
internal static class ReadTimeLimit
{
    private static readonly Refusal TooLong = new(
        503,
        "too-slow",
        "The answer took too long.",
        "The forum has much to do. Ask again after the time in Retry-After."
    )
    {
        RetryAfter = 3,
    };

    public static void AddReadTimeLimit(this WebApplicationBuilder builder)
    {
        builder.Services.AddRequestTimeouts(_ => { });
        builder
            .Services.AddOptions<RequestTimeoutOptions>()
            .Configure<IOptions<DatabaseOptions>>(
                (options, database) =>
                    options.DefaultPolicy = new RequestTimeoutPolicy
                    {
                        Timeout = database.Value.ReadTimeout,
                        TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
                        WriteTimeoutResponse = AnswerAsync,
                    }
            );
    }

    public static void UseReadTimeLimit(this WebApplication app)
    {
        app.UseRequestTimeouts();
        app.Use(LiftAsync);
    }

    private static async Task LiftAsync(HttpContext http, RequestDelegate next)
    {
        var limit = http.Features.Get<IHttpRequestTimeoutFeature>();
        if (!HttpMethods.IsGet(http.Request.Method))
        {
            limit?.DisableTimeout();
            await next(http);
            return;
        }

        http.Response.OnStarting(() =>
        {
            Interlocked.Exchange(ref limit, null)?.DisableTimeout();
            return Task.CompletedTask;
        });
        try
        {
            await next(http);
        }
        finally
        {
            // A short answer starts when all is done, and that the limit is over is said when it is.
            limit = null;
        }
    }

    private static async Task AnswerAsync(HttpContext http)
    {
        // The token that has ended the wait would end the answer, too; the middleware puts back its own afterwards.
        http.RequestAborted = CancellationToken.None;
        var outages = http.RequestServices.GetRequiredService<OutageLog>();
        if (await outages.AskAsync(CancellationToken.None) is { } failure)
        {
            outages.Report(failure);
            await Outage.Refusal.AnswerAsync(http);
        }
        else
        {
            await TooLong.AnswerAsync(http);
        }
    }
}
