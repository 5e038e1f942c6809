using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Members;

public sealed class GrantTitleTests(ForumHost forum)
{
    [Fact]
    public async Task an_admin_grants_a_title_and_takes_it_back()
    {
        var member = (await forum.NewThread()).Starter;
        var id = await member.Id();

        (await forum.Admin().GrantTitle(id, " Keeper ")).ShouldBe(200).Version.ShouldBe(2);
        (await forum.Admin().GrantTitle(id, null)).ShouldBe(200).Version.ShouldBe(3);

        (await forum.Database.EventsOfAsync(id)).ShouldBe(["member_registered", "title_granted", "title_granted"]);
    }

    [Fact]
    public async Task an_admin_grants_itself_a_title()
    {
        var admin = forum.Admin();
        (await admin.CreateBoard(ForumServer.NewName("board"))).ShouldBe(201);

        // After its registration, and the roles of its token.
        (await admin.GrantTitle(await admin.Id(), "Founder"))
            .ShouldBe(200)
            .Version.ShouldBe(3);
    }

    [Fact]
    public async Task nobody_else_does()
    {
        var member = (await forum.NewThread()).Starter;
        var id = await member.Id();

        await member.IsRefused(id, m => m.GrantTitle(id, "King"), 403);
        await forum.Moderator().IsRefused(id, m => m.GrantTitle(id, "King"), 403);
    }

    [Theory]
    [InlineData("", "title-length")]
    [InlineData("two\nlines", "title-characters")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "title-length")]
    public async Task a_title_is_one_line_of_1_to_60_characters(string title, string type)
    {
        var id = await (await forum.NewThread()).Starter.Id();

        await forum.Admin().IsRefused(id, m => m.GrantTitle(id, title), 422, type);
    }

    [Fact]
    public async Task a_member_who_is_not_there_gets_no_title()
    {
        var thread = await forum.NewThread();
        var unknown = Guid.CreateVersion7();

        await forum.Admin().IsRefused(unknown, m => m.GrantTitle(unknown, "Ghost"), 404, "member-not-found");
        await forum.Admin().IsRefused(thread.Id, m => m.GrantTitle(thread.Id, "Ghost"), 404, "member-not-found");
    }

    [Fact]
    public async Task a_threads_id_is_no_members_whoever_writes_to_the_thread_meanwhile()
    {
        var thread = await forum.NewThread();
        var admin = forum.Admin();

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 60)
                .Select(i =>
                    i % 2 == 0 ? admin.GrantTitle(thread.Id, "Ghost") : thread.Starter.Reply(thread.Id, $"Reply {i}.")
                )
        );

        for (var i = 0; i < answers.Length; i++)
        {
            answers[i].ShouldBe(i % 2 == 0 ? 404 : 201);
        }

        (await forum.Database.CountEventsAsync(thread.Id)).ShouldBe(31);
    }
}
