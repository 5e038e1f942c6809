using System.Globalization;
using System.Text.Json;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.History;

public sealed class GetEventsTests(ForumHost forum)
{
    [Fact]
    public async Task an_event_whose_data_is_broken_hides_no_others()
    {
        await using var own = await ForumHost.StartAsync(null, ("Sample", "false"));
        var thread = await own.NewThread();
        string[] broken =
        [
            "data - 'quotes'",
            "jsonb_set(data, '{quotes}', 'null')",
            "jsonb_set(data, '{quotes}', '[null]')",
            "jsonb_set(data, '{number}', '\"two\"')",
            "jsonb_set(data, '{postId}', 'null')",
            "'[]'",
            "'1'",
        ];
        foreach (var data in broken)
        {
            var reply = (await thread.Starter.Reply(thread.Id, "Text.")).ShouldBe(201);
            await ReadModels.CatchUpAsync(own);
            await own.Database.ExecuteAsync(
                $"update forum.mt_events set data = {data} where seq_id = $1",
                reply.Position
            );
        }

        var moderator = own.Moderator();
        (await moderator.Get("/api/boards")).ShouldBe(200);
        var last = (await thread.Starter.Reply(thread.Id, "The last.")).ShouldBe(201);

        foreach (var reader in (TestMember[])[own.Stranger(), moderator])
        {
            foreach (var path in (string[])["/api/events", $"/api/threads/{thread.Id}/events"])
            {
                var events = (await reader.Get(path))
                    .ShouldBe(200)
                    .Json.GetProperty("events")
                    .EnumerateArray()
                    .ToList();
                events[^1].GetProperty("position").GetInt64().ShouldBe(last.Position);
                events[^1].GetProperty("sentence").GetString()!.ShouldEndWith("wrote post 9");
                events
                    .Count(e =>
                        e.GetProperty("sentence")
                            .GetString()!
                            .EndsWith("(its data cannot be read)", StringComparison.Ordinal)
                    )
                    .ShouldBe(4);
            }
        }
    }

    [Fact]
    public async Task what_happened_is_in_the_feed_with_its_stream()
    {
        var thread = await forum.NewThread();
        var reply = (await forum.Member().Reply(thread.Id, "Reply.")).ShouldBe(201);

        var page = await forum.Stranger().Settled($"/api/events?after={thread.Position - 1}&limit=500", reply.Position);

        var events = page.Json.GetProperty("events").EnumerateArray().ToList();
        Position(events[0]).ShouldBe(thread.Position);
        events[0].GetProperty("type").GetString().ShouldBe("thread_started");
        events[0].GetProperty("stream").GetString().ShouldBe("thread");
        var posted = events.Single(e => Position(e) == reply.Position);
        posted.GetProperty("streamId").GetGuid().ShouldBe(thread.Id);
        posted.GetProperty("version").GetInt64().ShouldBe(2);
        events.Select(Position).ShouldBeInOrder();
        page.Json.GetProperty("next").GetInt64().ShouldBe(Position(events[^1]));
    }

    [Fact]
    public async Task the_feed_tells_no_one_but_admins_how_members_sign_in()
    {
        var before = (await forum.Admin().CreateBoard(ForumServer.NewName("board"))).ShouldBe(201).Position;
        var thread = await forum.NewThread();
        var path = $"/api/events?types=member_registered&after={before}&limit=500";

        (await TextAsync(forum.Admin())).ShouldContain("eventforum#" + thread.Starter.Name);
        (await TextAsync(forum.Moderator())).ShouldNotContain("eventforum#");
        (await TextAsync(forum.Stranger())).ShouldNotContain("eventforum#");

        async Task<string> TextAsync(TestMember reader) => (await reader.Settled(path, thread.Position)).Text;
    }

    [Fact]
    public async Task the_feed_can_be_filtered_by_type_and_its_cursor_still_advances()
    {
        var board = await forum.NewBoard();
        var last = (await forum.Member().StartThread(board, ForumServer.NewName("thread"), "Body.")).ShouldBe(201);
        var seen = new List<string?>();
        var cursor = 0L;
        while (cursor < last.Position)
        {
            var page = await forum
                .Stranger()
                .Settled($"/api/events?after={cursor}&types=thread_started,board_created", cursor + 1);
            seen.AddRange(
                page.Json.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("type").GetString())
            );
            cursor = page.Json.GetProperty("next").GetInt64();
        }

        seen.Distinct(StringComparer.Ordinal).ShouldBe(["thread_started", "board_created"], ignoreOrder: true);
        (await forum.Stranger().Get("/api/events?types=nonsense")).ShouldBeProblem(422, "event-type-unknown");
    }

    [Fact]
    public async Task a_follower_catches_up_and_then_hears_of_what_happens()
    {
        var thread = await forum.NewThread();
        using var patience = Patience.Begin();
        var member = forum.Member();
        var sent = (await member.Reply(thread.Id, "Before.")).ShouldBe(201).Position;
        var heard = new List<long>();
        string? lastId = null;
        await foreach (
            var item in EventStreamReader.FollowAsync(
                forum,
                $"/api/events?after={thread.Position - 1}",
                null,
                patience.Token
            )
        )
        {
            if (item.Data.GetProperty("streamId").GetGuid() != thread.Id)
            {
                continue;
            }

            heard.Add(Position(item.Data));
            item.EventId.ShouldBe(heard[^1].ToString(CultureInfo.InvariantCulture));
            lastId = item.EventId;
            if (heard.Count is 2 or 3)
            {
                heard[^1].ShouldBe(sent);
                sent = (await member.Reply(thread.Id, "Live.")).ShouldBe(201).Position;
            }
            else if (heard.Count == 4)
            {
                break;
            }
        }

        heard[^1].ShouldBe(sent);
        var next = (await member.Reply(thread.Id, "While away.")).ShouldBe(201).Position;
        await foreach (var item in EventStreamReader.FollowAsync(forum, "/api/events?after=0", lastId, patience.Token))
        {
            if (item.Data.GetProperty("streamId").GetGuid() == thread.Id)
            {
                Position(item.Data).ShouldBe(next);
                break;
            }
        }
    }

    [Fact]
    public async Task a_position_that_is_none_is_refused()
    {
        (await forum.Stranger().Get("/api/events?after=here")).ShouldBeProblem(400);
        (await forum.Stranger().Get("/api/events?after=999999999999"))
            .ShouldBe(200)
            .Json.GetProperty("events")
            .GetArrayLength()
            .ShouldBe(0);
    }

    /// <summary>
    /// Thirty-two writers at once, failed commits, and a transaction that draws its positions first and commits last:
    /// whoever reads along sees every event once and in order, and the views that follow take in all of them.
    /// </summary>
    [Fact]
    public async Task nothing_is_missed_and_nothing_comes_twice_however_late_it_commits()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var server = await ForumHost.StartAsync(database, ("Sample", "false"));
        var threads = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => server.NewThread()));
        using var enough = new CancellationTokenSource();
        var paging = PageAsync(server, enough.Token);
        var following = FollowAsync(server, enough.Token);

        await using var slow = await OpenAppend.StartAsync(database, events: 3);
        await using var doomed = await OpenAppend.StartAsync(database, events: 2);
        var load = new ReplyLoad();
        using var open = new CancellationTokenSource(TimeSpan.FromSeconds(4.5));
        var writing = load.RunAsync(
            [.. Enumerable.Range(0, 32).Select(_ => server.Member())],
            [.. threads.Select(thread => thread.Id)],
            () => !open.IsCancellationRequested || load.Acknowledged.Take(200).Count() < 200
        );
        await writing;
        await doomed.RollBackAsync();
        var held = (await paging.Progress()).Count;
        await slow.CommitAsync();
        var last = (await threads[0].Starter.Reply(threads[0].Id, "The last.")).ShouldBe(201);

        var stored = await database.ColumnAsync<long>("select seq_id from forum.mt_events order by seq_id");
        stored.Count.ShouldBeGreaterThan(200);
        held.ShouldBeLessThan(stored.Count);
        await Patience.UntilAsync(async () =>
            (await paging.Progress()).Count >= stored.Count && (await following.Progress()).Count >= stored.Count
        );

        (await paging.Progress()).ShouldBe(stored);
        (await following.Progress()).ShouldBe(stored);
        slow.Positions.ShouldBeSubsetOf(stored);
        (await server.Stranger().Get($"/api/boards?min-position={last.Position}")).ShouldBe(200);
        var listed = await database.ColumnAsync<Guid>("select thread_id from forum.board_threads");
        slow.Threads.ShouldBeSubsetOf(listed);
        doomed.Threads.ShouldAllBe(thread => !listed.Contains(thread));
        await enough.CancelAsync();
    }

    private static FeedReading PageAsync(ForumServer server, CancellationToken ended) =>
        new(async add =>
        {
            var reader = server.Stranger();
            var cursor = 0L;
            while (!ended.IsCancellationRequested)
            {
                var page = (await reader.Get($"/api/events?after={cursor}&limit=37")).ShouldBe(200);
                foreach (var e in page.Json.GetProperty("events").EnumerateArray())
                {
                    add(Position(e));
                }

                cursor = page.Json.GetProperty("next").GetInt64();
            }
        });

    private static FeedReading FollowAsync(ForumServer server, CancellationToken ended) =>
        new(async add =>
        {
            await foreach (var item in EventStreamReader.FollowAsync(server, "/api/events", "0", ended))
            {
                add(Position(item.Data));
            }
        });

    private static long Position(JsonElement e) => e.GetProperty("position").GetInt64();
}
