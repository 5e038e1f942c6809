using Microsoft.Net.Http.Headers;

namespace EventForum.Platform;

/// <summary>
/// How long an answer may be kept, said in one place: by its reader alone, and not shown again without asking. A removal,
/// and a reader's loss of rights, must reach what was read before. Only files that are the same for everyone are public.
/// </summary>
internal static class Caching
{
    /// <summary>An answer may be kept; before it is shown again, its ETag says whether it is still so.</summary>
    public const string Revalidate = "private, no-cache";

    /// <summary>The answer is for one moment, or shows more than a guest may see: a browser's back button asks again.</summary>
    public const string Never = "no-store";

    public static void UseCaching(this WebApplication app) =>
        app.Use(
            (http, next) =>
            {
                http.Response.OnStarting(SayAsync, http);
                return next(http);
            }
        );

    /// <summary>The answer shows its reader more than a guest may see.</summary>
    public static void KeepNothing(HttpContext http) => http.Items[typeof(Caching)] = true;

    private static Task SayAsync(object state)
    {
        var http = (HttpContext)state;
        var headers = http.Response.Headers;
        if (headers.CacheControl.ToString().StartsWith("public", StringComparison.Ordinal))
        {
            return Task.CompletedTask;
        }

        headers.AppendCommaSeparatedValues(HeaderNames.Vary, "Authorization", "Cookie");
        if (http.Items.ContainsKey(typeof(Caching)))
        {
            headers.CacheControl = Never;
        }
        else if (headers.CacheControl.Count == 0)
        {
            headers.CacheControl = Revalidate;
        }

        return Task.CompletedTask;
    }
}
