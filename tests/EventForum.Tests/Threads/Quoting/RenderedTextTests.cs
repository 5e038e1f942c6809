using System.Security.Cryptography;
using System.Text;
using EventForum.Threads.Quoting;
using EventForum.Threads.Reading;

namespace EventForum.Tests.Threads.Quoting;

public class RenderedTextTests
{
    private const string Samples = """
        # Title ~~gone~~ **bold** *it* `code` <b>raw</b> &amp; "quotes" www.example.org
        - one
          - two

        1. first
        > quoted

        | a | b |
        |---|---|
        | 1 | [x](https://example.org "t") ![pic](https://example.org/p.png) |

            indented

        ```cs
        fenced < & >
        ```
        [quote]unknown[/quote] [quote="ann"]said[/quote] [b]bb[/b] <https://a.example> javascript:x [y](javascript:z)
        ---
        In article <1@a.example> Ann writes:

          set in
          below

        Ben writes:
        # marked
        # by Ben
        """;

    /// <summary>Stored texts are shown as they were rendered: what renders otherwise has another number.</summary>
    [Fact]
    public void a_renderer_that_renders_otherwise_has_another_number()
    {
        var all = string.Join(
            '\n',
            from format in Enum.GetValues<PostFormat>()
            from rendered in new[] { RenderedText.OfPost(Samples, format, []), RenderedText.OfWords(Samples, format) }
            from piece in rendered.Html.Concat(rendered.Plain)
            select piece
        );

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..16];

        (RenderedTextTable.Renderer, hash).ShouldBe(
            ("3", "1d4066605a2ba238"),
            "Raise RenderedTextTable.Renderer, and put the hash here."
        );
    }

    [Fact]
    public void a_text_has_a_piece_more_than_quotes_and_nothing_in_it_stands_for_a_quote()
    {
        Quote[] quotes = [new(0, Guid.CreateVersion7(), 1, 0, 5), new(6, Guid.CreateVersion7(), 1, 0, 5)];

        var text = RenderedText.OfPost("First\n\nSecond", PostFormat.Markdown, quotes);

        text.Html.ShouldBe(["", "<p>First</p>\n", "<p>Second</p>\n"]);
        text.Plain.ShouldBe(["", "First", "Second"]);
    }
}
