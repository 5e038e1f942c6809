using EventForum.Commands;
using EventForum.Threads;
using EventForum.Threads.Quoting;
using static EventForum.Tests.Threads.Person;

namespace EventForum.Tests.Threads;

public sealed class EditPostTests
{
    [Fact]
    public void an_author_edits_without_a_reason() =>
        ThreadStory
            .Given()
            .When(Ann, Edit("Better.", reason: "  "))
            .Then(new PostEdited(ThreadStory.First, "Better.", [], null))
            .ShouldBe(new Receipt(PostId: ThreadStory.First, Number: 1, Revision: 2));

    [Fact]
    public void an_edit_keeps_the_format_unless_it_names_another()
    {
        var story = ThreadStory.Given(
            Ann.Did(new PostEdited(ThreadStory.First, "[b]Better.[/b]", [], null, Format: PostFormat.BbCode))
        );

        story
            .When(Ann, Edit("[b]Best.[/b]"))
            .Then(new PostEdited(ThreadStory.First, "[b]Best.[/b]", [], null, Format: PostFormat.BbCode));
        story
            .When(Ann, Edit("[b]Better.[/b]") with { Format = "markdown" })
            .Then(new PostEdited(ThreadStory.First, "[b]Better.[/b]", [], null));
        story.When(Ann, Edit("[b]Better.[/b]") with { Format = "bbcode" }).ThenRefused(409, "nothing-changed");
        story.When(Ann, Edit("[b]Better.[/b]") with { Format = "wiki" }).ThenRefused(422, "format-unknown");
    }

    [Fact]
    public void revisions_are_counted_from_the_last() =>
        ThreadStory
            .Given(Ann.Did(new PostEdited(ThreadStory.First, "Better.", [], null)))
            .When(Ann, Edit("Best.", revision: 2))
            .Then(new PostEdited(ThreadStory.First, "Best.", [], null))
            .Revision.ShouldBe(3);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void another_revision_than_the_newest_is_not_edited(int revision) =>
        ThreadStory
            .Given(Ann.Did(new PostEdited(ThreadStory.First, "Better.", [], null)))
            .When(Ann, Edit("Best.", revision: revision))
            .ThenRefused(412, "stale-revision")
            .Extensions["currentRevision"]
            .ShouldBe(2);

    [Fact]
    public void someone_elses_post_takes_a_moderator_with_a_reason()
    {
        var story = ThreadStory.Given();

        story.When(Ben, Edit("Better.", "Because.")).ThenRefused(403, "not-your-post");
        story.When(Mod, Edit("Better.")).ThenRefused(422, "reason-needed");
        story.When(Mod, Edit("Better.", " ")).ThenRefused(422, "reason-needed");
        story.When(Mod, Edit("Better.", " Rules. ")).Then(new PostEdited(ThreadStory.First, "Better.", [], "Rules."));
    }

    [Fact]
    public void in_a_locked_thread_moderators_edit_and_nobody_else()
    {
        var story = ThreadStory.Given(Mod.Did(new ThreadLocked("Settled.")));

        story.When(Ann, Edit("Better.")).ThenRefused(409, "thread-locked");
        story.When(Mod, Edit("Better.", "Rules.")).Then(new PostEdited(ThreadStory.First, "Better.", [], "Rules."));
    }

    [Fact]
    public void a_removed_post_is_not_edited() =>
        ThreadStory
            .Given(Ann.Did(new PostRemoved(ThreadStory.First, null)))
            .When(Ann, Edit("Better."))
            .ThenRefused(409, "post-removed");

    [Fact]
    public void the_same_text_is_no_edit() =>
        ThreadStory.Given().When(Ann, Edit("The first post. \n")).ThenRefused(409, "nothing-changed");

    [Fact]
    public void a_post_of_another_thread_is_not_found() =>
        ThreadStory
            .Given()
            .When(Ann, new EditPost(Guid.CreateVersion7(), ThreadStory.First, "Better.", null, null))
            .ThenRefused(404, "post-not-found");

    [Theory]
    [InlineData("one\ntwo")]
    [InlineData("one\0two")]
    public void a_reason_is_one_line(string reason) =>
        ThreadStory.Given().When(Ann, Edit("Better.", reason)).ThenRefused(422, "reason-characters");

    private static EditPost Edit(string body, string? reason = null, int? revision = null) =>
        new(ThreadStory.Id, ThreadStory.First, body, reason, revision);
}
