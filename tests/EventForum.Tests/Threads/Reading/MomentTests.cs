using System.Globalization;
using EventForum.Threads.Reading;

namespace EventForum.Tests.Threads.Reading;

public sealed class MomentTests
{
    [Theory]
    [InlineData("2026-01-31T12:00:00Z", "2026-01-31T12:00:00+00:00")]
    [InlineData("2026-01-31T12:00:00.123456Z", "2026-01-31T12:00:00.123456+00:00")]
    [InlineData("2026-01-31T12:00:00.1234567Z", "2026-01-31T12:00:00.123456+00:00")]
    [InlineData("2026-01-31T12:00:00+02:00", "2026-01-31T10:00:00+00:00")]
    [InlineData("2026-01-31T12:00:00 02:00", "2026-01-31T10:00:00+00:00")]
    [InlineData("2026-01-31T12:00:00", "2026-01-31T12:00:00+00:00")]
    [InlineData("2026-01-31", "2026-01-31T00:00:00+00:00")]
    public void a_time_is_read_as_it_says_and_as_utc_where_it_says_no_zone(string text, string expected)
    {
        var (refusal, at) = Moments.ReadTime(text);

        refusal.ShouldBeNull();
        at.ShouldBe(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public void no_time_is_now(string? text) => Moments.ReadTime(text).ShouldBe((null, null));

    [Theory]
    [InlineData("yesterday")]
    [InlineData("2026-02-30")]
    [InlineData("12")]
    [InlineData("12:00")]
    [InlineData("01/02/2007")]
    public void what_is_no_time_is_refused(string text) =>
        Moments.ReadTime(text).Refusal!.Type.ShouldBe("time-invalid");
}
