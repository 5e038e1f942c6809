using System.Numerics;
using System.Security.Claims;
using EventForum.Acceptance.Harness;
using EventForum.Platform;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace EventForum.Acceptance.Members;

public sealed class RegistrationTests(ForumHost forum)
{
    [Fact]
    public async Task the_first_write_registers_and_the_second_does_not()
    {
        var thread = await forum.NewThread();
        var member = forum.Member();
        (await member.Registrations()).ShouldBe(0);

        (await member.Reply(thread.Id, "One.")).ShouldBe(201);
        (await member.Reply(thread.Id, "Two.")).ShouldBe(201);

        (await member.Registrations()).ShouldBe(1);
        (await forum.Database.EventsOfAsync(await member.Id())).ShouldBe(["member_registered"]);
    }

    [Fact]
    public async Task twenty_first_writes_at_once_register_once()
    {
        var threads = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => forum.NewThread()));
        var member = forum.Member();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => member.Reply(threads[i % 4].Id, $"Reply {i}."))
        );

        answers.ShouldAllBe(answer => answer.Status == 201);
        (await member.Registrations()).ShouldBe(1);
    }

    [Fact]
    public async Task a_registration_says_who_registered()
    {
        var thread = await forum.NewThread();
        var id = await thread.Starter.Id();

        (
            await forum.Database.ScalarAsync<string>(
                "select concat_ws('|', user_name, data ->> 'name') from forum.mt_events where stream_id = $1",
                id
            )
        ).ShouldBe($"{id}|{thread.Starter.Name}");
    }

    [Fact]
    public async Task of_ten_with_one_name_whatever_its_case_one_gets_it()
    {
        var thread = await forum.NewThread();
        var name = ForumServer.NewName();
        var members = Enumerable
            .Range(0, 10)
            .Select(i => Subject($"{name} {i}", i % 2 == 0 ? name : name.ToUpperInvariant()))
            .ToList();

        var answers = await Task.WhenAll(members.Select(m => m.Reply(thread.Id, "It is me.")));

        answers.Count(answer => answer.Status == 201).ShouldBe(1);
        foreach (var answer in answers.Where(answer => answer.Status != 201))
        {
            answer.ShouldBeProblem(409, "name-taken");
        }

        (await forum.Database.CountEventsAsync(thread.Id)).ShouldBe(2);
        (
            await forum.Database.ScalarAsync<long>(
                "select count(*) from forum.mt_events where type = 'member_registered' and lower(data ->> 'name') = lower($1)",
                name
            )
        ).ShouldBe(1);
    }

    [Fact]
    public async Task the_race_for_a_name_over_many_threads_has_one_winner()
    {
        var threads = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => forum.NewThread()));
        var name = ForumServer.NewName();
        var members = Enumerable
            .Range(0, 10)
            .Select(i => Subject($"{name} {i}", i % 2 == 0 ? name : name.ToUpperInvariant()))
            .ToList();

        var answers = await Task.WhenAll(members.Select((m, i) => m.Reply(threads[i % 5].Id, "It is me.")));

        answers.Count(answer => answer.Status == 201).ShouldBe(1);
        answers.Count(answer => answer.Status == 409).ShouldBe(9);
    }

    [Fact]
    public async Task a_name_that_is_taken_stays_taken()
    {
        var thread = await forum.NewThread();
        var impostor = Subject(ForumServer.NewName("impostor"), $" {thread.Starter.Name.ToUpperInvariant()} ");

        await impostor.IsRefused(thread.Id, m => m.Reply(thread.Id, "It is me."), 409, "name-taken");
        await impostor.IsRefused(
            thread.Id,
            m => m.StartThread(thread.BoardId, "Title", "It is me."),
            409,
            "name-taken"
        );
        await impostor.IsRefused(thread.Id, m => m.CreateBoard(ForumServer.NewName("board")), 409, "name-taken");
    }

    [Theory]
    [InlineData("\ufb01", "FI")]
    [InlineData("\uff21lice", "alice")]
    [InlineData("stra\u00dfe e\u0301", "STRA\u00dfE \u00c9")]
    public async Task names_that_look_the_same_are_the_same(string one, string other)
    {
        var thread = await forum.NewThread();
        var suffix = Guid.CreateVersion7().ToString("N");
        var first = Subject(ForumServer.NewName(), $"{one} {suffix}");
        var second = Subject(ForumServer.NewName(), $"{other} {suffix}");
        (await first.Reply(thread.Id, "First.")).ShouldBe(201);

        (await second.Reply(thread.Id, "Second.")).ShouldBeProblem(409, "name-taken");
    }

    [Theory]
    [InlineData("modern", "modem")]
    [InlineData("\u0430\u0441\u0435", "ace")]
    [InlineData("Alice", "AIice")]
    public async Task a_name_that_is_taken_for_a_members_is_taken(string one, string other)
    {
        var thread = await forum.NewThread();
        // Letters would be of one script only.
        var suffix = $" {new BigInteger(Guid.CreateVersion7().ToByteArray(), isUnsigned: true)}";
        var member = Subject(ForumServer.NewName(), one + suffix);
        (await member.Reply(thread.Id, "First.")).ShouldBe(201);
        var impostor = Subject(ForumServer.NewName(), other + suffix);

        await impostor.IsRefused(thread.Id, m => m.Reply(thread.Id, "Second."), 409, "name-taken");
        await impostor.IsRefused(thread.Id, m => m.CreateBoard(ForumServer.NewName("board")), 409, "name-taken");
    }

    [Fact]
    public async Task of_names_that_are_taken_for_each_other_and_come_at_once_one_is_given()
    {
        var threads = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => forum.NewThread()));
        var name = ForumServer.NewName("ring");
        var members = Enumerable
            .Range(0, 12)
            .Select(i => Subject($"{name} {i}", i % 2 == 0 ? name : name.Replace('i', '\u0131')))
            .ToList();

        var answers = await Task.WhenAll(
            members.Select(
                (m, i) =>
                    i % 3 == 0 ? m.CreateBoard(ForumServer.NewName("board")) : m.Reply(threads[i % 5].Id, "It is me.")
            )
        );

        answers.Count(answer => answer.Status == 201).ShouldBe(1);
        answers.Count(answer => answer.Status == 409).ShouldBe(11);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("two\nlines")]
    [InlineData("a\0b")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    [InlineData("ali\u200bce")]
    [InlineData("\u202ealice")]
    [InlineData("\u0430lice")]
    public async Task a_name_that_cannot_be_a_members_name_is_refused(string name)
    {
        var thread = await forum.NewThread();
        var member = Subject(ForumServer.NewName(), name);

        (await member.Reply(thread.Id, "Hello.")).ShouldBeProblem(422, "name-invalid");
        (await member.CreateBoard(ForumServer.NewName("board"))).ShouldBeProblem(422, "name-invalid");

        (await forum.Database.CountEventsAsync(thread.Id)).ShouldBe(1);
    }

    [Fact]
    public async Task a_name_that_has_no_normal_form_is_refused_and_names_nobody()
    {
        const string Name = "a\uFFFEb";
        var thread = await forum.NewThread();

        (await Subject(ForumServer.NewName(), Name).Reply(thread.Id, "Hello.")).ShouldBeProblem(422, "name-invalid");

        (await forum.Member().Reply(thread.Id, $"[quote={Name}]Who?[/quote]")).ShouldBe(201);
        var found = await forum.Stranger().Get("/api/members?name=" + Uri.EscapeDataString(Name));
        found.ShouldBe(200).Json.GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task a_refused_first_command_registers_nobody()
    {
        var thread = await forum.NewThread();

        await forum.Member().IsRefused(thread.Id, m => m.Reply(thread.Id, " "), 422, "body-empty");
        await forum.Member().IsRefused(thread.Id, m => m.Edit(thread.FirstPostId, "Mine."), 403, "not-your-post");
        await forum.Admin().IsRefused(thread.Id, m => m.CreateBoard("no"), 422, "name-length");
    }

    [Fact]
    public async Task the_same_subject_keeps_its_first_name()
    {
        var thread = await forum.NewThread();
        var subject = ForumServer.NewName();
        var first = ForumServer.NewName("first");
        (await Subject(subject, first).Reply(thread.Id, "One.")).ShouldBe(201);

        (await Subject(subject, ForumServer.NewName("second")).Reply(thread.Id, "Two.")).ShouldBe(201);

        (
            await forum.Database.ColumnAsync<string>(
                "select data ->> 'name' from forum.mt_doc_member where subject = $1",
                "eventforum#" + subject
            )
        ).ShouldBe([first]);
    }

    [Fact]
    public async Task a_token_without_a_subject_is_refused()
    {
        var thread = await forum.NewThread();
        var nobody = new TestMember(forum, "nobody", Token(new Claim("name", "nobody")));

        var answer = await nobody.Reply(thread.Id, "Hello.");

        answer.Status.ShouldBeOneOf(401, 403);
        answer.ShouldBeProblem(answer.Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    public async Task a_token_whose_subject_is_no_text_is_refused(string subject)
    {
        var thread = await forum.NewThread();
        var nobody = Subject(subject, ForumServer.NewName());

        (await nobody.Reply(thread.Id, "Hello.")).ShouldBeProblem(401);

        (await nobody.Get($"/api/threads/{thread.Id}")).ShouldBe(200);
        (await forum.Database.CountEventsAsync(thread.Id)).ShouldBe(1);
    }

    private TestMember Subject(string subject, string name) =>
        new(forum, subject, Token(new("sub", subject), new("name", name), new("roles", "admin")));

    private string Token(params Claim[] claims) =>
        new JsonWebTokenHandler().CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = AuthenticationModule.LocalIssuer,
                Audience = AuthenticationModule.LocalIssuer,
                Subject = new ClaimsIdentity(claims),
                SigningCredentials = new SigningCredentials(
                    new SymmetricSecurityKey(File.ReadAllBytes(Path.Combine(forum.DataFolder, "token.key"))),
                    SecurityAlgorithms.HmacSha256
                ),
            }
        );
}
