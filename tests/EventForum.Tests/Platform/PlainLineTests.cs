using EventForum.Platform;

namespace EventForum.Tests.Platform;

public sealed class PlainLineTests
{
    [Theory]
    [InlineData("abc", null)]
    [InlineData("  abc  ", null)]
    [InlineData("\U0001F426\U0001F426\U0001F426", null)]
    [InlineData("e\u0301e", null)]
    [InlineData("ab", "name-length")]
    [InlineData("abcdef", "name-length")]
    [InlineData("\U0001F426\U0001F426", "name-length")]
    [InlineData(null, "name-length")]
    [InlineData("a\tc", "name-characters")]
    [InlineData("a\nc", "name-characters")]
    [InlineData("a\u2028c", "name-characters")]
    [InlineData("a\u2029c", "name-characters")]
    [InlineData("a\u0085c", "name-characters")]
    [InlineData("a\0c", "name-characters")]
    public void a_line_has_so_many_characters_and_none_that_breaks_it(string? text, string? refusal) =>
        PlainLine.RefusalOf(text, "name", 3, 5)?.Type.ShouldBe(refusal);

    // Not as an attribute's argument: metadata holds no such text.
    [Fact]
    public void half_a_surrogate_pair_is_no_character()
    {
        foreach (var text in (string[])["\ud83dbc", "abc\udc26d", "abcd\ud83d", "ab\udc26\ud83dc"])
        {
            PlainLine.RefusalOf(text, "name", 3, 5).ShouldNotBeNull().Type.ShouldBe("name-characters");
        }
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("abc", 3)]
    [InlineData("a\U0001F426c", 3)]
    [InlineData("e\u0301", 2)]
    public void length_counts_scalar_values(string text, int length) => PlainLine.Length(text).ShouldBe(length);
}
