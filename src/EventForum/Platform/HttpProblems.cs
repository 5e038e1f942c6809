using Microsoft.AspNetCore.WebUtilities;

namespace EventForum.Platform;

/// <summary>
/// Gives what the framework refuses the same shape as what the forum refuses: a problem document with a stable type
/// and a sentence that says what to do.
/// </summary>
public static class HttpProblems
{
    /// <summary>A post of 100,000 characters fits, even when each is sent as two <c>\u</c> escapes.</summary>
    public const int MaxRequestBytes = 1_300_000;

    private static readonly Dictionary<int, Refusal> ByStatus = new Refusal[]
    {
        new(
            400,
            "malformed-request",
            "The request cannot be read.",
            "Send well-formed JSON with the members that /openapi/v1.json names, and numbers and ids where its queries have them."
        ),
        new(401, "not-signed-in", "This needs a bearer token.", "Send Authorization: Bearer <token>."),
        new(403, "not-allowed", "Your roles do not allow this.", "Ask a moderator or an admin, or sign in as one."),
        new(404, "not-found", "There is nothing at this address.", "/openapi/v1.json lists what there is."),
        new(
            405,
            "method-not-allowed",
            "This address does not take this method.",
            "The Allow header says which methods it takes."
        ),
        new(406, "not-acceptable", "The answer is JSON.", "Send Accept: application/json, or no Accept header."),
        new(413, "request-too-large", "The request is too large.", $"Send at most {MaxRequestBytes} bytes."),
        new(415, "unsupported-media-type", "The request is not JSON.", "Send Content-Type: application/json."),
        new(
            429,
            "too-many-requests",
            "These are too many requests in too short a time.",
            "Slow down, and send it again after the time in Retry-After."
        ),
        new(
            500,
            "server-error",
            "The server failed.",
            "Nothing was acknowledged. Send it again with the same Idempotency-Key; if it fails again, tell the operator the traceId."
        ),
        Outage.Refusal,
    }.ToDictionary(refusal => refusal.Status);

    public static void AddHttpProblems(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = MaxRequestBytes);
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Encoder = Wire.Json.Encoder);
        builder.Services.AddSingleton<RefusalCount>();
        builder.Services.AddProblemDetails(options => options.CustomizeProblemDetails = Customize);
    }

    public static void UseHttpProblems(this WebApplication app)
    {
        app.Use(
            async (http, next) =>
            {
                await next(http);
                if (
                    http.Response.StatusCode == StatusCodes.Status503ServiceUnavailable
                    && !http.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal)
                )
                {
                    http.RequestServices.GetRequiredService<OutageLog>().Refused();
                }
            }
        );
        app.UseExceptionHandler(
            new ExceptionHandlerOptions
            {
                StatusCodeSelector = e =>
                    Unreadable(e) is { } bad ? bad.StatusCode
                    // Its time ran out, or a server that stops broke it off: a client that has gone gets no answer.
                    : Outage.Is(e) || e is TimeoutException or OperationCanceledException ? Outage.Refusal.Status
                    : StatusCodes.Status500InternalServerError,
                // Whoever sends nonsense fills no log.
                SuppressDiagnosticsCallback = failed => Unreadable(failed.Exception) is not null,
            }
        );
        app.UseStatusCodePages();
        app.Use(ReadBody);
    }

    /// <summary>No text that is stored has a NUL, and PostgreSQL takes none to look for.</summary>
    public static Task RefuseNul(HttpContext http, RequestDelegate next)
    {
        if (http.Request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) != true)
        {
            return next(http);
        }

        http.Response.StatusCode = StatusCodes.Status400BadRequest;
        return Task.CompletedTask;
    }

    /// <summary>What a refusal with this status says when no rule has more to say.</summary>
    public static string TitleOf(int status) =>
        ByStatus.TryGetValue(status, out var refusal) ? refusal.Title : ReasonPhrases.GetReasonPhrase(status);

    /// <summary>
    /// That a request cannot be read, when that is what an exception of the framework means: not all of them are
    /// <see cref="BadHttpRequestException"/>s. Kestrel's is an overflow where the size of a chunk is beyond an int; a
    /// form's are about its parts, its limits and its charset.
    /// </summary>
    public static BadHttpRequestException? Unreadable(Exception e) =>
        e switch
        {
            BadHttpRequestException bad => bad,
            InvalidDataException or IOException { InnerException: OverflowException } => new(
                "The request cannot be read.",
                e
            ),
            _ => null,
        };

    private static void Customize(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        if (problem.Type?.StartsWith("/problems/", StringComparison.Ordinal) == true)
        {
            return;
        }

        var status = context.HttpContext.Response.StatusCode;
        if ((Refusal.LeftTo(context.HttpContext) ?? ByStatus.GetValueOrDefault(status)) is { } refusal)
        {
            problem.Type = refusal.ToProblemDetails().Type;
            problem.Title = refusal.Title;
            problem.Detail = refusal.Detail;
            problem.Status = status;
            refusal.SayWhenToRetry(context.HttpContext.Response);
            refusal.Count(context.HttpContext);
        }
    }

    /// <summary>
    /// Takes in the whole body before anything looks at it, so that one that is too large, or is not a JSON object,
    /// is refused as such.
    /// </summary>
    private static async Task ReadBody(HttpContext http, RequestDelegate next)
    {
        if (!http.Request.HasJsonContentType())
        {
            await next(http);
            return;
        }

        var body = new MemoryStream((int)Math.Min(http.Request.ContentLength ?? 0, MaxRequestBytes));
        try
        {
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        }
        catch (Exception e) when (Unreadable(e) is { } bad)
        {
            await new Problem(ByStatus.GetValueOrDefault(bad.StatusCode, ByStatus[400])).ExecuteAsync(http);
            return;
        }

        if (body.Length > 0 && !StartsObject(body.GetBuffer().AsSpan(0, (int)body.Length)))
        {
            await new Problem(ByStatus[400]).ExecuteAsync(http);
            return;
        }

        body.Position = 0;
        http.Request.Body = body;
        await next(http);
    }

    private static bool StartsObject(ReadOnlySpan<byte> json)
    {
        var start = json.TrimStart(" \t\r\n"u8);
        return start.Length > 0 && start[0] == (byte)'{';
    }
}
