using EventForum.Audit;
using EventForum.Boards;
using EventForum.Cases;
using EventForum.Members;
using EventForum.Moderation;
using EventForum.Platform;
using EventForum.Tests.Threads;
using EventForum.Tests.Views;
using EventForum.Threads;
using EventForum.Views.Framework;

namespace EventForum.Tests.Audit;

public sealed class StoryIndexTests
{
    [Fact]
    public void an_event_stands_in_the_stories_of_all_that_it_is_about()
    {
        var story = new ViewStory();
        var post = story.Start("Herons");
        story.Happen(new PostRemoved(post, "Spam."), Person.Ben);

        var things = story.RowsOf(new StoryIndex()).Select(row => row.Thing).ToList();

        things.ShouldContain(post);
        things.ShouldContain(ViewStory.Board);
        things.ShouldContain(Person.Ann.Id);
        things.ShouldContain(Person.Ben.Id);
    }

    [Fact]
    public void a_move_stands_in_the_stories_of_the_posts_and_of_their_authors()
    {
        var (moved, stays) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        Things(
                new PostsMovedIn(
                    Guid.CreateVersion7(),
                    [new MovedPost(moved, 1, Person.Ann.Id, default)],
                    [new NumberedPost(stays, 2)],
                    2,
                    0,
                    "They are one."
                )
            )
            .ShouldBe([moved, stays, Person.Ann.Id, Person.Ben.Id], ignoreOrder: true);
    }

    [Fact]
    public void nobody_finds_in_a_story_who_reported_a_post_or_wrote_a_note()
    {
        var post = Guid.CreateVersion7();

        Things(new PostReported(post, Person.Ann.Id, 1, "spam", null))
            .ShouldBe([post, Person.Ann.Id], ignoreOrder: true);
        Things(new CaseNoted("Hm.")).ShouldBeEmpty();
        Things(new CaseTaken()).ShouldBe([Person.Ben.Id]);
    }

    [Fact]
    public void what_happens_to_a_case_stands_in_the_story_of_the_thread_that_its_post_is_in_then()
    {
        var thread = Guid.CreateVersion7();
        var e = ThreadStory.Told(new CaseTaken(), Person.Ben.Id, 1);

        new StoryIndex()
            .RowsOf(new ViewEvent(e, null, null, []) { CaseThreadId = thread })
            .ShouldContain(row => row.Thing == thread);
    }

    [Fact]
    public void only_events_of_cases_are_confidential() =>
        BoardEventDescriptions
            .All.Concat(MemberEventDescriptions.All)
            .Concat(ThreadEventDescriptions.All)
            .Concat(BatchEventDescriptions.All)
            .Concat(ManagedViewEventDescriptions.All)
            .ShouldNotContain(description => description.IsConfidential);

    /// <summary>What an event by Ben is about, beside its stream and its batch.</summary>
    private static Guid[] Things(object data)
    {
        var e = ThreadStory.Told(data, Person.Ben.Id, 1);
        return
        [
            .. new StoryIndex()
                .RowsOf(new ViewEvent(e, null, null, []))
                .Select(row => row.Thing)
                .Except([e.StreamId, e.BatchId()]),
        ];
    }
}
