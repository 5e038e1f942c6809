using EventForum.Threads;
using EventForum.Threads.Quoting;
using static EventForum.Tests.Threads.Person;

namespace EventForum.Tests.Threads;

public sealed class QuotePostTests
{
    [Fact]
    public void a_quote_refers_to_the_words_and_does_not_copy_them()
    {
        var command = new QuotePost(ThreadStory.Id, ThreadStory.First, "Indeed.", "first post");

        ThreadStory
            .Given()
            .When(Ben, command)
            .Then(
                new ReplyPosted(
                    command.PostId,
                    2,
                    "Indeed.",
                    [new Quote(0, ThreadStory.First, 1, 4, 10)],
                    1,
                    ParentId: ThreadStory.First
                )
            );
    }

    [Fact]
    public void it_refers_to_the_newest_revision()
    {
        var command = new QuotePost(ThreadStory.Id, ThreadStory.First, "Indeed.", null);

        ThreadStory
            .Given(Ann.Did(new PostEdited(ThreadStory.First, "Better.", [], null)))
            .When(Ben, command)
            .Then(
                new ReplyPosted(
                    command.PostId,
                    2,
                    "Indeed.",
                    [new Quote(0, ThreadStory.First, 2, 0, 7)],
                    2,
                    ParentId: ThreadStory.First
                )
            );
    }

    [Fact]
    public void words_that_are_not_in_the_post_are_no_quote() =>
        ThreadStory
            .Given()
            .When(Ben, new QuotePost(ThreadStory.Id, ThreadStory.First, "Indeed.", "last post"))
            .ThenRefused(422, "misquote");

    [Fact]
    public void a_removed_post_is_not_quoted() =>
        ThreadStory
            .Given(Ann.Did(new PostRemoved(ThreadStory.First, null)))
            .When(Ben, new QuotePost(ThreadStory.Id, ThreadStory.First, "Indeed.", null))
            .ThenRefused(409, "post-removed");

    [Fact]
    public void a_locked_thread_takes_no_quote() =>
        ThreadStory
            .Given(Mod.Did(new ThreadLocked("Settled.")))
            .When(Ben, new QuotePost(ThreadStory.Id, ThreadStory.First, "Indeed.", null))
            .ThenRefused(409, "thread-locked");

    [Fact]
    public void a_post_that_is_not_there_is_not_quoted() =>
        ThreadStory
            .Given()
            .When(Ben, new QuotePost(ThreadStory.Id, Guid.CreateVersion7(), "Indeed.", null))
            .ThenRefused(404, "post-not-found");
}
