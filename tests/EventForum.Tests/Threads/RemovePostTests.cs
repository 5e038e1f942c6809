using EventForum.Threads;
using static EventForum.Tests.Threads.Person;

namespace EventForum.Tests.Threads;

/// <summary>Removing posts and restoring them.</summary>
public sealed class RemovePostTests
{
    [Fact]
    public void an_author_removes_and_restores()
    {
        ThreadStory.Given().When(Ann, Remove()).Then(new PostRemoved(ThreadStory.First, null));
        ThreadStory
            .Given(Ann.Did(new PostRemoved(ThreadStory.First, null)))
            .When(Ann, Restore())
            .Then(new PostRestored(ThreadStory.First, null));
    }

    [Fact]
    public void someone_elses_post_takes_a_moderator_with_a_reason()
    {
        var there = ThreadStory.Given();
        var gone = ThreadStory.Given(Ann.Did(new PostRemoved(ThreadStory.First, null)));

        there.When(Ben, Remove("Because.")).ThenRefused(403, "not-your-post");
        there.When(Mod, Remove()).ThenRefused(422, "reason-needed");
        there.When(Mod, Remove(" Spam. ")).Then(new PostRemoved(ThreadStory.First, "Spam."));
        gone.When(Ben, Restore("Because.")).ThenRefused(403, "not-your-post");
        gone.When(Mod, Restore()).ThenRefused(422, "reason-needed");
        gone.When(Mod, Restore("Needed.")).Then(new PostRestored(ThreadStory.First, "Needed."));
    }

    [Fact]
    public void what_a_moderator_removed_its_author_does_not_restore() =>
        ThreadStory
            .Given(Mod.Did(new PostRemoved(ThreadStory.First, "Spam.")))
            .When(Ann, Restore())
            .ThenRefused(403, "removed-by-moderator");

    [Fact]
    public void what_its_author_removed_again_its_author_restores() =>
        ThreadStory
            .Given(
                Mod.Did(new PostRemoved(ThreadStory.First, "Spam.")),
                Mod.Did(new PostRestored(ThreadStory.First, "No spam.")),
                Ann.Did(new PostRemoved(ThreadStory.First, null))
            )
            .When(Ann, Restore())
            .Then(new PostRestored(ThreadStory.First, null));

    [Fact]
    public void a_moderator_removes_what_its_author_removed_and_both_removals_are_lifted_on_their_own()
    {
        var own = Ann.Did(new PostRemoved(ThreadStory.First, "Oops."));
        var spam = Mod.Did(new PostRemoved(ThreadStory.First, "Spam."));
        var lifted = Mod.Did(new PostRestored(ThreadStory.First, "No spam."));
        var taken = Ann.Did(new PostRestored(ThreadStory.First, null));

        ThreadStory.Given(own).When(Mod, Remove("Spam.")).Then(new PostRemoved(ThreadStory.First, "Spam."));
        ThreadStory.Given(own, spam).When(Mod, Remove("Spam.")).ThenRefused(409, "post-removed");
        ThreadStory.Given(own, spam).When(Ann, Remove()).ThenRefused(409, "post-removed");
        ThreadStory.Given(spam).When(Ann, Remove()).Then(new PostRemoved(ThreadStory.First, null));
        foreach (var both in (ThreadStory[])[ThreadStory.Given(own, spam), ThreadStory.Given(spam, own)])
        {
            both.When(Ann, Restore()).Then(new PostRestored(ThreadStory.First, null));
            both.When(Mod, Restore("No spam.")).Then(new PostRestored(ThreadStory.First, "No spam."));
            both.When(Ann, Edit()).ThenRefused(409, "post-removed");
        }

        ThreadStory.Given(own, spam, taken).When(Ann, Restore()).ThenRefused(403, "removed-by-moderator");
        ThreadStory.Given(own, spam, lifted).When(Ann, Edit()).ThenRefused(409, "post-removed");
        ThreadStory.Given(own, spam, lifted).When(Ann, Restore()).Then(new PostRestored(ThreadStory.First, null));
        ThreadStory
            .Given(own, spam, lifted)
            .When(Mod, Remove("Spam."))
            .Then(new PostRemoved(ThreadStory.First, "Spam."));
        ThreadStory.Given(own, spam, lifted, taken).When(Ann, Edit()).Decision.Refusal.ShouldBeNull();
        ThreadStory.Given(own, spam, lifted, lifted).When(Ann, Edit()).Decision.Refusal.ShouldBeNull();
    }

    [Fact]
    public void nothing_is_done_twice()
    {
        ThreadStory.Given().When(Ann, Restore()).ThenRefused(409, "not-removed");
        ThreadStory
            .Given(Ann.Did(new PostRemoved(ThreadStory.First, null)))
            .When(Ann, Remove())
            .ThenRefused(409, "post-removed");
    }

    [Fact]
    public void a_locked_thread_stays_as_it_is_but_for_moderators()
    {
        var there = ThreadStory.Given(Mod.Did(new ThreadLocked("Settled.")));
        var gone = ThreadStory.Given(
            Ann.Did(new PostRemoved(ThreadStory.First, null)),
            Mod.Did(new ThreadLocked("Settled."))
        );

        there.When(Ann, Remove()).ThenRefused(409, "thread-locked");
        there.When(Mod, Remove("Spam.")).Then(new PostRemoved(ThreadStory.First, "Spam."));
        gone.When(Ann, Restore()).ThenRefused(409, "thread-locked");
        gone.When(Mod, Restore("Needed.")).Then(new PostRestored(ThreadStory.First, "Needed."));
    }

    [Fact]
    public void a_post_that_is_not_there_stays_away()
    {
        var unknown = Guid.CreateVersion7();

        ThreadStory.Given().When(Ann, new RemovePost(ThreadStory.Id, unknown, null)).ThenRefused(404, "post-not-found");
        ThreadStory
            .Given()
            .When(Ann, new RestorePost(ThreadStory.Id, unknown, null))
            .ThenRefused(404, "post-not-found");
    }

    private static EditPost Edit() => new(ThreadStory.Id, ThreadStory.First, "Other words.", null, null);

    private static RemovePost Remove(string? reason = null) => new(ThreadStory.Id, ThreadStory.First, reason);

    private static RestorePost Restore(string? reason = null) => new(ThreadStory.Id, ThreadStory.First, reason);
}
