using System.Diagnostics;

namespace EventForum.Platform;

public static class Correlation
{
    private const int MaxLength = 100;

    /// <summary>
    /// The caller's X-Correlation-ID when it is usable, else the trace that the request belongs to; a new one where
    /// nobody traces.
    /// </summary>
    public static string Of(HttpContext http)
    {
        var id = http.Request.Headers["X-Correlation-ID"].FirstOrDefault();
        return id is { Length: > 0 and <= MaxLength } && id.All(c => c is > ' ' and <= '~')
            ? id
            : (Activity.Current?.TraceId ?? ActivityTraceId.CreateRandom()).ToString();
    }
}
