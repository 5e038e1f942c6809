using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Platform;

public sealed class IdempotencyKeyTests(ForumHost forum)
{
    [Fact]
    public async Task a_retry_gets_the_very_same_answer()
    {
        var thread = await forum.NewThread();
        var member = forum.Member();

        var first = (await member.Reply(thread.Id, "Once.", "key")).ShouldBe(201);
        (await forum.Member().Reply(thread.Id, "Meanwhile.")).ShouldBe(201);
        var again = (await member.Reply(thread.Id, "Once.", "key")).ShouldBe(201);

        again.Text.ShouldBe(first.Text);
        (await forum.Database.RepliesAsync(thread.Id)).ShouldBe(["Once.", "Meanwhile."]);
    }

    [Fact]
    public async Task every_kind_of_write_keeps_its_answer()
    {
        var thread = await forum.NewThread();
        var admin = forum.Admin();
        var starterId = await thread.Starter.Id();
        var bad = (await thread.Starter.Reply(thread.Id, "Bad.")).ShouldBe(201).PostId;
        (await forum.Member().Report(bad)).ShouldBe(201);
        var known = $"/api/moderation/cases/{await admin.CaseOf(bad)}";
        (HttpMethod Method, string Path, object Body)[] writes =
        [
            (HttpMethod.Post, "/api/boards", new { name = ForumServer.NewName("board") }),
            (
                HttpMethod.Post,
                "/api/threads",
                new
                {
                    boardId = thread.BoardId,
                    title = "Title",
                    body = "Body.",
                }
            ),
            (HttpMethod.Post, $"/api/threads/{thread.Id}/replies", new { body = "Reply." }),
            (HttpMethod.Put, $"/api/posts/{thread.FirstPostId}", new { body = "Edit.", reason = "Why." }),
            (HttpMethod.Post, $"/api/posts/{thread.FirstPostId}/remove", new { reason = "Why." }),
            (HttpMethod.Post, $"/api/posts/{thread.FirstPostId}/restore", new { reason = "Why." }),
            (HttpMethod.Put, $"/api/threads/{thread.Id}/title", new { title = "Another", reason = "Why." }),
            (HttpMethod.Post, $"/api/threads/{thread.Id}/lock", new { reason = "Why." }),
            (HttpMethod.Post, $"/api/threads/{thread.Id}/unlock", new { reason = "Why." }),
            (HttpMethod.Post, $"/api/threads/{thread.Id}/pin", new { reason = "Why." }),
            (HttpMethod.Post, $"/api/threads/{thread.Id}/unpin", new { reason = "Why." }),
            (HttpMethod.Put, $"/api/members/{starterId}/title", new { title = "Keeper" }),
            (HttpMethod.Post, $"/api/posts/{thread.FirstPostId}/reports", new { reason = "spam" }),
            (HttpMethod.Post, $"{known}/take", new { }),
            (HttpMethod.Post, $"{known}/notes", new { text = "Note." }),
            (HttpMethod.Post, $"{known}/dismiss", new { explanation = "Why." }),
        ];

        foreach (var (method, path, body) in writes)
        {
            var first = await admin.Send(method, path, body, key: path);
            first.Status.ShouldBeOneOf(200, 201);
            var events = await Everything();

            var again = await admin.Send(method, path, body, key: path);

            again.ShouldBe(first.Status).Text.ShouldBe(first.Text, path);
            (await Everything()).ShouldBe(events, path);
        }

        async Task<long> Everything()
        {
            var adminId = await admin.Id();
            return await forum.Database.ScalarAsync<long>(
                "select count(*) from forum.mt_events where user_name = $1",
                adminId.ToString()
            );
        }
    }

    [Fact]
    public async Task twenty_at_once_make_one_post_and_get_one_answer()
    {
        var thread = await forum.NewThread();
        var member = forum.Member();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => member.Reply(thread.Id, "Once.", "key")));

        answers.ShouldAllBe(answer => answer.Status == 201);
        answers.Select(answer => answer.Text).Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();
        (await forum.Database.RepliesAsync(thread.Id)).ShouldBe(["Once."]);
        (await member.Registrations()).ShouldBe(1);
    }

    [Fact]
    public async Task twenty_at_once_start_one_thread()
    {
        var board = await forum.NewBoard();
        var member = forum.Member();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => member.StartThread(board, "Once", "Body.", "key"))
        );

        answers.ShouldAllBe(answer => answer.Status == 201);
        answers.Select(answer => answer.Text).Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();
        (
            await forum.Database.ScalarAsync<long>(
                "select count(*) from forum.mt_events where type = 'thread_started' and data ->> 'boardId' = $1",
                board.ToString()
            )
        ).ShouldBe(1);
    }

    [Fact]
    public async Task two_at_once_start_one_thread_whoever_of_the_writers_is_first()
    {
        var board = await forum.NewBoard();
        var member = forum.Member();
        (await member.StartThread(board, "The first", "Body.")).ShouldBe(201);

        for (var i = 0; i < 40; i++)
        {
            var answers = await Task.WhenAll(
                member.StartThread(board, $"Thread {i}", "Body.", $"key {i}"),
                member.StartThread(board, $"Thread {i}", "Body.", $"key {i}")
            );

            answers[0].ShouldBe(201);
            answers[1].ShouldBe(201).Text.ShouldBe(answers[0].Text);
        }
    }

    [Fact]
    public async Task ten_at_once_open_one_board()
    {
        var admin = forum.Admin();
        var name = ForumServer.NewName("board");

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => admin.Send(HttpMethod.Post, "/api/boards", new { name }, "key"))
        );

        answers.ShouldAllBe(answer => answer.Status == 201);
        answers.Select(answer => answer.Text).Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task the_key_of_another_command_is_refused()
    {
        var thread = await forum.NewThread();
        var other = await forum.NewThread();
        var member = forum.Member();
        (await member.Reply(thread.Id, "Once.", "key")).ShouldBe(201);

        await member.IsRefused(thread.Id, m => m.Reply(thread.Id, "Twice.", "key"), 422, "idempotency-key-reused");
        await member.IsRefused(other.Id, m => m.Reply(other.Id, "Once.", "key"), 422, "idempotency-key-reused");
        await member.IsRefused(
            thread.Id,
            m => m.StartThread(thread.BoardId, "Title", "Once.", "key"),
            422,
            "idempotency-key-reused"
        );
    }

    [Fact]
    public async Task of_two_commands_with_one_key_at_once_one_is_refused()
    {
        var thread = await forum.NewThread();
        var other = await forum.NewThread();
        var member = forum.Member();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => member.Reply(i % 2 == 0 ? thread.Id : other.Id, "Once.", "key"))
        );

        answers.Count(answer => answer.Status == 201).ShouldBe(10);
        foreach (var answer in answers.Where(answer => answer.Status != 201))
        {
            answer.ShouldBeProblem(422, "idempotency-key-reused");
        }

        var stored = await forum.Database.CountEventsAsync(thread.Id) + await forum.Database.CountEventsAsync(other.Id);
        stored.ShouldBe(3);
    }

    [Fact]
    public async Task another_members_key_is_another_key()
    {
        var thread = await forum.NewThread();

        (await forum.Member().Reply(thread.Id, "One.", "key")).ShouldBe(201).Number.ShouldBe(2);
        (await forum.Member().Reply(thread.Id, "Two.", "key")).ShouldBe(201).Number.ShouldBe(3);
    }

    [Fact]
    public async Task a_name_and_a_key_that_read_alike_together_are_not_alike()
    {
        var thread = await forum.NewThread();
        var name = ForumServer.NewName();

        (await forum.As(name, "member").Reply(thread.Id, "Mine.", "a b")).ShouldBe(201).Number.ShouldBe(2);
        (await forum.As(name + " a", "member").Reply(thread.Id, "Mine.", "b")).ShouldBe(201).Number.ShouldBe(3);
    }

    [Fact]
    public async Task the_key_of_a_refused_command_may_be_used_again()
    {
        var thread = await forum.NewThread();
        var member = forum.Member();
        (await forum.Moderator().Lock(thread.Id)).ShouldBe(200);
        await member.IsRefused(thread.Id, m => m.Reply(thread.Id, "One.", "key"), 409, "thread-locked");
        (await forum.Moderator().Unlock(thread.Id)).ShouldBe(200);

        (await member.Reply(thread.Id, "Another.", "key")).ShouldBe(201).Number.ShouldBe(2);
    }

    [Theory]
    [InlineData("")]
    [InlineData("tab\there")]
    [InlineData("delete\u007f")]
    public async Task a_key_that_cannot_be_used_is_refused(string key)
    {
        var thread = await forum.NewThread();

        await forum.Member().IsRefused(thread.Id, m => m.Reply(thread.Id, "One.", key), 400, "idempotency-key-invalid");
    }

    [Theory]
    [InlineData(255, 201)]
    [InlineData(256, 400)]
    public async Task a_key_has_up_to_255_characters(int length, int status)
    {
        var thread = await forum.NewThread();

        (await forum.Member().Reply(thread.Id, "One.", new string('k', length))).Status.ShouldBe(status);
    }
}
