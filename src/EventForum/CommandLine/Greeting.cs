namespace EventForum.CommandLine;

public static class Greeting
{
    /// <summary>Says where to look once the server answers.</summary>
    public static void GreetWhenStarted(this WebApplication app) =>
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            foreach (var address in app.Urls)
            {
                Console.WriteLine(
                    $"EventForum is at {address} - its API to try at {address}/docs - stop it with Ctrl-C"
                );
            }
        });
}
