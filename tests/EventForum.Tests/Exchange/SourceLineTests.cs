using System.Text;
using EventForum.Exchange;

namespace EventForum.Tests.Exchange;

public sealed class SourceLineTests
{
    [Theory]
    [InlineData(@"\ud800", "\ufffd")]
    [InlineData(@"\uDC00", "\ufffd")]
    [InlineData(@"\udc00\ud800", "\ufffd\ufffd")]
    [InlineData(@"\ud800\ud83d\ude00", "\ufffd\U0001f600")]
    [InlineData(@"\u0000", "\ufffd")]
    [InlineData(@"\\\u0000", @"\\ufffd")]
    public void what_is_no_character_reads_as_the_sign_for_it_wherever_it_stands(string written, string read)
    {
        read = read.Replace(@"\\ufffd", "\\\ufffd", StringComparison.Ordinal);

        var line = Line("2001-02-03T04:05:06Z", written).ShouldNotBeNull();

        (line.Body, line.Title, line.Section).ShouldBe((read, read, read));
        line.HadNoCharacter.ShouldBeTrue();
    }

    [Theory]
    [InlineData(@"\ud83d\ude00", "\U0001f600")]
    [InlineData(@"\\u0000 \\ud800", @"\u0000 \ud800")]
    public void characters_stay_what_they_are(string written, string read)
    {
        var line = Line("2001-02-03T04:05:06Z", written).ShouldNotBeNull();

        line.Body.ShouldBe(read);
        line.HadNoCharacter.ShouldBeFalse();
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59Z")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    [InlineData("2001-02-30T00:00:00Z")]
    [InlineData("12:30")]
    [InlineData("10/11")]
    [InlineData("1700000000")]
    [InlineData("infinity")]
    public void a_time_that_is_none_or_that_nobody_lived_in_is_unreadable(string time) =>
        Line(time, "x").ShouldBeNull();

    [Theory]
    [InlineData("2001-02-03T04:05:06Z")]
    [InlineData("2001-02-03 04:05:06")]
    [InlineData("2001-02-03T05:05:06.0000009+01:00")]
    public void a_time_is_read_in_utc_to_the_microsecond(string time) =>
        Line(time, "x").ShouldNotBeNull().At.ShouldBe(new(2001, 2, 3, 4, 5, 6, TimeSpan.Zero));

    [Theory]
    [InlineData(
        """{"source":"s","thread":"t","post":"p","author":"a","posted_at":"2001-02-03","body":"One.","body":"Two."}"""
    )]
    [InlineData(
        """{"source":"s","thread":"t","post":"p","author":"a","posted_at":"2001-02-03","body":"One.","more":{"a":1,"a":2}}"""
    )]
    public void a_line_that_says_something_twice_is_unreadable(string raw) =>
        SourceLine.Read("file", 1, Encoding.UTF8.GetBytes(raw), out _).ShouldBeNull();

    [Theory]
    [InlineData("1e999999")]
    [InlineData("-1e-99999")]
    [InlineData("1234567890123456789012345678901234567890123")]
    public void a_number_that_cannot_be_kept_makes_a_line_unreadable(string number)
    {
        SourceLine
            .Read(
                "file",
                1,
                Encoding.UTF8.GetBytes(
                    $$"""{"source":"s","thread":"t","post":"p","author":"a","posted_at":"2001-02-03","body":"One.","more":[{{number}}]}"""
                ),
                out var flaw
            )
            .ShouldBeNull();

        flaw.ShouldBe("A number in it is too large or too small.");
    }

    [Fact]
    public void what_a_line_lacks_is_called_by_its_name_in_the_file()
    {
        SourceLine.Read("file", 1, """{"source":"s","thread":"t","post":"p","author":"a"}"""u8.ToArray(), out var flaw);

        flaw.ShouldBe("The line has no posted_at or at.");
    }

    private static SourceLine? Line(string time, string text) =>
        SourceLine.Read(
            "file",
            1,
            Encoding.UTF8.GetBytes(
                $$"""{"source":"s","thread":"t","post":"p","author":"a","posted_at":"{{time}}","body":"{{text}}","thread_title":"{{text}}","section":"{{text}}"}"""
            ),
            out _
        );
}
