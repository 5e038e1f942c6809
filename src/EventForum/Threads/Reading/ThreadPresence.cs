using EventForum.Members;
using EventForum.Platform;

namespace EventForum.Threads.Reading;

/// <summary>
/// Who has which thread open: the one thing that is not history. It lives in this process's memory for a minute.
/// </summary>
public sealed class ThreadPresence(TimeProvider clock)
{
    public static readonly TimeSpan Expiry = TimeSpan.FromSeconds(60);

    /// <summary>In all threads together; who comes when there are so many is not counted.</summary>
    public const int MaxViewers = 50_000;

    /// <summary>Many listen to one thread, and each asks once a second.</summary>
    private static readonly TimeSpan CountsLast = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Dictionary<Guid, Audience> threads = [];
    private long sweptAt = clock.GetTimestamp();
    private int kept;

    /// <summary>Counts a reader as viewing from now on, for a minute.</summary>
    /// <param name="viewer">Tells readers apart: a member's subject, or what a guest's connection shows.</param>
    /// <param name="name">The member's name; null for who is none.</param>
    public void Seen(Guid threadId, string viewer, string? name)
    {
        var now = clock.GetTimestamp();
        lock (gate)
        {
            Sweep(now);
            var audience = threads.GetValueOrDefault(threadId);
            if (audience?.Viewers.ContainsKey(viewer) != true)
            {
                if (kept == MaxViewers)
                {
                    return;
                }

                kept++;
                audience ??= threads[threadId] = new Audience();
            }

            audience.Viewers[viewer] = new Viewer(name, now);
        }
    }

    /// <param name="member">Who it is; null for a guest, and for somebody with a token who never wrote: anybody can have a
    /// name in a token.</param>
    public void Seen(Guid threadId, HttpContext http, KnownMember? member)
    {
        if (http.User.Identity is { IsAuthenticated: true })
        {
            Seen(threadId, Caller.From(http.User).Subject, member?.Name);
        }
        else
        {
            // Only a hash: a guest chooses how long the header is.
            var browser = http.Request.Headers.UserAgent.ToString().GetHashCode(StringComparison.Ordinal);
            Seen(threadId, $"{http.Connection.RemoteIpAddress} {browser:x8}", null);
        }
    }

    public Viewers Of(Guid threadId)
    {
        var now = clock.GetTimestamp();
        lock (gate)
        {
            Sweep(now);
            if (!threads.TryGetValue(threadId, out var audience))
            {
                return new Viewers([], 0);
            }

            if (audience.Counted is not { } counted || clock.GetElapsedTime(audience.CountedAt, now) >= CountsLast)
            {
                audience.Counted = counted = Count(audience.Viewers.Values.Where(viewer => IsThere(viewer, now)));
                audience.CountedAt = now;
            }

            return counted;
        }
    }

    private static Viewers Count(IEnumerable<Viewer> viewers)
    {
        var names = viewers.ToLookup(viewer => viewer.Name is not null, viewer => viewer.Name!);
        return new Viewers(
            [.. names[true].Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            names[false].Count()
        );
    }

    private bool IsThere(Viewer viewer, long now) => clock.GetElapsedTime(viewer.SeenAt, now) <= Expiry;

    /// <summary>Forgets all who have gone, also from threads that nobody asks for any more.</summary>
    private void Sweep(long now)
    {
        if (clock.GetElapsedTime(sweptAt, now) < Expiry)
        {
            return;
        }

        sweptAt = now;
        foreach (var (threadId, audience) in threads)
        {
            foreach (var (key, viewer) in audience.Viewers)
            {
                if (!IsThere(viewer, now))
                {
                    audience.Viewers.Remove(key);
                    kept--;
                }
            }

            if (audience.Viewers.Count == 0)
            {
                threads.Remove(threadId);
            }
        }
    }

    private sealed class Audience
    {
        public Dictionary<string, Viewer> Viewers { get; } = new(StringComparer.Ordinal);

        public Viewers? Counted { get; set; }

        public long CountedAt { get; set; }
    }

    private sealed record Viewer(string? Name, long SeenAt);
}
