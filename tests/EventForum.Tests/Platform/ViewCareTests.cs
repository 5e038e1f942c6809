using EventForum.Platform;
using Microsoft.Extensions.Time.Testing;

namespace EventForum.Tests.Platform;

public sealed class ViewCareTests
{
    private readonly FakeTimeProvider clock = new();
    private readonly ViewCare care;

    public ViewCareTests() => care = new ViewCare(clock);

    [Fact]
    public void a_view_that_fails_again_and_again_rests_longer_but_never_long()
    {
        var rests = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            var rest = 0.0;
            while (!care.MayStart)
            {
                clock.Advance(TimeSpan.FromMilliseconds(500));
                rest += 0.5;
            }

            rests.Add(rest);
            care.Started();
        }

        rests.ShouldBe([0, 1, 2, 4, 8, 8, 8]);
    }

    [Fact]
    public void what_moves_starts_at_once_when_it_fails_next()
    {
        care.Started();
        care.Started();

        care.Runs(5, TimeSpan.FromSeconds(1));

        care.MayStart.ShouldBeTrue();
    }

    [Fact]
    public void what_stands_still_is_taken_up_anew_after_longer_and_longer_so_that_long_work_ends()
    {
        care.Runs(5, TimeSpan.Zero);

        var taken = Enumerable.Range(1, 100).Where(second => care.IsStuck(TimeSpan.FromSeconds(second))).ToList();

        taken.ShouldBe([10, 20, 40, 80]);
    }

    [Fact]
    public void what_has_moved_is_taken_up_anew_as_soon_as_the_first_time()
    {
        care.Runs(5, TimeSpan.Zero);
        care.IsStuck(TimeSpan.FromSeconds(10)).ShouldBeTrue();
        care.IsStuck(TimeSpan.FromSeconds(10)).ShouldBeFalse();

        care.Runs(6, TimeSpan.Zero);

        care.IsStuck(TimeSpan.FromSeconds(10)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(3, 10)]
    [InlineData(9, 18)]
    [InlineData(14, 28)]
    [InlineData(60, 30)]
    public void what_took_long_for_a_page_is_given_twice_as_long_for_the_next_within_reason(int took, int given)
    {
        care.Runs(5, TimeSpan.FromSeconds(took));
        care.Runs(6, TimeSpan.Zero);

        care.IsStuck(TimeSpan.FromSeconds(given - 1)).ShouldBeFalse();
        care.IsStuck(TimeSpan.FromSeconds(given)).ShouldBeTrue();

        // One that is fast again is not waited for any longer.
        care.Runs(7, TimeSpan.Zero);
        care.Runs(8, TimeSpan.Zero);
        care.IsStuck(ViewWatch.Patience).ShouldBeTrue();
    }

    [Fact]
    public void a_failure_is_told_once_until_the_view_moves()
    {
        care.IsNews("It broke.").ShouldBeTrue();
        care.IsNews("It broke.").ShouldBeFalse();

        care.Runs(6, TimeSpan.Zero);

        care.IsNews("It broke.").ShouldBeTrue();
    }
}
