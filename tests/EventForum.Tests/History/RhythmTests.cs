using EventForum.History;

namespace EventForum.Tests.History;

public sealed class RhythmTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(10, 1, 2_000)]
    [InlineData(1, 1, 1_000)]
    [InlineData(100, 100, 1_000)]
    [InlineData(86_400, 100, 2_000)]
    [InlineData(86_400, 100_000, 864)]
    [InlineData(0, 100, 0)]
    [InlineData(-60, 100, 0)]
    public void a_pause_is_what_it_was_sped_up_and_two_seconds_at_most(int seconds, int speed, int milliseconds) =>
        Rhythm.PauseBetween(Noon, Noon.AddSeconds(seconds), speed).ShouldBe(TimeSpan.FromMilliseconds(milliseconds));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(60, 1)]
    [InlineData(3_600, 60)]
    [InlineData(86_400 * 10, 86_400)]
    [InlineData(86_400 * 870, 604_800)]
    [InlineData(86_400L * 36_500, 2_592_000)]
    public void a_life_is_watched_at_the_slowest_speed_that_takes_a_few_minutes(long seconds, int speed) =>
        Rhythm.SpeedFor(TimeSpan.FromSeconds(seconds)).ShouldBe(speed);
}
