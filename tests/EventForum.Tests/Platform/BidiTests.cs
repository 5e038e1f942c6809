using EventForum.Platform;

namespace EventForum.Tests.Platform;

public sealed class BidiTests
{
    [Theory]
    [InlineData("Ada")]
    [InlineData("Zo\u00eb \u5c71\u7530 \u041e\u043b\u044c\u0433\u0430")]
    [InlineData("")]
    public void what_cannot_reorder_anything_stays_as_it_is(string text) => Bidi.Isolate(text).ShouldBe(text);

    [Theory]
    [InlineData("\u05d3\u05d5\u05d3", "\u2068\u05d3\u05d5\u05d3\u2069")]
    [InlineData("\u0639\u0644\u064a (2)", "\u2068\u0639\u0644\u064a (2)\u2069")]
    [InlineData("a\u202eb", "\u2068a\u202eb\u2069")]
    [InlineData("a\u2067b", "\u2068a\u2067b\u2069\u2069")]
    [InlineData("a\u2069b", "\u2068ab\u2069")]
    [InlineData("\u2066a\u2069\u2069b", "\u2068\u2066a\u2069b\u2069")]
    [InlineData("\u07ca", "\u2068\u07ca\u2069")]
    [InlineData("\U0001e900", "\u2068\U0001e900\u2069")]
    public void what_can_is_between_isolates_that_nothing_in_it_ends(string text, string isolated) =>
        Bidi.Isolate(text).ShouldBe(isolated);
}
