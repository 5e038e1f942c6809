namespace EventForum.Platform;

/// <summary>Answers with a problem document.</summary>
public sealed class Problem(Refusal refusal) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        refusal.SayWhenToRetry(httpContext.Response);
        refusal.Count(httpContext);
        httpContext.Response.StatusCode = refusal.Status;
        return httpContext.Response.WriteAsJsonAsync(
            refusal.ToProblemDetails(),
            Wire.Json,
            contentType: "application/problem+json",
            httpContext.RequestAborted
        );
    }
}
