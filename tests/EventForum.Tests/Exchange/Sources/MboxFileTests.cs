using System.Text;
using EventForum.Exchange.Sources;

namespace EventForum.Tests.Exchange.Sources;

public sealed class MboxFileTests
{
    private const string Mark = "From ann Mon Feb  5 10:00:00 2001\n";

    [Theory]
    [InlineData(Mark + "A: b\n\nOne.\n\n" + Mark + "A: c\n\nTwo.\n", "A: b\n\nOne.\n\n|A: c\n\nTwo.\n")]
    [InlineData(
        Mark + "A: b\r\n\r\nOne.\r\n\r\n" + Mark + "A: c\r\n\r\nTwo.",
        "A: b\r\n\r\nOne.\r\n\r\n|A: c\r\n\r\nTwo."
    )]
    [InlineData(
        Mark + "A: b\n\nFrom here on.\n\nFrom 10:00 to 11:00.\nNo.\n",
        "A: b\n\nFrom here on.\n\nFrom 10:00 to 11:00.\nNo.\n"
    )]
    [InlineData(Mark + "A: b\n\nOne.\n" + Mark + "A: c\n", "A: b\n\nOne.\n" + Mark + "A: c\n")]
    [InlineData(Mark + "A: b\n\n" + Mark, "A: b\n\n" + Mark)]
    [InlineData("From ann at example.org  Mon Feb  5 10:00:00 2001\nA: b\n", "A: b\n")]
    [InlineData("", "")]
    public void a_mail_ends_where_a_line_with_a_time_stands_between_a_blank_one_and_a_header(string mbox, string mails)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(mbox));

        string.Join('|', MboxFile.Mails(stream).Select(Encoding.UTF8.GetString)).ShouldBe(mails);
    }
}
