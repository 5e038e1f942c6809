using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Threads;

public sealed class BackPressureTests
{
    [Fact]
    public async Task more_commands_than_may_wait_are_sent_back_for_later()
    {
        await using var forum = await ForumHost.StartAsync(null, ("Writers:MaxWaiting", "4"));
        var thread = await forum.NewThread();
        var member = forum.Member();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 60).Select(i => member.Reply(thread.Id, $"Reply {i}.", $"{i}"))
        );

        var taken = answers.Where(answer => answer.Status == 201).ToList();
        var refused = answers.Where(answer => answer.Status != 201).ToList();
        taken.ShouldNotBeEmpty();
        refused.ShouldNotBeEmpty();
        foreach (var answer in refused)
        {
            answer.ShouldBeProblem(503, "too-busy");
            answer.Headers.RetryAfter.ShouldNotBeNull().Delta.ShouldBe(TimeSpan.FromSeconds(1));
        }

        taken.Select(a => a.Number).Order().ShouldBe(Enumerable.Range(2, taken.Count));
        (await forum.Database.CountEventsAsync(thread.Id)).ShouldBe(1 + taken.Count);
        (await member.Reply(thread.Id, "Later.")).ShouldBe(201).Number.ShouldBe(taken.Count + 2);
    }
}
