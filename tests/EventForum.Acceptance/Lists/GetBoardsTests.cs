using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Lists;

public sealed class GetBoardsTests(ForumHost forum)
{
    [Fact]
    public async Task a_board_is_listed_with_what_was_last_posted()
    {
        var thread = await forum.NewThread();
        var member = forum.Member();
        var reply = (await member.Reply(thread.Id, "Agreed.")).ShouldBe(201);

        var boards = (await forum.Stranger().Get($"/api/boards?min-position={reply.Position}")).ShouldBe(200);

        var board = boards.Json.EnumerateArray().Single(b => b.GetProperty("id").GetGuid() == thread.BoardId);
        board.GetProperty("threadCount").GetInt32().ShouldBe(1);
        board.GetProperty("postCount").GetInt32().ShouldBe(2);
        var last = board.GetProperty("lastPost");
        last.GetProperty("threadId").GetGuid().ShouldBe(thread.Id);
        last.GetProperty("author").GetProperty("name").GetString().ShouldBe(member.Name);
    }

    [Fact]
    public async Task the_threads_of_a_board_come_pinned_first_and_then_last_posted_in_first_page_by_page()
    {
        var board = await forum.NewBoard();
        var member = forum.Member();
        var threads = new List<Guid>();
        for (var i = 0; i < 7; i++)
        {
            threads.Add((await member.StartThread(board, $"Thread {i}", "Body.")).ShouldBe(201).ThreadId);
        }

        (await member.Reply(threads[2], "Up again.")).ShouldBe(201);
        var position = 0L;
        foreach (var pinned in (int[])[4, 0, 1, 6])
        {
            position = (await forum.Moderator().Pin(threads[pinned])).ShouldBe(200).Position;
        }

        threads = [threads[6], threads[4], threads[1], threads[0], threads[2], threads[5], threads[3]];

        var listed = new List<Guid>();
        string? after = null;
        var pages = 0;
        do
        {
            var query = $"limit=3&min-position={position}" + (after is null ? "" : $"&after={after}");
            var page = (await forum.Stranger().Get($"/api/boards/{board}/threads?{query}")).ShouldBe(200).Json;
            listed.AddRange(page.GetProperty("threads").EnumerateArray().Select(t => t.GetProperty("id").GetGuid()));
            after = page.GetProperty("next").GetString();
            pages++;
        } while (after is not null && pages < 10);

        listed.ShouldBe(threads);
        pages.ShouldBe(3);
    }

    [Theory]
    [InlineData("after=nonsense")]
    [InlineData("after=1-2")]
    [InlineData("after=-")]
    [InlineData("after=99999999999999999999-01a206e194677abe9f27e39b713613e2")]
    [InlineData("limit=many")]
    [InlineData("at=yesterday")]
    [InlineData("min-position=here")]
    public async Task a_query_that_cannot_be_read_is_400(string query)
    {
        var board = await forum.NewBoard();

        (await forum.Stranger().Get($"/api/boards/{board}/threads?{query}")).ShouldBeProblem(400);
    }

    [Fact]
    public async Task a_position_that_has_not_been_reached_is_refused()
    {
        (await forum.Stranger().Get("/api/boards?min-position=9000000000000000000")).ShouldBeProblem(
            422,
            "position-unknown"
        );
    }
}
