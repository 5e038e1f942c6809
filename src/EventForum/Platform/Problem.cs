using System.Globalization;

namespace EventForum.Platform;

/// <summary>Answers with a problem document.</summary>
public sealed class Problem(Refusal refusal) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (refusal.RetryAfter is { } seconds)
        {
            httpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        httpContext.Response.StatusCode = refusal.Status;
        return httpContext.Response.WriteAsJsonAsync(
            refusal.ToProblemDetails(),
            Wire.Json,
            contentType: "application/problem+json",
            httpContext.RequestAborted
        );
    }
}
