using EventForum.Platform;

namespace EventForum.Web;

/// <summary>
/// Against forged requests: what changes something and is not vouched for by an Authorization header, which no other
/// site can send, must come from the forum's own pages. Browsers say where a request comes from.
/// </summary>
internal sealed class SameSite(RequestDelegate next)
{
    private static readonly Refusal FromElsewhere = new(
        403,
        "cross-site",
        "This request comes from another site.",
        "Open the forum and do it there."
    );

    public Task InvokeAsync(HttpContext http) =>
        IsSafe(http.Request) || !NeedsProof(http.Request) || IsOurs(http.Request) ? next(http) : Answer(http);

    private static Task Answer(HttpContext http) =>
        http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
            ? new Problem(FromElsewhere).ExecuteAsync(http)
            : new Refused(FromElsewhere).ExecuteAsync(http);

    private static bool IsSafe(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        || HttpMethods.IsHead(request.Method)
        || HttpMethods.IsOptions(request.Method);

    /// <summary>The forms need it without the cookie too: another site must not sign anyone in.</summary>
    private static bool NeedsProof(HttpRequest request) =>
        !request.Headers.ContainsKey("Authorization")
        && (
            request.Cookies.ContainsKey(AuthenticationModule.Cookie)
            || !request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        );

    private static bool IsOurs(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() switch
        {
            "same-origin" or "none" => true,
            "" => Uri.TryCreate(request.Headers.Origin.ToString(), UriKind.Absolute, out var origin)
                && HostString.FromUriComponent(origin) == request.Host,
            _ => false,
        };
}
