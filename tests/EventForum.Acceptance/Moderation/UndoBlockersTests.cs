using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Moderation;

public sealed class UndoBlockersTests(ForumHost forum)
{
    [Fact]
    public async Task undoing_what_stands_in_the_way_in_the_order_that_is_named_works()
    {
        var moderator = forum.Moderator();
        var (one, two, three) = (await forum.NewThread(), await forum.NewThread(), await forum.NewThread());
        var first = (await moderator.Reply(one.Id, "First.")).ShouldBe(201).PostId;
        var second = (await moderator.Reply(two.Id, "Second.")).ShouldBe(201).PostId;
        var begun = await MoveAsync(two.Id, first);
        // It moves the same post, and another one that moves again afterwards.
        var next = await MoveAsync(three.Id, first, second);
        var last = await MoveAsync(one.Id, second);

        var blocked = (await moderator.Undo(begun)).ShouldBeProblem(409, "undo-blocked");

        var blockers = blocked.Json.GetProperty("blockers").EnumerateArray().Select(id => id.GetGuid()).ToList();
        blockers.ShouldBe([last, next]);
        foreach (var batch in blockers.Append(begun))
        {
            (await moderator.Undo(batch)).ShouldBe(201);
        }

        (await moderator.Get($"/api/posts/{first}")).ShouldBe(200).ThreadId.ShouldBe(one.Id);
        (await moderator.Get($"/api/posts/{second}")).ShouldBe(200).ThreadId.ShouldBe(two.Id);

        async Task<Guid> MoveAsync(Guid threadId, params Guid[] posts) =>
            (await moderator.MovePosts(threadId, posts, "end")).ShouldBe(201).Id("batchId");
    }
}
