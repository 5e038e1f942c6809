using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Moderation;

public sealed class StandingTests(ForumHost forum)
{
    [Fact]
    public async Task a_suspended_member_reads_and_cannot_write_until_it_is_undone()
    {
        var thread = await forum.NewThread();
        var moderator = forum.Moderator();
        var member = thread.Starter;
        var suspend = new
        {
            kind = "suspend-member",
            reason = "Insults.",
            memberId = await member.Id(),
        };

        (await moderator.Preview(new { suspend.kind, suspend.memberId })).ShouldBe(200);
        var batch = (await moderator.Batch(suspend)).ShouldBe(201);

        (await member.Reply(thread.Id, "But…")).ShouldBeProblem(403, "suspended").Text.ShouldContain("Insults.");
        (await member.Get($"/api/threads/{thread.Id}")).ShouldBe(200);
        var mine = (await member.Get("/api/me/standing")).ShouldBe(200).Json.GetProperty("suspension");
        mine.GetProperty("reason").GetString().ShouldBe("Insults.");
        (await moderator.Undo(batch.Id("batchId"))).ShouldBe(201);
        (await member.Reply(thread.Id, "Thank you.")).ShouldBe(201);
    }

    [Fact]
    public async Task a_suspension_ends_by_itself_and_warnings_add_up()
    {
        var thread = await forum.NewThread();
        var moderator = forum.Moderator();
        var memberId = await thread.Starter.Id();
        (
            await moderator.Batch(
                new
                {
                    kind = "suspend-member",
                    reason = "Yesterday.",
                    memberId,
                    until = "2020-01-01T00:00:00Z",
                }
            )
        ).ShouldBe(201);
        foreach (var points in (int[])[10, 5])
        {
            (
                await moderator.Batch(
                    new
                    {
                        kind = "warn-member",
                        reason = "Be kind.",
                        memberId,
                        points,
                    }
                )
            ).ShouldBe(201);
        }

        (await thread.Starter.Reply(thread.Id, "I will.")).ShouldBe(201);
        var standing = (await moderator.Get($"/api/members/{memberId}/standing")).ShouldBe(200).Json;
        standing.GetProperty("points").GetInt32().ShouldBe(15);
        standing.GetProperty("warnings").GetArrayLength().ShouldBe(2);
        standing.GetProperty("suspension").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        (await forum.Member().Get($"/api/members/{memberId}/standing")).ShouldBeProblem(403, "moderators-only");
    }

    [Fact]
    public async Task only_an_admin_decides_about_a_moderator()
    {
        var other = forum.Moderator();
        var thread = await forum.NewThread();
        (await other.Reply(thread.Id, "I moderate.")).ShouldBe(201);
        var suspend = new
        {
            kind = "suspend-member",
            reason = "Quarrel.",
            memberId = await other.Id(),
        };

        (await forum.Moderator().Batch(suspend)).ShouldBeProblem(403, "admins-only");
        (await forum.Member().Batch(suspend)).ShouldBeProblem(403, "moderators-only");
        var batch = (await forum.Admin().Batch(suspend)).ShouldBe(201);
        (await forum.Moderator().Undo(batch.Id("batchId"))).ShouldBeProblem(403, "admins-only");
        (await other.RemovePosts(thread.FirstPostId)).ShouldBeProblem(403, "suspended");
    }
}
