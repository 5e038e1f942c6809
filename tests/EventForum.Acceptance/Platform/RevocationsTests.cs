using System.Text.Json.Nodes;
using EventForum.Acceptance.Harness;
using EventForum.Platform;
using Microsoft.Extensions.Configuration;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace EventForum.Acceptance.Platform;

public sealed class RevocationsTests(ForumHost forum)
{
    [Fact]
    public async Task a_revoked_token_is_refused_and_others_of_its_subject_are_not()
    {
        var thread = await forum.NewThread();
        var member = forum.Member();
        var again = forum.As(member.Name, "member");
        (await member.Reply(thread.Id, "Before.")).ShouldBe(201);

        await RevokeAsync(member.Token!);

        await UntilRefusedAsync(member, thread.Id);
        (await again.Reply(thread.Id, "With another token.")).ShouldBe(201);
    }

    [Fact]
    public async Task a_token_is_revoked_by_its_id()
    {
        var thread = await forum.NewThread();
        var member = forum.Member();

        await RevokeAsync(new JsonWebToken(member.Token).Id);

        await UntilRefusedAsync(member, thread.Id);
    }

    [Fact]
    public async Task a_revoked_token_without_an_id_is_refused_however_its_signature_is_written()
    {
        var thread = await forum.NewThread();
        var named = new JsonWebToken(forum.Member().Token);
        var unnamed = JsonNode.Parse(Base64UrlEncoder.Decode(named.EncodedPayload))!.AsObject();
        unnamed.Remove("jti");
        var token = new JsonWebTokenHandler().CreateToken(
            unnamed.ToJsonString(),
            new SigningCredentials(
                new SymmetricSecurityKey(
                    await File.ReadAllBytesAsync(
                        Path.Combine(forum.DataFolder, "token.key"),
                        TestContext.Current.CancellationToken
                    )
                ),
                SecurityAlgorithms.HmacSha256
            )
        );
        var member = new TestMember(forum, "", token);
        var other = new TestMember(forum, "", token + "=");
        (await other.Reply(thread.Id, "Before.")).ShouldBe(201);

        await RevokeAsync(token);

        await UntilRefusedAsync(member, thread.Id);
        (await other.Reply(thread.Id, "Still?")).ShouldBeProblem(401, "not-signed-in");
    }

    [Fact]
    public async Task all_that_was_issued_to_someone_so_far_is_revoked_at_once_on_every_server()
    {
        await using var other = await ForumHost.StartAsync(forum.Database);
        var thread = await forum.NewThread();
        var member = forum.Member();
        var bystander = forum.Member();
        var again = forum.As(member.Name, "member");
        (await member.At(other).Reply(thread.Id, "Before.")).ShouldBe(201);

        await RevokeAsync(member.Name, "--all");

        await UntilRefusedAsync(member, thread.Id);
        await UntilRefusedAsync(again, thread.Id);
        await UntilRefusedAsync(member.At(other), thread.Id);
        (await bystander.Reply(thread.Id, "I may.")).ShouldBe(201);
        var later = new TestMember(forum, member.Name, Token(member.Name, TimeSpan.FromHours(1), inTheFuture: true));
        (await later.Reply(thread.Id, "Issued since.")).ShouldBe(201);
    }

    [Fact]
    public async Task a_stream_ends_when_its_token_is_revoked()
    {
        var thread = await forum.NewThread();
        var member = forum.Member();
        using var patience = Patience.Begin();
        await using var news = member
            .Listen($"/api/threads/{thread.Id}/live", patience.Token)
            .GetAsyncEnumerator(patience.Token);
        (await news.MoveNextAsync()).ShouldBeTrue();

        await RevokeAsync(member.Token!);

        while (await news.MoveNextAsync()) { }
    }

    [Fact]
    public async Task a_stream_ends_when_its_token_does()
    {
        var thread = await forum.NewThread();
        var name = ForumServer.NewName();
        var member = new TestMember(forum, name, Token(name, TimeSpan.FromSeconds(3)));
        using var patience = Patience.Begin();
        await using var news = member
            .Listen($"/api/threads/{thread.Id}/live", patience.Token)
            .GetAsyncEnumerator(patience.Token);
        (await news.MoveNextAsync()).ShouldBeTrue();

        while (await news.MoveNextAsync()) { }

        (await member.Reply(thread.Id, "Too late.")).ShouldBeProblem(401);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task what_names_no_token_revokes_nothing(string target)
    {
        using var command = ForumProcess.Begin(forum.Database, "token", "revoke", target.Length == 0 ? " " : target);
        await command.WaitForExitAsync(TestContext.Current.CancellationToken);

        command.ExitCode.ShouldNotBe(0);
    }

    private Task<string> RevokeAsync(params string[] target) =>
        ForumProcess.CommandAsync(forum.Database, ["token", "revoke", .. target]);

    private static async Task UntilRefusedAsync(TestMember member, Guid threadId)
    {
        using var patience = Patience.Begin();
        var answer = await member.Reply(threadId, "Still?");
        while (answer.Status == 201 && !patience.IsCancellationRequested)
        {
            answer = await member.Reply(threadId, "Still?");
        }

        answer.ShouldBeProblem(401, "not-signed-in");
    }

    private string Token(string name, TimeSpan lifetime, bool inTheFuture = false) =>
        AuthenticationModule.LocalToken(
            new ConfigurationBuilder().AddInMemoryCollection([new("EVENTFORUM_DATA", forum.DataFolder)]).Build(),
            name,
            ["member"],
            // A token counts as issued to the second, and is taken a minute before.
            new ShiftedClock { Shift = inTheFuture ? TimeSpan.FromSeconds(30) : TimeSpan.Zero },
            lifetime
        );
}
