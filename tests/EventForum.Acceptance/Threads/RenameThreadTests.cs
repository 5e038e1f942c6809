using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Threads;

public sealed class RenameThreadTests(ForumHost forum)
{
    [Fact]
    public async Task the_starter_renames_a_thread()
    {
        var thread = await forum.NewThread();

        var answer = (await thread.Starter.Rename(thread.Id, " A better title ")).ShouldBe(200);

        answer.Version.ShouldBe(2);
        answer.Position.ShouldBeGreaterThan(0);
        (
            await forum.Database.ScalarAsync<string>(
                "select type || '|' || (data ->> 'title') from forum.mt_events where stream_id = $1 and version = 2",
                thread.Id
            )
        ).ShouldBe("thread_renamed|A better title");
    }

    [Fact]
    public async Task someone_elses_thread_takes_a_moderator_and_a_reason()
    {
        var thread = await forum.NewThread();

        await forum
            .Member()
            .IsRefused(thread.Id, m => m.Rename(thread.Id, "Mine now", "Because."), 403, "not-your-thread");
        await forum.Moderator().IsRefused(thread.Id, m => m.Rename(thread.Id, "Better"), 422, "reason-needed");
        (await forum.Moderator().Rename(thread.Id, "Better", "Clearer.")).ShouldBe(200);
    }

    [Fact]
    public async Task the_title_that_it_has_is_refused()
    {
        var thread = await forum.NewThread();

        await thread.Starter.IsRefused(
            thread.Id,
            m => m.Rename(thread.Id, $" {thread.Title} "),
            409,
            "nothing-changed"
        );
    }

    [Fact]
    public async Task a_locked_thread_is_renamed_by_moderators_only()
    {
        var thread = await forum.NewThread();
        (await forum.Moderator().Lock(thread.Id)).ShouldBe(200);

        await thread.Starter.IsRefused(thread.Id, m => m.Rename(thread.Id, "Better"), 409, "thread-locked");
        (await forum.Moderator().Rename(thread.Id, "Better", "Clearer.")).ShouldBe(200);
    }

    [Fact]
    public async Task a_thread_that_is_not_there_is_not_renamed()
    {
        var unknown = Guid.CreateVersion7();

        await forum.Member().IsRefused(unknown, m => m.Rename(unknown, "Better"), 404, "thread-not-found");
    }
}
