using EventForum.Platform;

namespace EventForum.Tests.Platform;

public sealed class ViewEventsTests
{
    [Fact]
    public void what_views_take_in_at_once_is_bounded_and_ends_at_the_same_positions_for_all()
    {
        ViewEvents.Split(0, 12_000).ShouldBe([(0, 5_000), (5_000, 10_000), (10_000, 12_000)]);
        ViewEvents.Split(4_999, 10_001).ShouldBe([(4_999, 5_000), (5_000, 10_000), (10_000, 10_001)]);
        ViewEvents.Split(5_000, 5_003).ShouldBe([(5_000, 5_003)]);
    }

    [Fact]
    public void a_range_without_positions_is_still_one() => ViewEvents.Split(7, 7).ShouldBe([(7, 7)]);
}
