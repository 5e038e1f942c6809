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
}
