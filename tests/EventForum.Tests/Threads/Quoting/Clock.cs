using System.Diagnostics;

namespace EventForum.Tests.Threads.Quoting;

internal static class Clock
{
    /// <summary>Far above what is needed, far below what a quadratic blow-up takes.</summary>
    public static readonly TimeSpan Bounded = TimeSpan.FromSeconds(1);

    public static TimeSpan Took(Action action)
    {
        var started = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(started);
    }
}
