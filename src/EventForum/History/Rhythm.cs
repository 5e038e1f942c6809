namespace EventForum.History;

/// <summary>How a replay keeps the rhythm of what it replays.</summary>
public static class Rhythm
{
    public const int SlowestSpeed = 1;

    public const int FastestSpeed = 10_000_000;

    public const int DefaultSpeed = 100;

    /// <summary>The longest pause: nobody waits out a night, even at a hundred times its speed.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>How many times faster than it happened people may choose to watch.</summary>
    public static readonly IReadOnlyList<int> Speeds = [1, 60, 3_600, 86_400, 604_800, 2_592_000];

    /// <summary>How long watching a whole life should take at most.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>The slowest speed at which a life is watched in a few minutes.</summary>
    public static int SpeedFor(TimeSpan life) => Speeds.FirstOrDefault(speed => life / speed <= Patience, Speeds[^1]);

    /// <summary>The pause before an event, after the one before it. Clocks of several servers differ: the next may be the earlier one.</summary>
    /// <param name="speed">How many times faster than it happened.</param>
    public static TimeSpan PauseBetween(DateTimeOffset before, DateTimeOffset next, int speed)
    {
        var pause = (next - before) / speed;
        return pause < TimeSpan.Zero ? TimeSpan.Zero
            : pause > LongestPause ? LongestPause
            : pause;
    }
}
