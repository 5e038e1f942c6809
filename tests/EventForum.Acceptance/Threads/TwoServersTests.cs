using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Threads;

/// <summary>Two servers on one database, which know nothing of each other.</summary>
public sealed class TwoServersTests(ForumHost forum)
{
    [Fact]
    public async Task both_write_to_one_thread()
    {
        await using var other = await ForumHost.StartAsync(forum.Database);
        var thread = await forum.NewThread();
        var here = Enumerable.Range(0, 8).Select(_ => forum.Member()).ToList();
        var there = here.Select(member => member.At(other)).ToList();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? here : there)[i / 2 % 8].Reply(thread.Id, $"Reply {i}."))
        );

        answers.ShouldAllBe(answer => answer.Status == 201);
        answers.Select(a => a.Number).Order().ShouldBe(Enumerable.Range(2, 200));
        (await forum.Database.NumbersAsync(thread.Id)).ShouldBe(Enumerable.Range(1, 201));
        foreach (var member in here)
        {
            (await member.Registrations()).ShouldBe(1);
        }

        for (var i = 0; i < 20; i++)
        {
            await A_key_is_good_at_both(other);
        }

        await A_name_is_taken_at_both(other);
    }

    [Fact]
    public async Task what_one_does_to_a_thread_counts_at_the_other_at_once()
    {
        await using var other = await ForumHost.StartAsync(forum.Database);
        var thread = await forum.NewThread();
        var moderator = forum.Moderator();
        for (var i = 0; i < 3; i++)
        {
            // Each has just written to the thread when the other one locks or unlocks it.
            (await moderator.Reply(thread.Id, "Here.")).Status.ShouldBe(201);
            (await moderator.At(other).Lock(thread.Id)).Status.ShouldBe(200);
            (await moderator.Reply(thread.Id, "Too late.")).Status.ShouldBe(409);
            (await moderator.Unlock(thread.Id)).Status.ShouldBe(200);
            (await moderator.At(other).Reply(thread.Id, "There.")).Status.ShouldBe(201);
            (await moderator.Lock(thread.Id)).Status.ShouldBe(200);
            (await moderator.At(other).Unlock(thread.Id)).Status.ShouldBe(200);
        }

        (await forum.Database.NumbersAsync(thread.Id)).ShouldBe(Enumerable.Range(1, 7));
    }

    private async Task A_key_is_good_at_both(ForumServer other)
    {
        var thread = await forum.NewThread();
        var member = forum.Member();
        var reply = (await member.Reply(thread.Id, "Mine.")).ShouldBe(201);

        var replies = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? member : member.At(other)).Reply(thread.Id, "Once.", "r"))
        );
        var edits = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(i =>
                    (i % 2 == 0 ? member : member.At(other)).Send(
                        HttpMethod.Put,
                        $"/api/posts/{reply.PostId}",
                        new { body = "Better." },
                        key: "e"
                    )
                )
        );
        var removals = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(i =>
                    (i % 2 == 0 ? member : member.At(other)).Send(
                        HttpMethod.Post,
                        $"/api/posts/{reply.PostId}/remove",
                        new { },
                        key: "x"
                    )
                )
        );

        var starts = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(i => (i % 2 == 0 ? member : member.At(other)).StartThread(thread.BoardId, "Once", "Body.", "s"))
        );

        foreach (var answers in (Answer[][])[replies, edits, removals, starts])
        {
            answers.Select(answer => answer.Text).Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();
            answers[0].Status.ShouldBeOneOf(200, 201);
        }

        (await forum.Database.EventsOfAsync(thread.Id)).ShouldBe([
            "thread_started",
            "reply_posted",
            "reply_posted",
            "post_edited",
            "post_removed",
        ]);
    }

    private async Task A_name_is_taken_at_both(ForumServer other)
    {
        var name = ForumServer.NewName("board");

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(i => (i % 2 == 0 ? forum : other).Admin().CreateBoard(name))
        );

        answers.Count(answer => answer.Status == 201).ShouldBe(1);
        answers.Count(answer => answer.Status == 409).ShouldBe(9);
    }
}
