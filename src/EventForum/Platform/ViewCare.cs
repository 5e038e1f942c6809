namespace EventForum.Platform;

/// <summary>What a server remembers of a view that it keeps up: when to start it again, and when it counts as stuck.</summary>
public sealed class ViewCare(TimeProvider clock)
{
    /// <summary>The longest that a view which fails again and again waits for its next start.</summary>
    public static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(8);

    /// <summary>The longest that a view which moves slowly is waited for.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private long position = -1;
    private TimeSpan stood;
    private long startedAt;
    private TimeSpan rest;
    private TimeSpan tolerance = ViewWatch.Patience;
    private long givenUpAt;
    private string? reported;

    /// <summary>Whether it may be started; each start that comes to nothing doubles the wait for the next.</summary>
    public bool MayStart => rest == TimeSpan.Zero || clock.GetElapsedTime(startedAt) >= rest;

    /// <summary>Whether it was left to other servers just now.</summary>
    public bool IsLeftToOthers => givenUpAt != 0 && clock.GetElapsedTime(givenUpAt) < ViewLeases.Term;

    public void Started()
    {
        startedAt = clock.GetTimestamp();
        rest = rest == TimeSpan.Zero ? TimeSpan.FromSeconds(1) : rest * 2;
        rest = rest < LongestRest ? rest : LongestRest;
    }

    /// <summary>Takes in how it does while it runs.</summary>
    public void Runs(long at, TimeSpan still)
    {
        if (at != position)
        {
            // Who took long for the last page may take as long for the next.
            var wait = TimeSpan.FromTicks(Math.Clamp(2 * stood.Ticks, ViewWatch.Patience.Ticks, LongestWait.Ticks));
            (position, rest, tolerance, reported) = (at, TimeSpan.Zero, wait, null);
        }
        else if (still == TimeSpan.Zero)
        {
            rest = TimeSpan.Zero;
        }

        stood = still;
    }

    /// <summary>
    /// Whether it has stood still for so long that it is taken up anew. Each time doubles the wait, so that work which
    /// only takes long comes to its end.
    /// </summary>
    public bool IsStuck(TimeSpan still)
    {
        if (still < tolerance)
        {
            return false;
        }

        tolerance *= 2;
        return true;
    }

    public void GiveUp() => givenUpAt = clock.GetTimestamp();

    /// <summary>Whether this failure has not been reported since the view moved.</summary>
    public bool IsNews(string failure)
    {
        var news = reported != failure;
        reported = failure;
        return news;
    }
}
