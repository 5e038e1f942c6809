using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Members;

public sealed class RoleRecorderTests(ForumHost forum)
{
    [Fact]
    public async Task the_roles_of_a_token_are_recorded_once_however_many_requests_bring_it_at_once()
    {
        await using var other = await ForumHost.StartAsync(forum.Database, ("Sample", "false"));
        var admin = forum.Admin();
        var unknown = Guid.CreateVersion7();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 80).Select(i => admin.At(i % 2 == 0 ? forum : other).GrantTitle(unknown, "Ghost"))
        );

        foreach (var answer in answers)
        {
            answer.ShouldBeProblem(404, "member-not-found");
        }

        (await forum.Database.EventsOfAsync(await admin.Id())).ShouldBe(["member_registered", "token_roles_changed"]);
    }
}
