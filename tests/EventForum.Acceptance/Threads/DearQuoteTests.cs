using EventForum.Acceptance.Harness;
using EventForum.Platform;
using Microsoft.Extensions.DependencyInjection;

namespace EventForum.Acceptance.Threads;

/// <summary>Texts whose quotes take long to find.</summary>
public sealed class DearQuoteTests
{
    [Fact]
    public async Task replies_go_on_while_others_wait_for_their_turn_to_look_for_what_they_quote()
    {
        await using var forum = await ForumHost.StartAsync(
            null,
            ("Limits:DearReadsAtOnce", "1"),
            ("Limits:DearReadsWaiting", "50"),
            ("Writers:Writers", "1")
        );
        var thread = await forum.NewThread(new string('x', 99_000) + "\n> y\n\nthe words");
        for (var i = 0; i < 2; i++)
        {
            (await thread.Starter.Reply(thread.Id, new string('z', 99_000))).ShouldBe(201);
        }

        var member = forum.Member();
        var turn = await forum
            .Services.GetRequiredService<DearReads>()
            .TakeTurnAsync(TestContext.Current.CancellationToken);
        var dear = Enumerable
            .Range(0, 40)
            .Select(i => member.Reply(thread.Id, $"[quote=\"{thread.Starter.Name}\"]the words[/quote]\nDear {i}."))
            .ToList();

        for (var i = 0; i < 3; i++)
        {
            (await thread.Starter.Reply(thread.Id, "Cheap.")).ShouldBe(201).Number.ShouldBe(4 + i);
            (await thread.Starter.Edit(thread.FirstPostId, $"Edited {i}.")).ShouldBe(200);
        }

        dear.ShouldAllBe(reply => !reply.IsCompleted);
        turn.ShouldNotBeNull().Dispose();
        var answers = await Task.WhenAll(dear);
        answers.ShouldAllBe(answer => answer.Status == 201);
        answers.Select(answer => answer.Number).Order().ShouldBe(Enumerable.Range(7, 40));
    }
}
