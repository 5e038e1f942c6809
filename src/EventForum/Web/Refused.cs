using System.Globalization;
using EventForum.Platform;

namespace EventForum.Web;

/// <summary>Says no: as a page to a browser, as a problem document to anything else.</summary>
internal sealed class Refused(Refusal refusal) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.RetryAfter = refusal.RetryAfter?.ToString(CultureInfo.InvariantCulture);
        httpContext.Response.Headers.Vary = "Accept";
        return Answer(httpContext).ExecuteAsync(httpContext);
    }

    internal static bool WantsPage(HttpRequest request) =>
        request
            .GetTypedHeaders()
            .Accept.Any(type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));

    private IResult Answer(HttpContext http)
    {
        if (!WantsPage(http.Request))
        {
            return new Problem(refusal);
        }

        refusal.Count(http);
        return new HtmlPage<ErrorView>(new { Refusal = refusal }, refusal.Status);
    }
}
