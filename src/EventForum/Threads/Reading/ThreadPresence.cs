using System.Collections.Concurrent;
using EventForum.Platform;

namespace EventForum.Threads.Reading;

/// <summary>
/// Who has which thread open: the one thing that is not history. It lives in this process's memory for a minute.
/// </summary>
public sealed class ThreadPresence(TimeProvider clock)
{
    public static readonly TimeSpan Expiry = TimeSpan.FromSeconds(60);

    private const int MaxViewersOfAThread = 10_000;

    private readonly ConcurrentDictionary<Guid, ConcurrentDictionary<string, Viewer>> threads = new();

    /// <summary>Counts a reader as viewing from now on, for a minute.</summary>
    /// <param name="viewer">Tells readers apart: a member's subject, or what a guest's connection shows.</param>
    /// <param name="name">The member's name; null for a guest.</param>
    public void Seen(Guid threadId, string viewer, string? name)
    {
        var viewers = threads.GetOrAdd(threadId, _ => new(StringComparer.Ordinal));
        if (viewers.Count < MaxViewersOfAThread || viewers.ContainsKey(viewer))
        {
            viewers[viewer] = new Viewer(name, clock.GetUtcNow());
        }
    }

    public void Seen(Guid threadId, HttpContext http)
    {
        if (http.User.Identity is { IsAuthenticated: true })
        {
            var caller = Caller.From(http.User);
            Seen(threadId, caller.Subject, caller.Name);
        }
        else
        {
            Seen(threadId, $"{http.Connection.RemoteIpAddress} {http.Request.Headers.UserAgent}", null);
        }
    }

    public void Left(Guid threadId, string viewer)
    {
        if (threads.TryGetValue(threadId, out var viewers))
        {
            viewers.TryRemove(viewer, out _);
        }
    }

    public Viewers Of(Guid threadId)
    {
        if (!threads.TryGetValue(threadId, out var viewers))
        {
            return new Viewers([], 0);
        }

        var since = clock.GetUtcNow() - Expiry;
        foreach (var gone in viewers.Where(viewer => viewer.Value.SeenAt < since))
        {
            viewers.TryRemove(gone);
        }

        var seen = viewers.Values.ToList();
        if (seen.Count == 0)
        {
            threads.TryRemove(threadId, out _);
        }

        return new Viewers(
            [
                .. seen.Select(viewer => viewer.Name)
                    .OfType<string>()
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal),
            ],
            seen.Count(viewer => viewer.Name is null)
        );
    }

    private sealed record Viewer(string? Name, DateTimeOffset SeenAt);
}
