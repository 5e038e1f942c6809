using System.Net.Http.Headers;
using EventForum.Access;
using EventForum.Platform;

namespace EventForum.CommandLine;

/// <summary>The running forum that a command asks, as an admin.</summary>
internal static class RunningForum
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <param name="url">Its address; without it EVENTFORUM_URL, or the forum that <c>make run</c> starts.</param>
    /// <returns>What the command came to; false where no forum answers, which is said.</returns>
    public static Task<bool> AskAsync(string? url, Func<HttpClient, Task<bool>> ask) =>
        AskAsync(url, isGuest: false, ask);

    /// <param name="isGuest">It is asked what everybody may know.</param>
    public static async Task<bool> AskAsync(string? url, bool isGuest, Func<HttpClient, Task<bool>> ask)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        url ??= configuration["EVENTFORUM_URL"] ?? "http://127.0.0.1:5080";
        using var forum = new HttpClient { BaseAddress = new Uri(url) };
        if (!isGuest)
        {
            forum.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                "Bearer",
                AuthenticationModule.LocalToken(configuration, "operator", [Role.Admin], TimeProvider.System, Lifetime)
            );
        }

        try
        {
            return await ask(forum);
        }
        catch (HttpRequestException e)
        {
            await Console.Error.WriteLineAsync(
                $"No forum answers at {url}: {e.Message} Start it with make run, and name its port as PORT=... if it is another."
            );
            return false;
        }
    }
}
