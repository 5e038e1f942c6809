using EventForum.Threads.Reading;
using Microsoft.Extensions.Time.Testing;

namespace EventForum.Tests.Threads.Reading;

public sealed class ThreadPresenceTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider clock = new();
    private readonly ThreadPresence presence;
    private readonly Guid thread = Guid.CreateVersion7();

    public ThreadPresenceTests() => presence = new ThreadPresence(clock);

    [Fact]
    public void members_are_named_in_order_and_guests_are_counted()
    {
        presence.Seen(thread, "2", "Zoe");
        presence.Seen(thread, "1", "Ada");
        presence.Seen(thread, "1", "Ada");
        presence.Seen(thread, "a browser", null);
        presence.Seen(Guid.CreateVersion7(), "another browser", null);

        presence.Of(thread).Members.ShouldBe(["Ada", "Zoe"]);
        presence.Of(thread).Guests.ShouldBe(1);
    }

    [Fact]
    public void who_is_not_seen_for_a_minute_has_gone()
    {
        presence.Seen(thread, "1", "Ada");
        presence.Seen(thread, "2", "Zoe");
        clock.Advance(ThreadPresence.Expiry);
        presence.Seen(thread, "2", "Zoe");
        presence.Of(thread).Members.ShouldBe(["Ada", "Zoe"]);

        clock.Advance(Second);

        presence.Of(thread).Members.ShouldBe(["Zoe"]);
    }

    [Fact]
    public void viewers_are_counted_once_a_second()
    {
        presence.Seen(thread, "1", "Ada");
        var counted = presence.Of(thread);
        presence.Seen(thread, "2", "Zoe");
        presence.Of(thread).ShouldBeSameAs(counted);

        clock.Advance(Second);

        presence.Of(thread).Members.ShouldBe(["Ada", "Zoe"]);
    }

    [Fact]
    public void beyond_the_most_viewers_newcomers_are_not_counted_until_others_have_gone()
    {
        for (var i = 0; i < ThreadPresence.MaxViewers; i++)
        {
            presence.Seen(Guid.CreateVersion7(), "a browser", null);
        }

        presence.Seen(thread, "1", "Ada");
        presence.Of(thread).Members.ShouldBeEmpty();
        clock.Advance(ThreadPresence.Expiry + Second);
        presence.Seen(thread, "1", "Ada");

        presence.Of(thread).Members.ShouldBe(["Ada"]);
    }
}
