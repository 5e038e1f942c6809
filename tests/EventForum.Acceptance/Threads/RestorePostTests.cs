using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Threads;

public sealed class RestorePostTests(ForumHost forum)
{
    [Fact]
    public async Task an_author_restores_what_the_author_removed()
    {
        var thread = await forum.NewThread();
        (await thread.Starter.Remove(thread.FirstPostId)).ShouldBe(200);

        var answer = (await thread.Starter.Restore(thread.FirstPostId)).ShouldBe(200);

        answer.PostId.ShouldBe(thread.FirstPostId);
        answer.Number.ShouldBe(1);
        answer.Version.ShouldBe(3);
        (await forum.Database.EventsOfAsync(thread.Id)).ShouldBe(["thread_started", "post_removed", "post_restored"]);
        (await thread.Starter.Edit(thread.FirstPostId, "Better.")).ShouldBe(200);
    }

    [Fact]
    public async Task what_a_moderator_removed_only_a_moderator_restores()
    {
        var thread = await forum.NewThread();
        (await forum.Moderator().Remove(thread.FirstPostId, "Spam.")).ShouldBe(200);

        await thread.Starter.IsRefused(thread.Id, m => m.Restore(thread.FirstPostId), 403, "removed-by-moderator");
        (await forum.Moderator().Restore(thread.FirstPostId, "No spam.")).ShouldBe(200);
    }

    [Fact]
    public async Task someone_elses_post_takes_a_moderator_and_a_reason()
    {
        var thread = await forum.NewThread();
        (await thread.Starter.Remove(thread.FirstPostId)).ShouldBe(200);

        await forum
            .Member()
            .IsRefused(thread.Id, m => m.Restore(thread.FirstPostId, "I liked it."), 403, "not-your-post");
        await forum.Moderator().IsRefused(thread.Id, m => m.Restore(thread.FirstPostId), 422, "reason-needed");
    }

    [Fact]
    public async Task a_post_in_view_is_not_restored()
    {
        var thread = await forum.NewThread();

        await thread.Starter.IsRefused(thread.Id, m => m.Restore(thread.FirstPostId), 409, "not-removed");
    }

    [Fact]
    public async Task in_a_locked_thread_only_moderators_restore()
    {
        var thread = await forum.NewThread();
        (await thread.Starter.Remove(thread.FirstPostId)).ShouldBe(200);
        (await forum.Moderator().Lock(thread.Id)).ShouldBe(200);

        await thread.Starter.IsRefused(thread.Id, m => m.Restore(thread.FirstPostId), 409, "thread-locked");
        (await forum.Moderator().Restore(thread.FirstPostId, "Needed.")).ShouldBe(200);
    }

    [Fact]
    public async Task a_post_that_is_not_there_is_not_restored()
    {
        var thread = await forum.NewThread();

        await forum.Member().IsRefused(thread.Id, m => m.Restore(Guid.CreateVersion7()), 404, "post-not-found");
    }
}
