using EventForum.Threads;
using static EventForum.Tests.Threads.Person;

namespace EventForum.Tests.Threads;

/// <summary>Pinning and unpinning.</summary>
public sealed class PinThreadTests
{
    private static ThreadStory Loose => ThreadStory.Given();

    private static ThreadStory Pinned => ThreadStory.Given(Mod.Did(new ThreadPinned(null)));

    [Fact]
    public void moderators_pin_and_unpin_and_may_say_why()
    {
        Loose.When(Mod, Pin()).Then(new ThreadPinned(null));
        Loose.When(Mod, Pin(" Read this first. ")).Then(new ThreadPinned("Read this first."));
        Pinned.When(Mod, Unpin()).Then(new ThreadUnpinned(null));
        Pinned.When(Mod, Unpin(" Old. ")).Then(new ThreadUnpinned("Old."));
    }

    [Fact]
    public void nobody_else_does()
    {
        Loose.When(Ann, Pin()).ThenRefused(403, "moderators-only");
        Pinned.When(Ann, Unpin()).ThenRefused(403, "moderators-only");
    }

    [Fact]
    public void nothing_is_done_twice()
    {
        Pinned.When(Mod, Pin()).ThenRefused(409, "already-pinned");
        Loose.When(Mod, Unpin()).ThenRefused(409, "not-pinned");
    }

    [Fact]
    public void a_reason_is_not_a_long_story()
    {
        var story = new string('x', 501);

        Loose.When(Mod, Pin(story)).ThenRefused(422, "reason-length");
        Pinned.When(Mod, Unpin(story)).ThenRefused(422, "reason-length");
    }

    [Fact]
    public void a_locked_thread_can_be_pinned() =>
        ThreadStory.Given(Mod.Did(new ThreadLocked("Settled."))).When(Mod, Pin()).Then(new ThreadPinned(null));

    [Fact]
    public void without_a_thread_there_is_nothing_to_pin()
    {
        ThreadStory.Nothing().When(Mod, Pin()).ThenRefused(404, "thread-not-found");
        ThreadStory.Nothing().When(Mod, Unpin()).ThenRefused(404, "thread-not-found");
    }

    private static PinThread Pin(string? reason = null) => new(ThreadStory.Id, reason);

    private static UnpinThread Unpin(string? reason = null) => new(ThreadStory.Id, reason);
}
