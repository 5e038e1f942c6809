using EventForum.Threads;
using static EventForum.Tests.Threads.Person;

namespace EventForum.Tests.Threads;

public sealed class RenameThreadTests
{
    [Fact]
    public void the_starter_renames() =>
        ThreadStory.Given().When(Ann, Rename(" Another ")).Then(new ThreadRenamed("Another", null));

    [Fact]
    public void someone_elses_thread_takes_a_moderator_with_a_reason()
    {
        ThreadStory.Given().When(Ben, Rename("Another", "Because.")).ThenRefused(403, "not-your-thread");
        ThreadStory.Given().When(Mod, Rename("Another")).ThenRefused(422, "reason-needed");
        ThreadStory.Given().When(Mod, Rename("Another", "Clearer.")).Then(new ThreadRenamed("Another", "Clearer."));
    }

    [Fact]
    public void a_locked_thread_is_renamed_by_moderators_only()
    {
        var story = ThreadStory.Given(Mod.Did(new ThreadLocked("Settled.")));

        story.When(Ann, Rename("Another")).ThenRefused(409, "thread-locked");
        story.When(Mod, Rename("Another", "Clearer.")).Then(new ThreadRenamed("Another", "Clearer."));
    }

    [Fact]
    public void the_title_that_it_has_is_no_other()
    {
        ThreadStory.Given().When(Ann, Rename(" A title ")).ThenRefused(409, "nothing-changed");
        ThreadStory
            .Given(Ann.Did(new ThreadRenamed("Another", null)))
            .When(Ann, Rename("A title"))
            .Then(new ThreadRenamed("A title", null));
    }

    [Theory]
    [InlineData(null, "title-length")]
    [InlineData("ab", "title-length")]
    [InlineData("a\nb", "title-characters")]
    public void a_title_is_a_line_of_3_characters_at_least(string? title, string type) =>
        ThreadStory.Given().When(Ann, Rename(title!)).ThenRefused(422, type);

    [Fact]
    public void without_a_thread_there_is_no_title() =>
        ThreadStory.Nothing().When(Ann, Rename("Another")).ThenRefused(404, "thread-not-found");

    private static RenameThread Rename(string title, string? reason = null) => new(ThreadStory.Id, title, reason);
}
