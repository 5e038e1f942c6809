namespace EventForum.Platform;

/// <summary>HEAD is answered as GET is, by the same endpoints; the server keeps the body to itself.</summary>
public static class Head
{
    private static readonly object Mark = new();

    public static void UseHead(this WebApplication app)
    {
        app.Use(
            (http, next) =>
            {
                if (HttpMethods.IsHead(http.Request.Method))
                {
                    http.Request.Method = HttpMethods.Get;
                    http.Items[Mark] = true;
                }

                return next(http);
            }
        );
        // Otherwise the routes are matched before anything else runs.
        app.UseRouting();
    }

    /// <summary>Whether nobody reads the body: one that goes on for ever need not begin.</summary>
    public static bool IsWanted(HttpContext http) => http.Items.ContainsKey(Mark);
}
