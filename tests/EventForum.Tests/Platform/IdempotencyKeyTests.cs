using EventForum.Platform;

namespace EventForum.Tests.Platform;

public sealed class IdempotencyKeyTests
{
    [Theory]
    [InlineData(null, true)]
    [InlineData("k", true)]
    [InlineData("with spaces ~", true)]
    [InlineData("", false)]
    [InlineData("tab\t", false)]
    [InlineData("\u00e9", false)]
    public void a_key_is_printable_ascii(string? key, bool isGood) =>
        (IdempotencyKey.RefusalOf(key) is null).ShouldBe(isGood);

    [Fact]
    public void a_key_has_255_characters_at_most()
    {
        IdempotencyKey.RefusalOf(new string('k', 255)).ShouldBeNull();
        IdempotencyKey.RefusalOf(new string('k', 256)).ShouldNotBeNull().Status.ShouldBe(400);
    }
}
