using EventForum.Questions;
using Microsoft.Extensions.Time.Testing;

namespace EventForum.Tests.Questions;

public sealed class QuestionProgressTests
{
    [Fact]
    public async Task a_line_says_how_far_it_is_and_how_fast()
    {
        var clock = new FakeTimeProvider();
        using var to = new StringWriter();
        var progress = new QuestionProgress(clock);

        await progress.ShowAsync(
            to,
            () =>
            {
                progress.Folded = 400;
                progress.Reached(40, 2_000);
                clock.Advance(TimeSpan.FromSeconds(2));
                progress.Folded = 5_000;
                progress.Reached(500, 2_000);
                return Task.FromResult(true);
            }
        );

        to.ToString().Trim().ShouldBe("Positions: 500 of 2,000, 25 %; 5,000 events read, 2,500 a second");
        progress.Share.ShouldBe(0.25);
    }
}
