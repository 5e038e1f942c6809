using System.Text.Json;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Threads;

/// <summary>Pinning and unpinning.</summary>
public sealed class PinThreadTests(ForumHost forum)
{
    [Fact]
    public async Task a_pinned_thread_says_so_and_comes_first_in_its_board_until_it_is_unpinned()
    {
        var old = await forum.NewThread();
        var late = (await forum.Member().StartThread(old.BoardId, "Later", "Text.")).ShouldBe(201).ThreadId;
        var pinned = (await forum.Moderator().Pin(old.Id, "Read this first.")).ShouldBe(200);

        (await ListedAsync(pinned.Position)).ShouldBe([(old.Id, true), (late, false)]);
        (await ThreadAsync()).GetProperty("pinned").GetBoolean().ShouldBeTrue();

        var unpinned = (await forum.Moderator().Unpin(old.Id)).ShouldBe(200);

        (await ListedAsync(unpinned.Position)).ShouldBe([(late, false), (old.Id, false)]);
        (await ThreadAsync()).GetProperty("pinned").GetBoolean().ShouldBeFalse();
        (await ThreadAsync("?version=2")).GetProperty("pinned").GetBoolean().ShouldBeTrue();
        (await ThreadAsync("?version=1")).GetProperty("pinned").GetBoolean().ShouldBeFalse();
        (await forum.Database.EventsOfAsync(old.Id)).ShouldBe(["thread_started", "thread_pinned", "thread_unpinned"]);

        async Task<List<(Guid Id, bool Pinned)>> ListedAsync(long position) =>
            [
                .. (await forum.Stranger().Get($"/api/boards/{old.BoardId}/threads?min-position={position}"))
                    .ShouldBe(200)
                    .Json.GetProperty("threads")
                    .EnumerateArray()
                    .Select(t => (t.GetProperty("id").GetGuid(), t.GetProperty("pinned").GetBoolean())),
            ];

        async Task<JsonElement> ThreadAsync(string query = "") =>
            (await forum.Stranger().Get($"/api/threads/{old.Id}{query}")).ShouldBe(200).Json;
    }

    [Fact]
    public async Task a_thread_keeps_its_pin_when_it_is_renamed_and_locked()
    {
        var thread = await forum.NewThread();
        var moderator = forum.Moderator();
        (await moderator.Pin(thread.Id)).ShouldBe(200);

        (await moderator.Rename(thread.Id, "Another title", "Clearer.")).ShouldBe(200);
        (await moderator.Lock(thread.Id)).ShouldBe(200);

        var page = (await forum.Stranger().Get($"/api/threads/{thread.Id}")).ShouldBe(200).Json;
        page.GetProperty("pinned").GetBoolean().ShouldBeTrue();
        page.GetProperty("locked").GetString().ShouldBe("It is settled.");
        page.GetProperty("title").GetString().ShouldBe("Another title");
    }

    [Fact]
    public async Task nobody_but_a_moderator_does_and_nothing_is_done_twice()
    {
        var thread = await forum.NewThread();
        var moderator = forum.Moderator();

        await thread.Starter.IsRefused(thread.Id, m => m.Pin(thread.Id), 403, "moderators-only");
        await moderator.IsRefused(thread.Id, m => m.Unpin(thread.Id), 409, "not-pinned");
        (await moderator.Pin(thread.Id)).ShouldBe(200);
        await moderator.IsRefused(thread.Id, m => m.Pin(thread.Id), 409, "already-pinned");
        await thread.Starter.IsRefused(thread.Id, m => m.Unpin(thread.Id), 403, "moderators-only");
    }
}
