using EventForum.Members;

namespace EventForum.Tests.Members;

public sealed class MemberNameTests
{
    [Theory]
    [InlineData("Alice", "alice")]
    [InlineData(" alice ", "ALICE")]
    [InlineData("\uff21lice", "alice")]
    [InlineData("\ufb01ne", "FINE")]
    [InlineData("e\u0301", "\u00c9")]
    [InlineData("\u0391\u03a3", "\u03b1\u03c2")]
    public void names_that_look_the_same_have_the_same_key(string one, string other) =>
        MemberName.Key(one).ShouldBe(MemberName.Key(other));

    [Theory]
    [InlineData("alice", "alicia")]
    [InlineData("a b", "ab")]
    [InlineData("\u0130", "i")]
    public void other_names_have_other_keys(string one, string other) =>
        MemberName.Key(one).ShouldNotBe(MemberName.Key(other), StringComparer.Ordinal);

    [Fact]
    public void a_name_that_is_no_text_has_a_key_all_the_same() => MemberName.Key("a\ud83d").ShouldBe("");
}
