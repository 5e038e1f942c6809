using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Threads;

public sealed class PostReplyTests(ForumHost forum)
{
    [Fact]
    public async Task a_reply_gets_the_next_number_and_a_receipt()
    {
        var thread = await forum.NewThread();
        var member = forum.Member();

        var answer = (await member.Reply(thread.Id, "Agreed.")).ShouldBe(201);

        answer.Number.ShouldBe(2);
        answer.Revision.ShouldBe(1);
        answer.Version.ShouldBe(2);
        answer.Position.ShouldBeGreaterThan(0);
        (await forum.Database.EventsOfAsync(thread.Id)).ShouldBe(["thread_started", "reply_posted"]);
        (await forum.Database.RepliesAsync(thread.Id)).ShouldBe(["Agreed."]);
        (await member.Registrations()).ShouldBe(1);
    }

    [Fact]
    public async Task a_reply_is_kept_without_blank_lines_around_it_and_with_one_kind_of_line_end()
    {
        var thread = await forum.NewThread();

        (await forum.Member().Reply(thread.Id, "  \r\n One.\r\nTwo.\rThree. \n ")).ShouldBe(201);

        (await forum.Database.RepliesAsync(thread.Id)).ShouldBe([" One.\nTwo.\nThree."]);
    }

    [Fact]
    public async Task a_reply_remembers_the_version_that_it_answers()
    {
        var thread = await forum.NewThread();
        var path = $"/api/threads/{thread.Id}/replies";
        await forum.Member().Reply(thread.Id, "Two.");

        await forum.Member().Reply(thread.Id, "Answers the newest.");
        await forum.Member().Send(HttpMethod.Post, path, new { body = "Answers the first.", answersVersion = 1 });

        (
            await forum.Database.ColumnAsync<string>(
                "select data ->> 'answeredVersion' from forum.mt_events where stream_id = $1 and version > 2 order by version",
                thread.Id
            )
        ).ShouldBe(["2", "1"]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(long.MaxValue)]
    public async Task a_reply_to_a_version_that_is_not_there_is_refused(long version)
    {
        var thread = await forum.NewThread();

        await forum
            .Member()
            .IsRefused(
                thread.Id,
                member =>
                    member.Send(
                        HttpMethod.Post,
                        $"/api/threads/{thread.Id}/replies",
                        new { body = "Late.", answersVersion = version }
                    ),
                422,
                "unknown-version"
            );
    }

    [Fact]
    public async Task a_reply_to_a_thread_that_is_not_there_is_refused()
    {
        var unknown = Guid.CreateVersion7();

        await forum.Member().IsRefused(unknown, m => m.Reply(unknown, "Hello?"), 404, "thread-not-found");
    }

    [Fact]
    public async Task the_id_of_a_board_or_a_member_is_no_thread()
    {
        var thread = await forum.NewThread();
        var starterId = await thread.Starter.Id();

        await forum.Member().IsRefused(thread.BoardId, m => m.Reply(thread.BoardId, "Hello?"), 404, "thread-not-found");
        await forum.Member().IsRefused(starterId, m => m.Reply(starterId, "Hello?"), 404, "thread-not-found");
    }

    [Fact]
    public async Task nobody_replies_to_a_locked_thread()
    {
        var thread = await forum.NewThread();
        (await forum.Moderator().Lock(thread.Id, "Settled.")).ShouldBe(200);

        var answer = await forum.Member().IsRefused(thread.Id, m => m.Reply(thread.Id, "But!"), 409, "thread-locked");

        answer.Json.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("Settled.");
        await forum.Moderator().IsRefused(thread.Id, m => m.Reply(thread.Id, "But!"), 409, "thread-locked");
    }
}
