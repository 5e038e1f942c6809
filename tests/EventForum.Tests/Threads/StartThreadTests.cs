using EventForum.Commands;
using EventForum.Threads;
using static EventForum.Tests.Threads.Person;

namespace EventForum.Tests.Threads;

public sealed class StartThreadTests
{
    [Fact]
    public void a_thread_starts_with_number_1()
    {
        var command = new StartThread(ThreadStory.Board.Id, " A title ", "\nText.\n");

        var receipt = ThreadStory
            .Nothing()
            .When(Ann, command)
            .Then(new ThreadStarted(ThreadStory.Board.Id, "A title", command.PostId, "Text.", []));

        receipt.ShouldBe(new Receipt(command.ThreadId, command.PostId, 1, 1));
    }

    [Fact]
    public void without_a_board_there_is_no_thread() =>
        ThreadStory
            .NoBoard()
            .When(Ann, new StartThread(Guid.CreateVersion7(), "A title", "Text."))
            .ThenRefused(404, "board-not-found");

    [Theory]
    [InlineData("", "title-length")]
    [InlineData("  ab  ", "title-length")]
    [InlineData("a\nb", "title-characters")]
    [InlineData("a\0b", "title-characters")]
    public void a_title_is_a_line_of_3_characters_at_least(string title, string type) =>
        ThreadStory.Nothing().When(Ann, new StartThread(ThreadStory.Board.Id, title, "Text.")).ThenRefused(422, type);

    [Theory]
    [InlineData("", "body-empty")]
    [InlineData(" \r\n ", "body-empty")]
    [InlineData("a\0b", "body-characters")]
    public void a_body_is_text(string body, string type) =>
        ThreadStory.Nothing().When(Ann, new StartThread(ThreadStory.Board.Id, "A title", body)).ThenRefused(422, type);

    [Fact]
    public void half_a_surrogate_pair_is_no_text()
    {
        var story = ThreadStory.Nothing();

        story
            .When(Ann, new StartThread(ThreadStory.Board.Id, "abc\ud83d", "Text."))
            .ThenRefused(422, "title-characters");
        story.When(Ann, new StartThread(ThreadStory.Board.Id, "A title", "\udc26")).ThenRefused(422, "body-characters");
    }

    [Theory]
    [InlineData(255, null)]
    [InlineData(256, "title-length")]
    public void a_title_is_counted_in_characters_and_not_in_code_units(int length, string? type)
    {
        var title = string.Concat(Enumerable.Repeat("\U0001F426", length));

        var verdict = ThreadStory.Nothing().When(Ann, new StartThread(ThreadStory.Board.Id, title, "Text."));

        verdict.Decision.Refusal?.Type.ShouldBe(type);
        (verdict.Decision.Refusal is null).ShouldBe(type is null);
    }
}
