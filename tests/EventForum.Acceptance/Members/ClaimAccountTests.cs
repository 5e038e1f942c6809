using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Members;

public sealed class ClaimAccountTests(ForumHost forum)
{
    [Fact]
    public async Task who_signs_in_is_the_imported_member_until_that_is_taken_back()
    {
        await using var other = await ForumHost.StartAsync(forum.Database, ("Sample", "false"));
        var (admin, person, thread) = (forum.Admin(), forum.Member(), await forum.NewThread());
        var imported = await ImportedMember.ArriveAsync(forum.Database);
        (await person.Reply(thread.Id, "I am new here.")).ShouldBe(201);
        var account = await person.Id();
        await person.IsRefused(imported.ThreadId, member => member.Edit(imported.PostId, "Mine?", "Why."), 403);

        (await admin.Claim(imported.Id, account)).ShouldBe(200);

        (await person.Edit(imported.PostId, "The herons are mine.", "They came back.")).ShouldBe(200);
        foreach (var server in (TestMember[])[person, person.At(other)])
        {
            await Patience.UntilAsync(async () => await AuthorOf(server, thread.Id) == imported.Id);
        }

        (await admin.GrantRoles(imported.Id, "moderator")).ShouldBe(200);
        (await person.Lock(thread.Id)).ShouldBe(200);
        (await person.Unlock(thread.Id)).ShouldBe(200);
        (await forum.Database.EventsOfAsync(account)).ShouldContain("account_merged", StringComparer.Ordinal);
        (await forum.Database.EventsOfAsync(imported.Id)).ShouldContain("account_claimed", StringComparer.Ordinal);
        (await imported.ArriveAgainAsync(forum.Database)).ShouldContain("0 events added");

        (await admin.Release(imported.Id, account)).ShouldBe(200);

        (await AuthorOf(person, thread.Id)).ShouldBe(account);
        (await person.Lock(thread.Id)).ShouldBeProblem(403);
        (await person.Edit(imported.PostId, "Mine again?", "Why.")).ShouldBeProblem(403);
    }

    [Fact]
    public async Task what_is_held_against_the_account_holds_against_the_person()
    {
        var (admin, person, thread) = (forum.Admin(), forum.Member(), await forum.NewThread());
        var imported = await ImportedMember.ArriveAsync(forum.Database);
        (await person.Reply(thread.Id, "I am new here.")).ShouldBe(201);
        var account = await person.Id();
        (
            await forum
                .Moderator()
                .Batch(
                    new
                    {
                        kind = "suspend-member",
                        reason = "Insults.",
                        memberId = account,
                    }
                )
        ).ShouldBe(201);

        (await admin.Claim(imported.Id, account)).ShouldBe(200);

        (await person.Reply(thread.Id, "I am old here.")).ShouldBeProblem(403, "suspended");
    }

    [Fact]
    public async Task who_is_erased_can_be_nobody()
    {
        var (admin, person, thread) = (forum.Admin(), forum.Member(), await forum.NewThread());
        var imported = await ImportedMember.ArriveAsync(forum.Database);
        (await person.Reply(thread.Id, "I am new here.")).ShouldBe(201);
        var account = await person.Id();
        (await admin.Claim(imported.Id, account)).ShouldBe(200);
        (await AuthorOf(person, thread.Id)).ShouldBe(imported.Id);

        (await admin.Erase(imported.Id, imported.Name, "name")).ShouldBe(200);

        await Patience.UntilAsync(async () => await AuthorOf(person, thread.Id) == account);
    }

    [Fact]
    public async Task only_an_admin_says_so_and_only_of_an_imported_member()
    {
        var (admin, person, thread) = (forum.Admin(), forum.Member(), await forum.NewThread());
        var imported = await ImportedMember.ArriveAsync(forum.Database);
        (await person.Reply(thread.Id, "I am new here.")).ShouldBe(201);
        var (account, starter, nobody) = (await person.Id(), await thread.Starter.Id(), Guid.CreateVersion7());

        (await forum.Moderator().Claim(imported.Id, account)).ShouldBeProblem(403);
        (await admin.Claim(nobody, account)).ShouldBeProblem(404, "member-not-found");
        (await admin.Claim(imported.Id, nobody)).ShouldBeProblem(404, "member-not-found");
        (await admin.Claim(imported.Id, imported.Id)).ShouldBeProblem(404, "member-not-found");
        (await admin.Claim(starter, account)).ShouldBeProblem(422, "not-imported");
        (await admin.Claim(imported.Id, (await ImportedMember.ArriveAsync(forum.Database)).Id)).ShouldBeProblem(
            422,
            "cannot-sign-in"
        );
        (await admin.Release(imported.Id, account)).ShouldBeProblem(409, "account-not-claimed");
        (await admin.Claim(imported.Id, account)).ShouldBe(200);
        (await admin.Claim(imported.Id, starter)).ShouldBeProblem(409, "account-claimed");
        (await admin.Claim((await ImportedMember.ArriveAsync(forum.Database)).Id, account)).ShouldBeProblem(
            409,
            "account-claimed"
        );
    }

    /// <summary>Who is the author of what the person writes now.</summary>
    private async Task<Guid> AuthorOf(TestMember person, Guid threadId)
    {
        var written = (await person.Reply(threadId, "Who am I?")).ShouldBe(201);
        return await forum.Database.ScalarAsync<Guid>(
            "select author_id from forum.posts where post_id = $1",
            written.PostId
        );
    }
}
