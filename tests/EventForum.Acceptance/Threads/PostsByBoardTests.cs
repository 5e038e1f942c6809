using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Threads;

/// <summary>Posts count, and count towards a title, for who sees the board that they are in.</summary>
public sealed class PostsByBoardTests
{
    [Fact]
    public async Task posts_in_a_board_count_for_who_sees_the_board()
    {
        await using var own = await ForumHost.StartAsync(null, ("Sample", "false"));
        var admin = own.Admin();
        var author = own.Member();
        var aloud = await own.NewBoard();
        var thread = (await author.StartThread(aloud, "Aloud", "Once.")).ShouldBe(201);
        var secret = await own.NewBoard();
        await PermitAsync(new { members = (Guid[])[await author.Id()] });
        await WriteAsync(author, secret, 5);
        var id = await author.Id();

        await CountsAsync(guests: 1, all: 6);
        await PermitAsync(null);
        await CountsAsync(guests: 6, all: 6);
        (await admin.CloseBoard(secret)).ShouldBe(200);
        await CountsAsync(guests: 6, all: 6);
        await PermitAsync(new { roles = (string[])["staff"] });
        await CountsAsync(guests: 1, all: 6);
        (await admin.ReopenBoard(secret)).ShouldBe(200);
        await CountsAsync(guests: 1, all: 6);

        async Task PermitAsync(object? see) => (await admin.Permit(secret, see: see)).ShouldBe(200);

        async Task CountsAsync(int guests, int all)
        {
            await ReadModels.CatchUpAsync(own);
            // In turns, so that whatever is kept of one reader's answer would be given to the other.
            for (var i = 0; i < 2; i++)
            {
                await CountAsync(own.Stranger(), guests);
                await CountAsync(admin, all);
            }
        }

        async Task CountAsync(TestMember reader, int posts)
        {
            var title = posts < 5 ? "New member" : "Member";
            var profile = (await reader.Get($"/api/members/{id}")).ShouldBe(200).Json;
            profile.GetProperty("postCount").GetInt32().ShouldBe(posts);
            profile.GetProperty("title").GetString().ShouldBe(title);
            var other = title == "Member" ? "New member" : "\"Member\"";
            foreach (
                var path in (string[])
                    [
                        $"/api/members?name={Uri.EscapeDataString(author.Name)}",
                        $"/api/threads/{thread.ThreadId}",
                        $"/api/threads/{thread.ThreadId}?min-position={thread.Position}",
                        $"/api/posts/{thread.PostId}",
                        $"/api/posts/{thread.PostId}/revisions",
                        $"/api/boards/{aloud}/threads",
                        "/api/boards",
                    ]
            )
            {
                var text = (await reader.Get(path)).ShouldBe(200).Text;
                text.ShouldContain($"\"{title}\"", Case.Sensitive, path);
                text.ShouldNotContain(other, Case.Sensitive, path);
            }

            (await reader.GetAs($"/threads/{thread.ThreadId}", "text/html")).Text.ShouldContain($">{title}</p>");
        }
    }

    [Fact]
    public async Task a_title_in_the_past_counts_the_posts_up_to_then_that_the_reader_sees_today()
    {
        var clock = new ShiftedClock();
        await using var own = await ForumHost.StartAsync(clock);
        var author = own.Member();
        var secret = await own.NewBoard();
        var aloud = await own.NewBoard();
        var thread = (await author.StartThread(aloud, "Aloud", "One.")).ShouldBe(201).ThreadId;
        (await own.Admin().Permit(secret, see: new { members = (Guid[])[await author.Id()] })).ShouldBe(200);
        await WriteAsync(author, secret, 3);
        long last = 0;
        for (var i = 2; i <= 5; i++)
        {
            last = (await author.Reply(thread, $"Post {i}.")).ShouldBe(201).Position;
        }

        await TitlesAsync(own.Stranger(), "New member", "New member", "New member", "New member", "Member");
        await TitlesAsync(own.Admin(), "New member", "Member", "Member", "Member", "Member");

        clock.Shift = TimeSpan.FromDays(-1000);
        await WriteAsync(author, secret, 3);
        last = await WriteAsync(author, aloud, 2);
        clock.Shift = TimeSpan.Zero;

        await TitlesAsync(own.Stranger(), "New member", "New member", "Member", "Member", "Member");
        await TitlesAsync(own.Admin(), "Member", "Member", "Member", "Member", "Member");

        async Task TitlesAsync(TestMember reader, params string[] titles)
        {
            for (var version = 1; version <= titles.Length; version++)
            {
                var page = await reader.Get($"/api/threads/{thread}?version={version}&min-position={last}");
                page.ShouldBe(200)
                    .Json.GetProperty("starter")
                    .GetProperty("title")
                    .GetString()
                    .ShouldBe(titles[version - 1], $"at version {version}");
            }
        }
    }

    [Fact]
    public async Task who_has_written_nothing_that_a_reader_sees_is_new_to_it()
    {
        await using var own = await ForumHost.StartAsync(null, ("Sample", "false"));
        var thread = await own.NewThread();
        var secret = await own.NewBoard();
        var editor = own.Moderator();
        await WriteAsync(editor, secret, 5);
        (await own.Admin().Permit(secret, see: new { })).ShouldBe(200);
        var last = (await editor.Edit(thread.FirstPostId, "Edited.", "Clearer.")).ShouldBe(200).Position;

        foreach (var moment in (string[])["", "&version=2"])
        {
            var page = await own.Stranger().Get($"/api/threads/{thread.Id}?min-position={last}{moment}");
            page.ShouldBe(200)
                .Json.GetProperty("posts")[0]
                .GetProperty("editedBy")
                .GetProperty("title")
                .GetString()
                .ShouldBe("New member", moment);
        }
    }

    [Fact]
    public async Task a_database_from_before_boards_were_told_apart_is_brought_along()
    {
        await using var database = await TestDatabase.CreateAsync();
        SortedDictionary<string, IReadOnlyList<string>> live;
        Guid id;
        await using (var before = await ForumHost.StartAsync(database))
        {
            await EventfulHistory.WriteAsync(before);
            var author = before.Member();
            var secret = await before.NewBoard();
            await WriteAsync(author, await before.NewBoard(), 2);
            await WriteAsync(author, secret, 3);
            id = await author.Id();
            (await before.Admin().Permit(secret, see: new { })).ShouldBe(200);
            await ReadModels.CatchUpAsync(before);
            live = await ReadModels.DumpAsync(database);
        }

        await database.ExecuteAsync("drop table forum.member_boards, forum.first_posts_by_board");
        await database.ExecuteAsync("delete from forum.mt_event_progression where name like 'PostsByBoard:%'");

        await using var upgraded = await ForumHost.StartAsync(database);
        await ReadModels.CatchUpAsync(upgraded);
        ReadModels.ShouldBeEqual(live, await ReadModels.DumpAsync(database));
        (await upgraded.Stranger().Get($"/api/members/{id}"))
            .ShouldBe(200)
            .Json.GetProperty("postCount")
            .GetInt32()
            .ShouldBe(2);
    }

    /// <summary>The position of the last of them.</summary>
    private static async Task<long> WriteAsync(TestMember author, Guid board, int posts)
    {
        var thread = (await author.StartThread(board, ForumServer.NewName("thread"), "The first.")).ShouldBe(201);
        var last = thread.Position;
        for (var i = 1; i < posts; i++)
        {
            last = (await author.Reply(thread.ThreadId, $"Post {i}.")).ShouldBe(201).Position;
        }

        return last;
    }
}
