using EventForum.Threads;
using static EventForum.Tests.Threads.Person;

namespace EventForum.Tests.Threads;

/// <summary>Locking and unlocking.</summary>
public sealed class LockThreadTests
{
    private static ThreadStory Open => ThreadStory.Given();

    private static ThreadStory Closed => ThreadStory.Given(Mod.Did(new ThreadLocked("Settled.")));

    [Fact]
    public void moderators_lock_and_unlock()
    {
        Open.When(Mod, Lock(" Settled. ")).Then(new ThreadLocked("Settled."));
        Closed.When(Mod, Unlock(" Not yet. ")).Then(new ThreadUnlocked("Not yet."));
    }

    [Fact]
    public void nobody_else_does()
    {
        Open.When(Ann, Lock()).ThenRefused(403, "moderators-only");
        Closed.When(Ann, Unlock()).ThenRefused(403, "moderators-only");
    }

    [Fact]
    public void nothing_is_done_twice()
    {
        Closed.When(Mod, Lock()).ThenRefused(409, "already-locked");
        Open.When(Mod, Unlock()).ThenRefused(409, "not-locked");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("  ")]
    public void it_takes_a_reason(string? reason)
    {
        Open.When(Mod, Lock(reason!)).ThenRefused(422, "reason-length");
        Closed.When(Mod, Unlock(reason!)).ThenRefused(422, "reason-length");
    }

    [Fact]
    public void without_a_thread_there_is_nothing_to_lock()
    {
        ThreadStory.Nothing().When(Mod, Lock()).ThenRefused(404, "thread-not-found");
        ThreadStory.Nothing().When(Mod, Unlock()).ThenRefused(404, "thread-not-found");
    }

    private static LockThread Lock(string reason = "Settled.") => new(ThreadStory.Id, reason);

    private static UnlockThread Unlock(string reason = "Not yet.") => new(ThreadStory.Id, reason);
}
