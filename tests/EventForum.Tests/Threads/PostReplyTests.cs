using EventForum.Commands;
using EventForum.Threads;
using static EventForum.Tests.Threads.Person;

namespace EventForum.Tests.Threads;

public sealed class PostReplyTests
{
    [Fact]
    public void a_reply_gets_the_next_number_and_answers_the_newest_version()
    {
        var command = new PostReply(ThreadStory.Id, "Text.");

        var receipt = ThreadStory
            .Given(
                Ben.Did(new ReplyPosted(Guid.CreateVersion7(), 2, "Two.", [], 1)),
                Ann.Did(new ThreadRenamed("Another", null))
            )
            .When(Ben, command)
            .Then(new ReplyPosted(command.PostId, 3, "Text.", [], 3));

        receipt.ShouldBe(new Receipt(PostId: command.PostId, Number: 3, Revision: 1));
    }

    [Fact]
    public void a_removed_post_keeps_its_number()
    {
        var two = Guid.CreateVersion7();
        var command = new PostReply(ThreadStory.Id, "Text.");

        ThreadStory
            .Given(Ben.Did(new ReplyPosted(two, 2, "Two.", [], 1)), Ben.Did(new PostRemoved(two, null)))
            .When(Ben, command)
            .Then(new ReplyPosted(command.PostId, 3, "Text.", [], 3));
    }

    [Fact]
    public void a_reply_names_the_post_that_it_answers()
    {
        var command = new PostReply(ThreadStory.Id, "Text.", ParentId: ThreadStory.First);

        ThreadStory
            .Given()
            .When(Ben, command)
            .Then(new ReplyPosted(command.PostId, 2, "Text.", [], 1, ParentId: ThreadStory.First));
    }

    [Fact]
    public void a_post_that_is_not_there_or_removed_is_not_answered()
    {
        var two = Guid.CreateVersion7();
        var story = ThreadStory.Given(
            Ben.Did(new ReplyPosted(two, 2, "Two.", [], 1)),
            Ben.Did(new PostRemoved(two, null))
        );

        story
            .When(Ann, new PostReply(ThreadStory.Id, "Text.", ParentId: Guid.CreateVersion7()))
            .ThenRefused(422, "parent-not-found");
        story.When(Ann, new PostReply(ThreadStory.Id, "Text.", ParentId: two)).ThenRefused(409, "parent-removed");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void a_version_that_is_not_there_is_not_answered(long version) =>
        ThreadStory
            .Given()
            .When(Ben, new PostReply(ThreadStory.Id, "Text.", version))
            .ThenRefused(422, "unknown-version");

    [Fact]
    public void a_locked_thread_takes_no_reply_not_even_a_moderators()
    {
        var story = ThreadStory.Given(Mod.Did(new ThreadLocked("Settled.")));

        story
            .When(Ben, new PostReply(ThreadStory.Id, "Text."))
            .ThenRefused(409, "thread-locked")
            .Detail.ShouldContain("Settled.");
        story.When(Mod, new PostReply(ThreadStory.Id, "Text.")).ThenRefused(409, "thread-locked");
    }

    [Fact]
    public void an_unlocked_thread_takes_replies_again()
    {
        var command = new PostReply(ThreadStory.Id, "Text.");

        ThreadStory
            .Given(Mod.Did(new ThreadLocked("Settled.")), Mod.Did(new ThreadUnlocked("Not yet.")))
            .When(Ben, command)
            .Then(new ReplyPosted(command.PostId, 2, "Text.", [], 3));
    }

    [Fact]
    public void without_a_thread_there_is_no_reply() =>
        ThreadStory.Nothing().When(Ben, new PostReply(ThreadStory.Id, "Text.")).ThenRefused(404, "thread-not-found");

    [Fact]
    public void a_missing_body_is_an_empty_one() =>
        ThreadStory.Given().When(Ben, new PostReply(ThreadStory.Id, null!)).ThenRefused(422, "body-empty");
}
