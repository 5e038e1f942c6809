using System.Text.Json;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Moderation;

public sealed class MoveThreadsTests(ForumHost forum)
{
    [Fact]
    public async Task a_thread_moves_with_its_posts_and_the_past_stays_where_it_was()
    {
        var clock = new ShiftedClock { Shift = TimeSpan.FromDays(-70) };
        await using var database = await TestDatabase.CreateAsync();
        await using var own = await ForumHost.StartAsync(clock, database);
        var moderator = own.Moderator();
        var (from, to) = (await own.NewBoard(), await own.NewBoard());
        var author = own.Member();
        var thread = (await author.StartThread(from, "Teal", "A duck.")).ShouldBe(201);
        (await author.StartThread(from, "Wigeon", "Another duck.")).ShouldBe(201);
        clock.Shift = TimeSpan.FromDays(-40);
        var reply = (await own.Member().Reply(thread.ThreadId, "And small.")).ShouldBe(201);
        var before = clock.GetUtcNow() + TimeSpan.FromDays(1);
        clock.Shift = TimeSpan.Zero;

        var moved = (await moderator.Move(to, thread.ThreadId)).ShouldBe(201);

        await ShouldStandAsync(at: null, inFrom: (1, 1), inTo: (1, 2), [thread.ThreadId]);
        await ShouldStandAsync(before, inFrom: (2, 3), inTo: (0, 0), []);
        (await BoardOfAsync($"?version={thread.Version}")).ShouldBe(from);
        (await BoardOfAsync("")).ShouldBe(to);
        (await moderator.Get($"/api/threads/{thread.ThreadId}/events?types=thread_moved"))
            .Json.GetProperty("events")[0]
            .GetProperty("sentence")
            .GetString()!
            .ShouldContain("moved the thread to the board “");

        var undo = (await moderator.Undo(moved.Id("batchId"))).ShouldBe(201);
        await ShouldStandAsync(at: null, inFrom: (2, 3), inTo: (0, 0), []);
        (await moderator.Undo(undo.Id("batchId"))).ShouldBe(201);
        await ShouldStandAsync(at: null, inFrom: (1, 1), inTo: (1, 2), [thread.ThreadId]);

        async Task ShouldStandAsync(DateTimeOffset? at, (int, int) inFrom, (int, int) inTo, Guid[] threads)
        {
            await ReadModels.CatchUpAsync(own);
            var query = at is { } moment ? $"?at={Uri.EscapeDataString(moment.ToString("O"))}" : "";
            var boards = (await author.Get($"/api/boards{query}")).ShouldBe(200).Json;
            CountsOf(boards, from).ShouldBe(inFrom);
            CountsOf(boards, to).ShouldBe(inTo);
            (await author.Get($"/api/boards/{to}/threads{query}"))
                .ShouldBe(200)
                .Json.GetProperty("threads")
                .EnumerateArray()
                .Select(listed => listed.GetProperty("id").GetGuid())
                .ShouldBe(threads);
        }

        static (int Threads, int Posts) CountsOf(JsonElement boards, Guid id) =>
            boards
                .EnumerateArray()
                .Where(board => board.GetProperty("id").GetGuid() == id)
                .Select(board =>
                    (board.GetProperty("threadCount").GetInt32(), board.GetProperty("postCount").GetInt32())
                )
                .SingleOrDefault();

        async Task<Guid> BoardOfAsync(string query) =>
            (await author.Get($"/api/threads/{thread.ThreadId}{query}"))
                .ShouldBe(200)
                .Json.GetProperty("board")
                .GetProperty("id")
                .GetGuid();
    }

    [Fact]
    public async Task posts_in_a_thread_that_has_moved_count_for_who_sees_the_board_that_it_is_in()
    {
        await using var own = await ForumHost.StartAsync(null, ("Sample", "false"));
        var (admin, author) = (own.Admin(), own.Member());
        var (aloud, secret) = (await own.NewBoard(), await own.NewBoard());
        (await admin.Permit(secret, see: new { roles = (string[])["staff"] })).ShouldBe(200);
        var kept = (await author.StartThread(aloud, "Kept", "One.")).ShouldBe(201);
        var thread = (await author.StartThread(aloud, "Goes", "Two.")).ShouldBe(201);
        (await author.Reply(thread.ThreadId, "Three.")).ShouldBe(201);
        var id = await author.Id();
        (await CountAsync()).ShouldBe(3);

        var moved = (await admin.Move(secret, thread.ThreadId)).ShouldBe(201);

        (await CountAsync()).ShouldBe(1);
        (await own.Stranger().Get($"/api/threads/{thread.ThreadId}")).ShouldBeProblem(404, "thread-not-found");
        (await author.Reply(thread.ThreadId, "Four?")).ShouldBeProblem(404, "thread-not-found");
        (await author.Reply(kept.ThreadId, "Four.")).ShouldBe(201);
        (await admin.Undo(moved.Id("batchId"))).ShouldBe(201);
        (await CountAsync()).ShouldBe(4);

        async Task<int> CountAsync()
        {
            await ReadModels.CatchUpAsync(own);
            return (await own.Stranger().Get($"/api/members/{id}"))
                .ShouldBe(200)
                .Json.GetProperty("postCount")
                .GetInt32();
        }
    }

    [Fact]
    public async Task a_thread_moves_only_to_an_open_board_that_the_moderator_moderates()
    {
        var (admin, moderator) = (forum.Admin(), forum.Moderator());
        var thread = await forum.NewThread();
        var (closed, others) = (await forum.NewBoard(), await forum.NewBoard());
        (await admin.CloseBoard(closed)).ShouldBe(200);
        (await admin.Permit(others, moderate: new { roles = (string[])["nobody"] })).ShouldBe(200);

        (await moderator.Move(Guid.CreateVersion7(), thread.Id)).ShouldBeProblem(404, "board-not-found");
        (await moderator.Move(closed, thread.Id)).ShouldBeProblem(409, "board-closed");
        (await moderator.Move(others, thread.Id)).ShouldBeProblem(403, "board-moderators-only");
        (await moderator.Move(thread.BoardId, thread.Id)).ShouldBeProblem(409, "nothing-to-do");
        (await thread.Starter.Move(others, thread.Id)).ShouldBeProblem(403, "moderators-only");
    }
}
