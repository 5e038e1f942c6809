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
    public async Task a_suspension_ends_by_itself()
    {
        var clock = new ShiftedClock();
        await using var server = await ForumHost.StartAsync(clock);
        var thread = await server.NewThread();
        var suspend = new
        {
            kind = "suspend-member",
            reason = "For a while.",
            memberId = await thread.Starter.Id(),
            until = clock.GetUtcNow().AddMinutes(3),
        };
        (await server.Moderator().Batch(suspend)).ShouldBe(201);
        (await thread.Starter.Reply(thread.Id, "May I?")).ShouldBeProblem(403, "suspended");

        clock.Shift = TimeSpan.FromMinutes(4);
        // Suspensions are read once a second, and when one is stored.
        (
            await server
                .Moderator()
                .Batch(
                    new
                    {
                        kind = "suspend-member",
                        reason = "Another.",
                        memberId = await (await server.NewThread()).Starter.Id(),
                    }
                )
        ).ShouldBe(201);

        (await thread.Starter.Reply(thread.Id, "I am back.")).ShouldBe(201);
        (await thread.Starter.Get("/api/me/standing"))
            .ShouldBe(200)
            .Json.GetProperty("suspension")
            .ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
    }

    [Fact]
    public async Task warnings_add_up()
    {
        var thread = await forum.NewThread();
        var moderator = forum.Moderator();
        var memberId = await thread.Starter.Id();
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
        (await forum.Member().Get($"/api/members/{memberId}/standing")).ShouldBeProblem(403, "moderators-only");
    }

    [Fact]
    public async Task what_is_to_hold_until_a_time_does_not_end_before_it_begins()
    {
        var thread = await forum.NewThread();
        var memberId = await thread.Starter.Id();
        foreach (
            var (kind, until, expiresAt) in ((string, string?, string?)[])
                [("suspend-member", "2020-01-01T00:00:00Z", null), ("warn-member", null, "2020-01-01T00:00:00+02:00")]
        )
        {
            var batch = new
            {
                kind,
                reason = "Yesterday.",
                memberId,
                points = 1,
                until,
                expiresAt,
            };
            (await forum.Moderator().Batch(batch))
                .ShouldBeProblem(422, "time-passed")
                .Text.ShouldContain(until is null ? "expiresAt" : "until");
            (await forum.Moderator().Preview(batch)).ShouldBeProblem(422, "time-passed");
        }
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

    [Fact]
    public async Task what_a_silenced_member_writes_waits_for_a_moderator()
    {
        var thread = await forum.NewThread();
        var (moderator, member) = (forum.Moderator(), forum.Member());
        var before = (await member.Reply(thread.Id, "Said before.")).ShouldBe(201);
        var batch = (await moderator.Silence(member)).ShouldBe(201);
        (await moderator.Silence(member)).ShouldBeProblem(409, "nothing-to-do");

        (await member.StartThread(thread.BoardId, "Loud", "Words.")).ShouldBeProblem(403, "silenced");
        var first = (await member.Reply(thread.Id, "Held one.")).ShouldBe(201);
        var second = (await member.Reply(thread.Id, "Held two.")).ShouldBe(201);
        (await member.Edit(before.PostId, "Held edit.")).ShouldBe(200);

        (await Page(forum.Stranger())).ShouldNotContain("Held");
        (await Page(forum.Member())).ShouldNotContain("Held");
        (await Page(member)).ShouldContain("Held one.");
        (await Page(moderator)).ShouldContain("Held edit.");
        (await forum.Stranger().Get($"/threads/{thread.Id}")).Text.ShouldContain("waits for a moderator");
        (await forum.Stranger().Get($"/threads/{thread.Id}")).Text.ShouldNotContain(moderator.Name);
        (await member.Restore(first.PostId)).ShouldBeProblem(403);
        (await member.Get("/api/me/standing"))
            .Json.GetProperty("silence")
            .GetProperty("reason")
            .GetString()
            .ShouldBe("Noise.");

        // One is let through, one is removed; what only waited comes back with the undo.
        (
            await moderator.Batch(
                new
                {
                    kind = "restore-posts",
                    reason = "Fine.",
                    posts = new[] { first.PostId },
                }
            )
        ).ShouldBe(201);
        (await moderator.RemovePosts(second.PostId)).ShouldBe(201);
        (await Page(forum.Stranger())).ShouldContain("Held one.");
        (await Page(forum.Stranger())).ShouldNotContain("Held edit.");
        var undo = (await moderator.Undo(batch.Id("batchId"))).ShouldBe(201);
        (await Page(forum.Stranger())).ShouldContain("Held edit.");
        (await Page(forum.Stranger())).ShouldNotContain("Held two.");
        (await member.Reply(thread.Id, "At once.")).ShouldBe(201);
        (await Page(forum.Stranger())).ShouldContain("At once.");
        (await moderator.Undo(undo.Id("batchId"))).ShouldBe(201);
        (await Page(forum.Stranger())).ShouldNotContain("Held edit.");

        async Task<string> Page(TestMember reader) =>
            (await reader.Get($"/api/threads/{thread.Id}")).ShouldBe(200).Text;
    }

    [Fact]
    public async Task a_warning_that_comes_to_a_threshold_suspends_and_its_undo_undoes_both()
    {
        await using var server = await ForumHost.StartAsync(
            null,
            ("Sample", "false"),
            ("Moderation:Thresholds:0:Points", "10"),
            ("Moderation:Thresholds:0:For", "1.00:00:00")
        );
        var thread = await server.NewThread();
        var moderator = server.Moderator();
        var warn = new
        {
            kind = "warn-member",
            reason = "Be kind.",
            memberId = await thread.Starter.Id(),
            points = 5,
        };
        (await moderator.Batch(warn)).ShouldBe(201);
        (await thread.Starter.Reply(thread.Id, "I will.")).ShouldBe(201);
        (await server.Member().Report(thread.FirstPostId)).ShouldBe(201);
        var caseId = await moderator.CaseOf(thread.FirstPostId);

        var second = (
            await moderator.Batch(
                new
                {
                    warn.kind,
                    warn.reason,
                    warn.memberId,
                    warn.points,
                    caseId,
                }
            )
        ).ShouldBe(201);

        (await thread.Starter.Reply(thread.Id, "But…")).ShouldBeProblem(403, "suspended");
        var mine = (await thread.Starter.Get("/api/me/standing")).ShouldBe(200).Json.GetProperty("suspension");
        mine.GetProperty("isAutomatic").GetBoolean().ShouldBeTrue();
        (await thread.Starter.Get($"/api/cases/{caseId}/statement"))
            .ShouldBe(200)
            .Json.GetProperty("isAutomatic")
            .GetBoolean()
            .ShouldBeTrue();
        var log = (await moderator.Get($"/api/moderation/log?min-position={second.Position}")).ShouldBe(200);
        log.Json.GetProperty("rows")[0].GetProperty("suspendedAutomatically").GetBoolean().ShouldBeTrue();
        (await moderator.Undo(second.Id("batchId"))).ShouldBe(201);
        (await thread.Starter.Reply(thread.Id, "Thank you.")).ShouldBe(201);
    }
}
