using EventForum.Threads.Quoting;

namespace EventForum.Tests.Threads.Quoting;

public class PostBodyTests
{
    [Theory]
    [InlineData("one\r\ntwo\rthree\n", "one\ntwo\nthree")]
    [InlineData("\n \t\n    code\n\u00a0\n", "    code")]
    [InlineData(" \u2003\n", "")]
    [InlineData("", "")]
    [InlineData("inner  space \n\n\n stays", "inner  space \n\n\n stays")]
    public void A_body_is_trimmed_and_has_line_feeds_only(string raw, string stored)
    {
        PostBody.Normalise(raw).ShouldBe(stored);
        PostBody.Normalise(stored).ShouldBe(stored);
    }

    [Fact]
    public void An_emoji_counts_once()
    {
        PostBody.Flaw("😀".Times(PostBody.MaxLength)).ShouldBeNull();
        PostBody.Flaw("😀".Times(PostBody.MaxLength) + "a").ShouldBe(TextFlaw.TooLong);
    }

    [Theory]
    [InlineData("", TextFlaw.TooShort)]
    [InlineData("a\0b", TextFlaw.ContainsNul)]
    [InlineData("fine", null)]
    public void A_body_that_is_no_text_is_refused(string body, TextFlaw? flaw) => PostBody.Flaw(body).ShouldBe(flaw);

    [Fact]
    public void Half_a_character_is_refused()
    {
        PostBody.Flaw("a\ud83d").ShouldBe(TextFlaw.IllFormed);
        PostBody.Flaw("\ude00\ud83d").ShouldBe(TextFlaw.IllFormed);
    }

    [Fact]
    public void An_empty_excerpt_is_right() => PostBody.FlawOfExcerpt("").ShouldBeNull();
}
