using System.Text.Json;
using EventForum.Platform;

namespace EventForum.Tests.Platform;

public sealed class AnswerSizeTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("é")]
    [InlineData("中")]
    [InlineData("\U0001F426")]
    public void an_answer_is_full_by_the_bytes_that_it_takes_on_the_wire(string character)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(character, Wire.Json).Length - 2;
        var size = new AnswerSize();

        size.Add(string.Concat(Enumerable.Repeat(character, (Bounds.AnswerBytes - 1) / bytes)));
        size.IsFull.ShouldBeFalse();
        size.Add(character);
        size.IsFull.ShouldBeTrue();
    }
}
