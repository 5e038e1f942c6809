using System.Text;
using EventForum.Exchange.Sources;
using MimeKit;

namespace EventForum.Tests.Exchange.Sources;

public sealed class MailBodyTests
{
    private readonly List<string> flaws = [];

    [Fact]
    public void of_two_ways_to_say_it_the_plain_one_is_taken() =>
        Body(
                """
                Content-Type: multipart/alternative; boundary=x

                --x
                Content-Type: text/plain

                In plain words.
                --x
                Content-Type: text/html

                <p>In <b>rich</b> words.</p>
                --x--
                """
            )
            .ShouldBe("In plain words.");

    [Fact]
    public void html_alone_becomes_text_with_its_quotes() =>
        Body(
                """
                Content-Type: text/html; charset=utf-8

                <html><head><style>p { color: red }</style></head><body><div>Ann wrote:</div>
                <blockquote><p>Shall we   meet?</p><p>On Friday?</p></blockquote>
                <p>Yes,<br>at <a href="https://example.org/pub">the pub</a>.</p><ul><li>One<li>Two</ul></body></html>
                """
            )
            .ShouldBe(
                "Ann wrote:\n> Shall we meet?\n> \n> On Friday?\n\nYes,\nat the pub <https://example.org/pub>.\n\n- One\n- Two"
            );

    [Fact]
    public void lines_that_flow_are_one_again_and_quotes_stay_quotes() =>
        Body(
                "Content-Type: text/plain; format=flowed\n\n> A quote that \n> goes on.\nAn answer that \ngoes on, too.\n\n From here.\n"
            )
            .ShouldBe("> A quote that goes on.\nAn answer that goes on, too.\n\nFrom here.");

    [Fact]
    public void what_leads_to_a_signature_does_not_flow() =>
        Body("Content-Type: text/plain; format=flowed\n\nAn answer \nthat flows.\n-- \nAnn\n")
            .ShouldBe("An answer that flows.\n--\nAnn");

    [Theory]
    [InlineData("One.\n\n>From here on.\n", "One.\n\nFrom here on.")]
    [InlineData("> One.\n>From there.\n> Two.\n", "> One.\n>From there.\n> Two.")]
    [InlineData("> One.\n>>From there.\n> Two.\n", "> One.\n>From there.\n> Two.")]
    public void what_an_mbox_file_put_before_a_line_is_taken_off(string text, string read) =>
        Body("Content-Type: text/plain\n\n" + text).ShouldBe(read);

    [Theory]
    [InlineData("windows-1252", "windows-1252", "\u201cQuoted\u201d, na\u00efvely", null)]
    [InlineData("utf-8", "windows-1252", "na\u00efve", "charset")]
    [InlineData("iso-8859-1", "iso-8859-1", "na\u00efve", null)]
    [InlineData("iso-8859-1", "windows-1252", "5 \u20ac", "charset")]
    [InlineData("x-nobody-knows", "utf-8", "na\u00efve", "charset")]
    [InlineData(null, "utf-8", "na\u00efve", "charset")]
    [InlineData("us-ascii", "utf-8", "na\u00efve", "charset")]
    [InlineData("koi8-r", "koi8-r", "\u041f\u0440\u0438\u0432\u0435\u0442", null)]
    public void a_charset_that_is_wrong_or_unknown_is_told(string? said, string real, string text, string? flaw)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var header = said is null ? "text/plain" : $"text/plain; charset={said}";

        Body($"Content-Type: {header}\n\n{text}\n", Encoding.GetEncoding(real)).ShouldBe(text);

        flaws.ShouldBe(flaw is null ? [] : [flaw]);
    }

    [Fact]
    public void attachments_are_named_and_signatures_are_not() =>
        Body(
                """
                Content-Type: multipart/mixed; boundary=x

                --x
                Content-Type: multipart/signed; boundary=y

                --y
                Content-Type: text/plain

                See the plan.
                --y
                Content-Type: application/pgp-signature; name=signature.asc

                none
                --y--
                --x
                Content-Type: application/pdf; name="plan.pdf"
                Content-Disposition: attachment; filename="plan.pdf"

                none
                --x
                Content-Type: image/png

                none
                --x--
                """
            )
            .ShouldBe("See the plan.\n\n[attached: plan.pdf, image/png]");

    [Fact]
    public void addresses_are_left_out_of_the_text_and_that_is_told()
    {
        Body(
                "Content-Type: text/plain\n\nAnn <ann@example.org> wrote:\n> Ask bob@mail.example.org.\n@here 2x.png a@2x.png\n"
            )
            .ShouldBe("Ann <address> wrote:\n> Ask <address>.\n@here 2x.png a@2x.png");

        flaws.ShouldBe(["address"]);
    }

    private string Body(string mail, Encoding? encoding = null)
    {
        using var stream = new MemoryStream((encoding ?? Encoding.UTF8).GetBytes("MIME-Version: 1.0\n" + mail));
        using var message = MimeMessage.Load(stream);
        return MailBody.Of(message, isMbox: true, (kind, _) => flaws.Add(kind));
    }
}
