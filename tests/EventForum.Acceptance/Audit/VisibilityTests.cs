using CsCheck;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Audit;

public sealed class VisibilityTests
{
    /// <summary>What somebody could read once is what events say later, whatever happened meanwhile.</summary>
    [Fact]
    public async Task it_says_of_every_moment_what_the_routes_answered_then()
    {
        await using var forum = await ForumHost.StartAsync(null, ("Sample", "false"));
        var (read, hidden) = (0, 0);
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
                    read += history.Read;
                    hidden += history.Hidden;
                },
                iter: 4,
                threads: 1
            );
        read.ShouldBeGreaterThan(200);
        hidden.ShouldBeGreaterThan(200);
    }

    [Fact]
    public async Task it_names_the_facts_and_who_could_read_the_post()
    {
        await using var forum = await ForumHost.StartAsync(null, ("Sample", "false"));
        var (admin, moderator, named) = (forum.Admin(), forum.Moderator(), forum.Member());
        var thread = await forum.NewThread();
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

        var page = $"/audit/posts/{thread.FirstPostId}/visibility";
        (await admin.Get($"{page}?guest=true")).ShouldBe(200).Text.ShouldContain("no, a guest could not read it.");
        (await admin.Get($"{page}?member={id}&at=")).ShouldBe(200).Text.ShouldContain("could not read it.");
        (await admin.Get(page)).ShouldBe(200).Text.ShouldContain("Now: admins, who had the role moderator.");
        (await admin.Get($"{page}?at=2001-01-01T00:00")).ShouldBe(200).Text.ShouldContain("1 January 2001, 00:00 UTC");
        (await admin.Get($"{page}?at=never")).ShouldBeProblem(400, "time-invalid");
        (await named.Get(page)).ShouldBeProblem(403, "moderators-only");

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

    [Fact]
    public async Task a_moderator_learns_nothing_of_a_board_that_is_hidden()
    {
        await using var forum = await ForumHost.StartAsync(null, ("Sample", "false"));
        var (admin, moderator, author) = (forum.Admin(), forum.Member(), forum.Member());
        var (open, hidden) = (await forum.NewThread(), await forum.NewThread());
        (await moderator.Reply(open.Id, "I look after this.")).ShouldBe(201);
        var ids = (Guid[])[await moderator.Id()];
        (await admin.Permit(open.BoardId, moderate: new { members = ids })).ShouldBe(200);
        var word = $"secret{Guid.CreateVersion7():N}";
        var post = (await author.Reply(hidden.Id, $"Some {word}.")).ShouldBe(201);
        (await author.Edit(post.PostId, $"More {word}.", $"Because of {word}.")).ShouldBe(200);
        (await author.Quote(open.FirstPostId, $"Quoted in {word}.")).ShouldBe(201);
        var quoting = await author.Reply(
            hidden.Id,
            $"[quote=\"post:{open.FirstPostId}\"]The first post.[/quote]\n\nSo {word}."
        );
        quoting.ShouldBe(201);
        (await admin.Rename(hidden.Id, $"Title {word}", "Clearer.")).ShouldBe(200);
        (await admin.Permit(hidden.BoardId, see: new { }, moderate: new { })).ShouldBe(200);
        var moved = await admin.MovePosts(open.Id, [post.PostId]);
        var last = moved.ShouldBe(201).Position;

        string[] things =
        [
            $"posts/{post.PostId}",
            $"posts/{open.FirstPostId}",
            $"threads/{open.Id}",
            $"boards/{open.BoardId}",
            $"members/{await author.Id()}",
            $"members/{await admin.Id()}",
        ];
        foreach (var thing in things)
        {
            foreach (var form in (string[])["application/json", "text/csv", "application/x-ndjson"])
            {
                var story = await moderator.GetAs($"/api/audit/{thing}?limit=500&min-position={last}", form);
                story.ShouldBe(200);
                foreach (
                    var what in (string[])
                        [
                            $"Title {word}",
                            $"Because of {word}",
                            $"So {word}",
                            $"{hidden.Id}",
                            $"{hidden.BoardId}",
                            hidden.Title,
                        ]
                )
                {
                    story.Text.ShouldNotContain(what);
                }
            }
        }

        (await moderator.Get($"/api/audit/posts/{quoting.PostId}")).ShouldBeProblem(404, "post-not-found");
        (await moderator.Get($"/api/audit/threads/{hidden.Id}")).ShouldBeProblem(404, "thread-not-found");
        (await moderator.Get($"/api/audit/boards/{hidden.BoardId}")).ShouldBeProblem(404, "board-not-found");
        (await moderator.Get($"/api/audit/visibility?post={quoting.PostId}")).ShouldBeProblem(404, "post-not-found");
        var then = $"/api/audit/visibility?post={post.PostId}&position={post.Position}";
        (await moderator.Get(then)).ShouldBeProblem(403);
        (await moderator.Get($"/api/audit/visibility?post={post.PostId}&guest=true")).ShouldBe(200);
        (await admin.Get(then)).ShouldBe(200);
    }
}
