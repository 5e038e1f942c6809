using System.Diagnostics;
using EventForum.Platform;

namespace EventForum.Web;

/// <summary>Puts words to what went wrong on the way to a page. Programs get <see cref="HttpProblems"/>.</summary>
internal sealed partial class ErrorPages(RequestDelegate next, ILogger<ErrorPages> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (IsForPrograms(http.Request))
        {
            await next(http);
            return;
        }

        try
        {
            await next(http);
        }
        catch (BadHttpRequestException e) when (!http.Response.HasStarted)
        {
            http.Response.Clear();
            http.Response.StatusCode = e.StatusCode;
        }
        catch (Exception e) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            Failed(http.Request.Method, http.Request.Path, e);
            http.Response.Clear();
            http.Response.StatusCode = Outage.Is(e) ? Outage.Refusal.Status : StatusCodes.Status500InternalServerError;
        }

        var isBare = !http.Response.HasStarted && http.Response.ContentType is null;
        if (isBare && http.Response.StatusCode >= StatusCodes.Status400BadRequest)
        {
            await new Refused(Refusal.LeftTo(http) ?? Explain(http)).ExecuteAsync(http);
        }
    }

    private static bool IsForPrograms(HttpRequest request) =>
        request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) || !Refused.WantsPage(request);

    private static Refusal Explain(HttpContext http) =>
        http.Response.StatusCode switch
        {
            401 => new(401, "not-signed-in", "You are not signed in.", "Sign in to do this."),
            403 => new(403, "not-allowed", "You may not do this.", "Sign in as someone who may."),
            404 => new(404, "not-found", "There is no such page.", "The address may be mistyped."),
            405 => new(405, "method-not-allowed", "This address does not take that.", "Use the page's own buttons."),
            415 => new(415, "unsupported-media-type", "This is not a form.", "Use the page's own buttons."),
            413 => new(
                413,
                "request-too-large",
                "That is too much at once.",
                "A post holds up to 100,000 characters. Split it."
            ),
            503 => Outage.Refusal,
            >= 500 => new(
                http.Response.StatusCode,
                "server-error",
                "Something went wrong on our side.",
                $"Try again. If it goes on, tell the people who run this forum: {Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier}."
            ),
            var status => new(status, "malformed-request", "This request cannot be read.", "Go back and try again."),
        };

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
    private partial void Failed(string method, string path, Exception e);
}
