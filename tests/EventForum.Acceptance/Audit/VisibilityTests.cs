using CsCheck;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Audit;

public sealed class VisibilityTests(ForumHost shared)
{
    /// <summary>What somebody could read once is what events say later, whatever happened meanwhile.</summary>
    [Fact]
    public async Task it_says_of_every_moment_what_the_routes_answered_then()
    {
        await using var forum = await ForumHost.StartAsync(null, ("Sample", "false"));
        var asked = 0;
        await Gen.Int[0, 15]
            .Array[24]
            .SampleAsync(
                async steps =>
                {
                    var history = await WatchedForum.BeginAsync(forum);
                    foreach (var step in steps)
                    {
                        await history.StepAsync(step);
                    }

                    (await history.WrongAsync()).ShouldBeEmpty();
                    asked += history.Answers;
                },
                iter: 4,
                threads: 1
            );
        asked.ShouldBeGreaterThan(1_000);
    }

    [Fact]
    public async Task it_names_the_facts_and_who_could_read_the_post()
    {
        var (admin, moderator, named) = (shared.Admin(), shared.Moderator(), shared.Member());
        var thread = await shared.NewThread();
        (await named.Reply(thread.Id, "I am here.")).ShouldBe(201);
        var id = await named.Id();
        var before = (
            await admin.Permit(thread.BoardId, see: new { members = (Guid[])[id], roles = (string[])["staff"] })
        )
            .ShouldBe(200)
            .Position;
        (await moderator.Remove(thread.FirstPostId, "Spam.")).ShouldBe(200);
        var path = $"/api/audit/visibility?post={thread.FirstPostId}";

        var then = (await admin.Get($"{path}&member={id}&position={before}")).ShouldBe(200).Json;
        then.GetProperty("visible").GetBoolean().ShouldBeTrue();
        then.GetProperty("facts")
            .EnumerateArray()
            .Select(fact => fact.GetProperty("fact").GetString())
            .ShouldBe(["post", "thread", "board", "permissions", "roles", "state"]);
        then.GetProperty("facts")[3].GetProperty("position").GetInt64().ShouldBe(before);
        var guest = (await admin.Get($"{path}&guest=true&position={before}")).ShouldBe(200).Json;
        guest.GetProperty("visible").GetBoolean().ShouldBeFalse();
        var now = (await admin.Get($"{path}&member={Uri.EscapeDataString(named.Name)}")).ShouldBe(200).Json;
        now.GetProperty("visible").GetBoolean().ShouldBeFalse();
        now.GetProperty("facts").EnumerateArray().Last().GetProperty("fact").GetString().ShouldBe("moderates");

        var to = (await admin.Get($"{path}&position={before}")).ShouldBe(200).Json.GetProperty("to");
        to.GetProperty("everyone").GetBoolean().ShouldBeFalse();
        to.GetProperty("roles").EnumerateArray().Select(role => role.GetString()).ShouldBe(["moderator", "staff"]);
        to.GetProperty("members")[0].GetProperty("id").GetGuid().ShouldBe(id);
        to = (await admin.Get(path)).ShouldBe(200).Json.GetProperty("to");
        to.GetProperty("roles").EnumerateArray().Select(role => role.GetString()).ShouldBe(["moderator"]);
        to.GetProperty("members").GetArrayLength().ShouldBe(0);

        (await named.Get(path)).ShouldBeProblem(403, "moderators-only");
        (await admin.Get($"{path}&member=nobody")).ShouldBeProblem(404, "member-not-found");
        (await admin.Get($"{path}&position=0")).ShouldBeProblem(404, "position-not-found");
        (await admin.Get($"{path}&position=1&at=2026-01-01")).ShouldBeProblem(400, "moment-ambiguous");
        (await admin.Get($"{path}&guest=true&member={id}")).ShouldBeProblem(400, "reader-ambiguous");
        (await admin.Get("/api/audit/visibility")).ShouldBeProblem(404, "post-not-found");
        (await admin.Get($"{path}&at=2001-01-01T00:00:00Z&guest=true"))
            .ShouldBe(200)
            .Json.GetProperty("facts")[0]
            .GetProperty("holds")
            .GetBoolean()
            .ShouldBeFalse();
    }
}
