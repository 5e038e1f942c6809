using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Threads;

public sealed class StartThreadTests(ForumHost forum)
{
    [Fact]
    public async Task a_thread_starts_with_its_first_post()
    {
        var board = await forum.NewBoard();
        var member = forum.Member();

        var answer = (await member.StartThread(board, "  A question ", "\n Why? ")).ShouldBe(201);

        answer.Number.ShouldBe(1);
        answer.Revision.ShouldBe(1);
        answer.Version.ShouldBe(1);
        answer.Position.ShouldBeGreaterThan(0);
        answer.PostId.ShouldNotBe(answer.ThreadId);
        (await forum.Database.EventsOfAsync(answer.ThreadId)).ShouldBe(["thread_started"]);
        (
            await forum.Database.ScalarAsync<string>(
                "select concat_ws('|', data ->> 'boardId', data ->> 'title', data ->> 'body') from forum.mt_events where stream_id = $1",
                answer.ThreadId
            )
        ).ShouldBe($"{board}|A question| Why?");
    }

    [Fact]
    public async Task a_first_post_quotes_a_post_of_another_thread_by_reference()
    {
        var thread = await forum.NewThread("Words that will be removed.");
        var body = $"[quote=\"post:{thread.FirstPostId}\"]Words that will be removed.[/quote]\n\nWhat of this?";

        var misquote = body.Replace("will be", "were never", StringComparison.Ordinal);
        (await forum.Member().StartThread(thread.BoardId, "About that", misquote)).ShouldBeProblem(422, "misquote");
        var answer = (await forum.Member().StartThread(thread.BoardId, "About that", body)).ShouldBe(201);
        (await thread.Starter.Remove(thread.FirstPostId)).ShouldBe(200);

        var page = (await forum.Stranger().Get($"/api/threads/{answer.ThreadId}")).ShouldBe(200);
        page.Json.GetProperty("posts")[0].GetProperty("quotes").GetArrayLength().ShouldBe(1);
        page.Text.ShouldNotContain("Words that will be removed");
    }

    [Fact]
    public async Task every_event_says_who_and_what_for()
    {
        var board = await forum.NewBoard();
        var member = forum.Member();

        var answer = await member.StartThread(board, "A question", "Why?");

        var memberId = await member.Id();
        (
            await forum.Database.ScalarAsync<string>(
                "select user_name from forum.mt_events where stream_id = $1",
                answer.ThreadId
            )
        ).ShouldBe(memberId.ToString());
        (
            await forum.Database.ScalarAsync<bool>(
                "select correlation_id is not null and causation_id is not null from forum.mt_events where stream_id = $1",
                answer.ThreadId
            )
        ).ShouldBeTrue();
    }

    [Theory]
    [InlineData("a-call-of-mine", "a-call-of-mine")]
    [InlineData("two words", null)]
    [InlineData("", null)]
    public async Task a_correlation_that_the_caller_names_is_kept(string sent, string? kept)
    {
        var thread = await forum.NewThread();
        var member = forum.Member();

        (await member.ReplyCorrelated(thread.Id, sent)).ShouldBe(201);

        var correlation = await forum.Database.ScalarAsync<string>(
            "select correlation_id from forum.mt_events where stream_id = $1 and version = 2",
            thread.Id
        );
        correlation.ShouldNotBeNullOrEmpty();
        if (kept is not null)
        {
            correlation.ShouldBe(kept);
        }
        else
        {
            correlation.ShouldNotBe(sent, StringComparer.Ordinal);
        }
    }

    [Fact]
    public async Task a_thread_in_a_board_that_is_not_there_is_refused()
    {
        var unknown = Guid.CreateVersion7();

        await forum
            .Member()
            .IsRefused(unknown, m => m.StartThread(unknown, "A question", "Why?"), 404, "board-not-found");
    }

    [Fact]
    public async Task a_thread_needs_a_board_a_title_and_a_body()
    {
        var board = await forum.NewBoard();
        var member = forum.Member();

        await member.IsRefused(
            board,
            m => m.Send(HttpMethod.Post, "/api/threads", new { title = "Title", body = "Body" }),
            404,
            "board-not-found"
        );
        await member.IsRefused(
            board,
            m => m.Send(HttpMethod.Post, "/api/threads", new { boardId = board, body = "Body" }),
            422,
            "title-length"
        );
        await member.IsRefused(
            board,
            m => m.Send(HttpMethod.Post, "/api/threads", new { boardId = board, title = "Title" }),
            422,
            "body-empty"
        );
    }
}
