using EventForum.Platform;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventForum.Web;

/// <summary>Answers with a Razor component, rendered here and now, under the headers that every page carries.</summary>
internal sealed class HtmlPage<T>(object parameters, int status = StatusCodes.Status200OK) : IResult
    where T : IComponent
{
    /// <summary>Null to say what every answer says.</summary>
    public string? CacheControl { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        // The renderer needs an absolute address, and fails where the client's Host header makes none. Pages name no host.
        httpContext.Request.Host = new HostString("localhost");
        var headers = httpContext.Response.Headers;
        headers.ContentSecurityPolicy = PageHeaders.ContentSecurityPolicy;
        headers.CacheControl = CacheControl;
        httpContext.Response.OnStarting(RemoveHint, httpContext);
        return new RazorComponentResult<T>(parameters)
        {
            StatusCode = status,
            PreventStreamingRendering = true,
        }.ExecuteAsync(httpContext);
    }

    /// <summary>The renderer's hint to a script that these pages do without.</summary>
    private static Task RemoveHint(object state)
    {
        ((HttpContext)state).Response.Headers.Remove("blazor-enhanced-nav");
        return Task.CompletedTask;
    }
}

internal static class PageHeaders
{
    public const string ContentSecurityPolicy =
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
}

/// <summary>After a form was carried out: look at what it did. Reloading that does not send the form again.</summary>
internal sealed class SeeOther(string url) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = url;
        httpContext.Response.Headers.CacheControl = Caching.Never;
        return Task.CompletedTask;
    }
}
