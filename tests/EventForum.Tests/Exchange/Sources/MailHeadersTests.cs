using System.Text;
using EventForum.Exchange.Sources;
using MimeKit;

namespace EventForum.Tests.Exchange.Sources;

public sealed class MailHeadersTests
{
    private static readonly DateTimeOffset Now = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Ann Example <ann@example.org>", "Ann Example")]
    [InlineData("ann@example.org (Ann Example)", "Ann Example")]
    [InlineData("ann at example.org (Ann Example)", "Ann Example")]
    [InlineData("=?utf-8?q?Zo=C3=AB?= <zoe@example.org>", "Zo\u00eb")]
    [InlineData("\"Ann Example via Some List\" <list@example.org>", "Ann Example")]
    [InlineData("\"ann@example.org\" <ann@example.org>", null)]
    [InlineData("ann@example.org", null)]
    public void a_name_is_taken_over_and_an_address_never(string from, string? name)
    {
        var (read, key) = MailHeaders.Author(Mail($"From: {from}"));

        read.ShouldBe(name);
        key.Contains("ann", StringComparison.Ordinal).ShouldBeFalse();
        key.Length.ShouldBe(16);
    }

    [Fact]
    public void one_address_is_one_author_whatever_the_name() =>
        MailHeaders
            .Author(Mail("From: Ann <ANN@example.org>"))
            .Key.ShouldBe(MailHeaders.Author(Mail("From: ann@example.org")).Key);

    [Fact]
    public void those_whom_a_list_writes_for_are_told_apart()
    {
        var (_, ann) = MailHeaders.Author(Mail("From: Ann via L <l@example.org>\nReply-To: ann@example.org"));
        var (_, bob) = MailHeaders.Author(Mail("From: Bob via L <l@example.org>\nReply-To: bob@example.org"));

        ann.ShouldNotBe(bob, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("Re: RE: [tea] Aw: Which pot?", "Which pot?")]
    [InlineData("Re[2]: Which pot?", "Which pot?")]
    [InlineData("Regarding pots", "Regarding pots")]
    [InlineData("[other] Which pot?", "[other] Which pot?")]
    [InlineData("Mail to ann@example.org bounces", "Mail to <address> bounces")]
    public void a_subject_is_read_without_what_mailers_and_lists_put_before_it(string subject, string read) =>
        MailHeaders.Subject(Mail($"Subject: {subject}"), "tea").ShouldBe(read);

    [Theory]
    [InlineData("List-Id: Tea drinkers <tea.lists.example.org>", "tea")]
    [InlineData("List-Id: tea.lists.example.org", "tea")]
    [InlineData("Newsgroups: rec.food.tea,rec.food.coffee", "rec.food.tea")]
    [InlineData("Subject: None", null)]
    public void the_list_is_known_by_its_short_name(string header, string? list) =>
        MailHeaders.List(Mail(header)).ShouldBe(list);

    [Theory]
    [InlineData("Date: Mon, 05 Feb 2001 10:00:00 +0100", "2001-02-05T09:00:00Z", false)]
    [InlineData("Date: Some day\nReceived: by x; Mon, 05 Feb 2001 10:00:00 +0000", "2001-02-05T10:00:00Z", true)]
    [InlineData(
        "Date: Mon, 05 Feb 2035 10:00:00 +0000\nReceived: by x; Mon, 05 Feb 2001 10:00:00 +0000",
        "2001-02-05T10:00:00Z",
        true
    )]
    [InlineData("Subject: None", null, false)]
    public void a_date_that_cannot_be_gives_way_to_when_it_was_received(string header, string? time, bool isDoubtful)
    {
        var read = MailHeaders.Time(Mail(header), Now, out var doubtful);

        read.ShouldBe(
            time is null ? null : DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture)
        );
        doubtful.ShouldBe(isDoubtful);
    }

    private static MimeMessage Mail(string headers) =>
        MimeMessage.Load(new MemoryStream(Encoding.UTF8.GetBytes(headers + "\n\nText.\n")));
}
