using Scalar.AspNetCore;

namespace EventForum.Platform;

/// <summary>
/// What tells browsers to do no more with an answer than it is for: on every answer, errors among them. Pages bring a
/// Content-Security-Policy of their own; any other answer may load nothing and stand in no frame.
/// </summary>
public static class SecurityHeaders
{
    private const string NothingAtAll =
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void UseSecurityHeaders(this WebApplication app) =>
        app.Use(
            (http, next) =>
            {
                // Just before they are sent: an error clears what was set by then.
                http.Response.OnStarting(Set, http);
                return next(http);
            }
        );

    private static Task Set(object state)
    {
        var http = (HttpContext)state;
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        // Not no-referrer: under it a browser sends "Origin: null" with the forum's own forms.
        headers["Referrer-Policy"] = "same-origin";
        if (headers.ContentSecurityPolicy.Count == 0)
        {
            headers.ContentSecurityPolicy = http.Items[ScalarOptions.NonceHttpContextItemKey] is string nonce
                ? OfDocs(nonce)
                : NothingAtAll;
        }

        return Task.CompletedTask;
    }

    /// <summary>The API's page draws itself, with styles in its elements, and asks this forum only.</summary>
    private static string OfDocs(string nonce) =>
        $"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
        + "img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; base-uri 'none'; "
        + "form-action 'self'; frame-ancestors 'none'";
}
