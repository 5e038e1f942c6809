using System.Text.Json;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Audit;

public sealed class MemberDataTests(ForumHost forum)
{
    [Fact]
    public async Task a_member_gets_everything_that_is_held_and_nobody_else_is_named_in_it()
    {
        var (admin, member) = (forum.Admin(), forum.Member());
        var started = (
            await member.StartThread(await forum.NewBoard(), "A title of mine", "My words.", "a-key")
        ).ShouldBe(201);
        (await member.Edit(started.PostId, "My better words.")).ShouldBe(200);
        (await admin.Edit(started.PostId, "Their words.", "Rules.")).ShouldBe(200);
        (
            await admin.Batch(
                new
                {
                    kind = "suspend-member",
                    reason = "Noise.",
                    memberId = await member.Id(),
                }
            )
        ).ShouldBe(201);

        var held = (await admin.Get($"/api/members/{await member.Id()}/data")).ShouldBe(200);
        (await member.Get("/api/me/data")).ShouldBe(200).Text.ShouldBe(held.Text);

        var lines = held
            .Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToList();
        lines[0].GetProperty("kind").GetString().ShouldBe("member");
        lines[0].GetProperty("data").GetProperty("name").GetString().ShouldBe(member.Name);
        lines
            .Where(line => line.GetProperty("kind").GetString() == "event")
            .Select(line => (line.GetProperty("type").GetString(), line.GetProperty("isOwn").GetBoolean()))
            .ShouldBe(
                [
                    ("thread_started", true),
                    ("member_registered", true),
                    ("post_edited", true),
                    ("member_suspended", false),
                ],
                ignoreOrder: true
            );
        held.Text.ShouldContain("My words.");
        held.Text.ShouldContain("My better words.");
        held.Text.ShouldContain("Noise.");
        held.Text.ShouldContain("a-key");
        held.Text.ShouldNotContain("Their words.");
        held.Text.ShouldNotContain(admin.Name);
        held.Text.ShouldNotContain((await admin.Id()).ToString());
    }

    [Fact]
    public async Task only_admins_get_what_is_held_about_others()
    {
        var member = forum.Member();
        await member.StartThread(await forum.NewBoard(), "A title", "Words.");
        var id = await member.Id();

        (await forum.Moderator().Get($"/api/members/{id}/data")).ShouldBe(403);
        (await forum.Stranger().Get("/api/me/data")).ShouldBe(401);
        (await forum.Member().Get("/api/me/data")).ShouldBeProblem(404, "member-not-found");
        (await forum.Admin().Get($"/api/members/{Guid.CreateVersion7()}/data")).ShouldBeProblem(
            404,
            "member-not-found"
        );
    }
}
