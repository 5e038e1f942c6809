using EventForum.Questions;

namespace EventForum.Tests.Questions;

public sealed class PercentilesTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(25, 2)]
    [InlineData(50, 3)]
    [InlineData(90, 8.2)]
    [InlineData(100, 10)]
    public void a_percentile_lies_between_the_nearest_two(double percent, double expected) =>
        ((double[])[10, 1, 3, 2, 5.5]).Percentile(percent).ShouldNotBeNull().ShouldBe(expected, 0.0001);

    [Fact]
    public void nothing_has_no_percentile() => Array.Empty<double>().Median().ShouldBeNull();
}
