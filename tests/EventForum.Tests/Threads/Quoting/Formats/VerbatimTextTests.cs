using EventForum.Threads.Quoting;

namespace EventForum.Tests.Threads.Quoting.Formats;

public sealed class VerbatimTextTests
{
    [Theory]
    [InlineData("a\n\n  b", "<p class=\"verbatim\">a<br><br>  b</p>\n")]
    [InlineData("*a* [b]c[/b] <d>", "<p class=\"verbatim\">*a* [b]c[/b] &lt;d&gt;</p>\n")]
    [InlineData("> a", "<p class=\"verbatim\">&gt; a</p>\n")]
    public void Text_is_shown_as_it_is(string text, string html)
    {
        FormatTests.Html(text, PostFormat.Text).ShouldBe(html);
        FormatTests.Plain(text, PostFormat.Text).ShouldBe(text);
    }
}
