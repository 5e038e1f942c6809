using System.Text.Json;
using System.Text.Json.Nodes;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Lists;

/// <summary>The lists of boards and threads as of a time are those that were live then.</summary>
public sealed class PastBoardsTests(ForumHost forum)
{
    [Fact]
    public async Task any_history_is_listed_as_it_was_at_every_time()
    {
        var history = await GeneratedHistory.BeginAsync(forum, seed: 3);
        var live = new List<(DateTimeOffset At, string Lists)>();
        var position = 0L;
        for (var i = 0; i < 60; i++)
        {
            position = (i % 8 == 0 ? await history.StartThreadAsync() : (await history.NextAsync(i)).Answer).Position;
            var seen = await ListsAsync(history.BoardId, $"min-position={position}");
            live.Add((ForumServer.Clock(), seen));
        }

        live.Select(look => look.Lists).Distinct(StringComparer.Ordinal).Count().ShouldBeGreaterThan(20);
        foreach (var (at, lists) in live)
        {
            var then = ForumServer.Rfc3339(at);
            (await ListsAsync(history.BoardId, $"min-position={position}&at={then}")).ShouldBe(lists, then);
        }
    }

    [Fact]
    public async Task what_an_import_tells_of_years_ago_is_listed_at_its_own_time()
    {
        var clock = new ShiftedClock();
        await using var own = await ForumHost.StartAsync(clock);
        var board = await own.NewBoard();
        var (ann, ben) = (own.Member(), own.Member());
        var start = clock.GetUtcNow();
        var recent = (await ann.StartThread(board, "Recent", "Text.")).ShouldBe(201).ThreadId;
        clock.Shift = TimeSpan.FromDays(-1000);
        var old = (await ben.StartThread(board, "Old", "Text.")).ShouldBe(201).ThreadId;
        clock.Shift = TimeSpan.FromDays(-900);
        (await ann.Reply(old, "An answer.")).ShouldBe(201);
        clock.Shift = TimeSpan.FromDays(-1);
        var position = (await ben.Reply(recent, "Told late.")).ShouldBe(201).Position;
        clock.Shift = TimeSpan.Zero;

        var now = await PageAsync("");
        Threads(now).ShouldBe(["Recent: 2, last by " + ann.Name, "Old: 2, last by " + ann.Name]);
        Threads(await PageAsync(At(-950))).ShouldBe(["Old: 1, last by " + ben.Name]);
        Threads(await PageAsync(At(-800))).ShouldBe(["Old: 2, last by " + ann.Name]);
        (await BoardAsync("")).ShouldBe($"2 threads, 4 posts, last in {recent} by {ann.Name}");
        (await BoardAsync(At(-950))).ShouldBe($"1 threads, 1 posts, last in {old} by {ben.Name}");
        (await BoardAsync(At(-800))).ShouldBe($"1 threads, 2 posts, last in {old} by {ann.Name}");
        (await own.Stranger().Get($"/api/boards/{board}/threads?{At(-1100)}")).ShouldBeProblem(404, "board-not-found");
        (await own.Stranger().Get($"/api/boards?{At(-1100)}")).ShouldBe(200).Text.ShouldBe("[]");

        string At(int days) => "at=" + ForumServer.Rfc3339(start.AddDays(days));

        async Task<JsonElement> PageAsync(string query) =>
            (await own.Stranger().Get($"/api/boards/{board}/threads?min-position={position}&{query}"))
                .ShouldBe(200)
                .Json;

        async Task<string> BoardAsync(string query)
        {
            var listed = (await own.Stranger().Get($"/api/boards?min-position={position}&{query}")).ShouldBe(200).Json[
                0
            ];
            var last = listed.GetProperty("lastPost");
            return $"{listed.GetProperty("threadCount")} threads, {listed.GetProperty("postCount")} posts, "
                + $"last in {last.GetProperty("threadId")} by {last.GetProperty("author").GetProperty("name")}";
        }
    }

    [Fact]
    public async Task an_answer_about_the_past_has_an_address_of_its_own()
    {
        var clock = new ShiftedClock();
        await using var own = await ForumHost.StartAsync(clock);
        var board = await own.NewBoard();
        var member = own.Member();
        for (var i = 0; i < 3; i++)
        {
            (await member.StartThread(board, $"Thread {i}", "Text.")).ShouldBe(201);
        }

        var then = ForumServer.Rfc3339(clock.GetUtcNow());
        clock.Shift = TimeSpan.FromHours(1);
        var position = (await member.StartThread(board, "Thread 3", "Text.")).ShouldBe(201).Position;
        var reader = own.Stranger();
        var path = $"/api/boards/{board}/threads?limit=2&min-position={position}&at=";
        var page = (await reader.Get(path + then)).ShouldBe(200);
        var boards = (await reader.Get($"/api/boards?at={then}")).ShouldBe(200);
        var future = (await reader.Get(path + "2999-01-01T00:00:00Z")).ShouldBe(200);

        Threads(page.Json).Select(line => line[..8]).ShouldBe(["Thread 2", "Thread 1"]);
        Threads(future.Json)[0].ShouldStartWith("Thread 3");
        future.Json.TryGetProperty("asOf", out _).ShouldBeFalse();
        ForumServer.Rfc3339(page.Json.GetProperty("asOf").GetDateTimeOffset()).ShouldBe(then);
        var permalink = page.Json.GetProperty("permalink").GetString()!;
        (await reader.GetUnless(permalink, page.Headers.ETag!)).ShouldBe(304);
        (await reader.GetUnless(boards.ContentLocation.ShouldNotBeNull(), boards.Headers.ETag!)).ShouldBe(304);
        var next = (await reader.Get($"{path}{then}&after={page.Json.GetProperty("next")}")).ShouldBe(200).Json;
        Threads(next).Select(line => line[..8]).ShouldBe(["Thread 0"]);
        next.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
        (await reader.Get(next.GetProperty("permalink").GetString()!)).Json.GetRawText().ShouldBe(next.GetRawText());
    }

    [Fact]
    public async Task the_pages_of_the_past_say_so_and_lead_on_into_the_past()
    {
        var thread = await forum.NewThread();
        var then = ForumServer.Rfc3339(ForumServer.Clock());
        var later = (await forum.Moderator().Rename(thread.Id, "Another title", "Clearer.")).ShouldBe(200).Position;
        (await forum.Stranger().Get($"/api/boards?min-position={later}")).ShouldBe(200);

        var board = (await forum.Stranger().Get($"/boards/{thread.BoardId}?at={then}")).ShouldBe(200).Text;
        var home = (await forum.Stranger().Get($"/?at={then}")).ShouldBe(200).Text;
        var now = (await forum.Stranger().Get($"/boards/{thread.BoardId}")).ShouldBe(200).Text;

        board.ShouldContain("This is the board as it was");
        board.ShouldContain(thread.Title);
        board.ShouldNotContain("Another title");
        board.ShouldContain($"/threads/{thread.Id}?at=");
        board.ShouldNotContain("<form method=\"post\" action=\"/boards");
        home.ShouldContain("These are the boards as they were");
        home.ShouldContain($"/boards/{thread.BoardId}?at=");
        now.ShouldContain("Another title");
        now.ShouldNotContain("as it was");
    }

    private static List<string> Threads(JsonElement page) =>
        [
            .. page.GetProperty("threads")
                .EnumerateArray()
                .Select(t =>
                    $"{t.GetProperty("title")}: {t.GetProperty("postCount")}, last by {t.GetProperty("lastPost").GetProperty("author").GetProperty("name")}"
                ),
        ];

    /// <summary>A board's threads, page by page, and the board among all, without what only the past has.</summary>
    private async Task<string> ListsAsync(Guid board, string query)
    {
        var reader = forum.Stranger();
        var boards = JsonNode.Parse((await reader.Get($"/api/boards?{query}")).ShouldBe(200).Text)!.AsArray();
        var lists = new JsonArray(boards.Single(b => b!["id"]!.GetValue<Guid>() == board)!.DeepClone());
        var after = "";
        do
        {
            var answer = (await reader.Get($"/api/boards/{board}/threads?limit=3&{query}{after}")).ShouldBe(200);
            var page = JsonNode.Parse(answer.Text)!.AsObject();
            page.Remove("asOf").ShouldBe(page.Remove("permalink"));
            after = page["next"] is { } next ? $"&after={next}" : "";
            lists.Add(page);
        } while (after.Length > 0);

        return lists.ToJsonString();
    }
}
