using EventForum.Web;

namespace EventForum.Tests.Web;

public sealed class TimeTicksTests
{
    [Theory]
    [InlineData("2006-02-21T16:21:00Z", "2008-07-09T23:12:00Z", "Jul 2006|Jan 2007|Jul 2007|Jan 2008|Jul 2008")]
    [InlineData("1999-05-01T00:00:00Z", "2026-01-01T00:00:00Z", "2000|2010|2020")]
    [InlineData("2026-01-30T22:00:00Z", "2026-02-03T01:00:00Z", "31 Jan|1 Feb|2 Feb|3 Feb")]
    [InlineData("2026-01-01T10:10:00Z", "2026-01-01T12:20:00Z", "10:30|11:00|11:30|12:00")]
    [InlineData("2026-01-01T10:10:00Z", "2026-01-01T10:10:00Z", "")]
    public void an_axis_names_at_most_five_round_times(string from, string to, string labels) =>
        string.Join('|', TimeTicks.Between(Time(from), Time(to)).Select(tick => tick.Label)).ShouldBe(labels);

    [Fact]
    public void a_tick_stands_where_its_label_says() =>
        TimeTicks
            .Between(Time("2006-02-21T16:21:00Z"), Time("2008-07-09T23:12:00Z"))[1]
            .At.ShouldBe(Time("2007-01-01T00:00:00Z"));

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
