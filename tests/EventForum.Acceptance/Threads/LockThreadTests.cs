using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Threads;

/// <summary>Locking and unlocking.</summary>
public sealed class LockThreadTests(ForumHost forum)
{
    [Fact]
    public async Task a_moderator_locks_and_unlocks_a_thread()
    {
        var thread = await forum.NewThread();

        (await forum.Moderator().Lock(thread.Id)).ShouldBe(200).Version.ShouldBe(2);
        (await forum.Moderator().Unlock(thread.Id)).ShouldBe(200).Version.ShouldBe(3);

        (await forum.Member().Reply(thread.Id, "Thanks.")).ShouldBe(201).Number.ShouldBe(2);
        (await forum.Database.EventsOfAsync(thread.Id)).ShouldBe([
            "thread_started",
            "thread_locked",
            "thread_unlocked",
            "reply_posted",
        ]);
    }

    [Fact]
    public async Task nobody_else_does()
    {
        var thread = await forum.NewThread();

        await thread.Starter.IsRefused(thread.Id, m => m.Lock(thread.Id), 403, "moderators-only");
        (await forum.Admin().Lock(thread.Id)).ShouldBe(200);
        await thread.Starter.IsRefused(thread.Id, m => m.Unlock(thread.Id), 403, "moderators-only");
    }

    [Fact]
    public async Task it_takes_a_reason()
    {
        var thread = await forum.NewThread();

        await forum.Moderator().IsRefused(thread.Id, m => m.Lock(thread.Id, " "), 422, "reason-length");
        (await forum.Moderator().Lock(thread.Id)).ShouldBe(200);
        await forum.Moderator().IsRefused(thread.Id, m => m.Unlock(thread.Id, " "), 422, "reason-length");
    }

    [Fact]
    public async Task it_is_not_done_twice()
    {
        var thread = await forum.NewThread();

        await forum.Moderator().IsRefused(thread.Id, m => m.Unlock(thread.Id), 409, "not-locked");
        (await forum.Moderator().Lock(thread.Id)).ShouldBe(200);
        await forum.Moderator().IsRefused(thread.Id, m => m.Lock(thread.Id), 409, "already-locked");
    }

    [Fact]
    public async Task a_thread_that_is_not_there_is_not_locked()
    {
        var unknown = Guid.CreateVersion7();

        await forum.Moderator().IsRefused(unknown, m => m.Lock(unknown), 404, "thread-not-found");
        await forum.Moderator().IsRefused(unknown, m => m.Unlock(unknown), 404, "thread-not-found");
    }
}
