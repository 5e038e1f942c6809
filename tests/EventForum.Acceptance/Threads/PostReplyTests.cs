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
}
