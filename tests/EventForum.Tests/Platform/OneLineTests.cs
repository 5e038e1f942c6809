using EventForum.Platform;

namespace EventForum.Tests.Platform;

public sealed class OneLineTests
{
    [Theory]
    [InlineData("  Two\r\n\t lines \u2028 here ", "Two lines here")]
    [InlineData("\u001b[2J\u001b]0;title\u0007red\u009b31m", "[2J]0;titlered31m")]
    [InlineData("a\u202eb\u2066c\u200fd", "abcd")]
    [InlineData("\U0001F469\u200D\U0001F680", "\U0001F469\u200D\U0001F680")]
    public void what_steers_a_terminal_or_turns_text_around_is_left_out(string text, string line) =>
        OneLine.Of(text).ShouldBe(line);

    [Fact]
    public void half_a_surrogate_pair_is_replaced() => OneLine.Of("half \ud800 a pair").ShouldBe("half \uFFFD a pair");

    [Theory]
    [InlineData("12345", 5, "12345")]
    [InlineData("123456", 5, "1234…")]
    [InlineData("1234 6", 5, "1234…")]
    [InlineData("1234  ", 5, "1234")]
    [InlineData("\U0001F680\U0001F680\U0001F680", 2, "\U0001F680…")]
    public void a_long_text_ends_in_an_ellipsis_within_the_limit(string text, int max, string line) =>
        OneLine.Of(text, max).ShouldBe(line);
}
