using System.Text;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Threads;

/// <summary>What titles, bodies and reasons may be, counted in Unicode scalar values after trimming.</summary>
public sealed class TextLimitTests(ForumHost forum)
{
    private const string Letter = "x";
    private const string TwoCodeUnits = "\U0001F426";

    [Theory]
    [InlineData(3, Letter)]
    [InlineData(255, Letter)]
    [InlineData(3, TwoCodeUnits)]
    [InlineData(255, TwoCodeUnits)]
    public async Task titles_up_to_their_limits_are_taken(int length, string character)
    {
        var board = await forum.NewBoard();
        var title = Repeat(character, length);

        (await forum.Member().StartThread(board, $" \t{title} \n", "Body")).ShouldBe(201);
    }

    [Fact]
    public async Task the_longest_body_fits_into_a_request_even_in_escapes()
    {
        var thread = await forum.NewThread();
        var escaped = string.Concat(Enumerable.Repeat(@"\ud83d\udc26", 100_000));

        var answer = await forum
            .Member()
            .SendText(HttpMethod.Post, $"/api/threads/{thread.Id}/replies", $$"""{"body":"{{escaped}}"}""");

        answer.ShouldBe(201);
    }

    [Theory]
    [InlineData(0, Letter)]
    [InlineData(2, Letter)]
    [InlineData(256, Letter)]
    [InlineData(2, TwoCodeUnits)]
    [InlineData(256, TwoCodeUnits)]
    public async Task titles_beyond_their_limits_are_refused(int length, string character)
    {
        var thread = await forum.NewThread();
        var title = $"  {Repeat(character, length)}  ";

        await forum
            .Member()
            .IsRefused(thread.BoardId, m => m.StartThread(thread.BoardId, title, "Body"), 422, "title-length");
        await thread.Starter.IsRefused(thread.Id, m => m.Rename(thread.Id, title), 422, "title-length");
    }

    [Theory]
    [InlineData("One\nTwo")]
    [InlineData("One\u2028Two")]
    [InlineData("One\u0000Two")]
    [InlineData("One\u001bTwo")]
    [InlineData("One\u0085Two")]
    public async Task a_title_is_one_line_without_control_characters(string title)
    {
        var board = await forum.NewBoard();

        await forum.Member().IsRefused(board, m => m.StartThread(board, title, "Body"), 422, "title-characters");
    }

    [Theory]
    [InlineData(1, Letter)]
    [InlineData(100_000, Letter)]
    [InlineData(1, TwoCodeUnits)]
    [InlineData(100_000, TwoCodeUnits)]
    public async Task bodies_up_to_their_limits_are_taken(int length, string character)
    {
        var thread = await forum.NewThread();
        var body = Repeat(character, length);

        (await forum.Member().Reply(thread.Id, $" \n\t\n{body}\t ")).ShouldBe(201);

        (await forum.Database.RepliesAsync(thread.Id)).ShouldHaveSingleItem().ShouldBe(body);
    }

    [Theory]
    [InlineData(100_001, Letter)]
    [InlineData(100_001, TwoCodeUnits)]
    public async Task bodies_beyond_their_limit_are_refused(int length, string character)
    {
        var thread = await forum.NewThread();
        var body = Repeat(character, length);

        await forum
            .Member()
            .IsRefused(thread.BoardId, m => m.StartThread(thread.BoardId, "Title", body), 422, "body-too-long");
        await forum.Member().IsRefused(thread.Id, m => m.Reply(thread.Id, body), 422, "body-too-long");
        await thread.Starter.IsRefused(thread.Id, m => m.Edit(thread.FirstPostId, body), 422, "body-too-long");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n\t ")]
    [InlineData("\u2003\u00a0")]
    public async Task a_body_of_nothing_but_white_space_is_refused(string body)
    {
        var thread = await forum.NewThread();

        await forum.Member().IsRefused(thread.Id, m => m.Reply(thread.Id, body), 422, "body-empty");
    }

    [Fact]
    public async Task a_nul_in_a_body_is_refused()
    {
        var thread = await forum.NewThread();

        await forum.Member().IsRefused(thread.Id, m => m.Reply(thread.Id, "One\0Two"), 422, "body-characters");
    }

    [Theory]
    [InlineData("""{"body":"half \ud83d"}""")]
    [InlineData("""{"body":"\udc26 half"}""")]
    [InlineData("""{"body":"\udc26\ud83d"}""")]
    public async Task half_a_surrogate_pair_is_refused(string json)
    {
        var thread = await forum.NewThread();

        var member = forum.Member();
        var answer = await member.SendText(HttpMethod.Post, $"/api/threads/{thread.Id}/replies", json);

        answer.Status.ShouldBeOneOf(400, 422);
        answer.ShouldBeProblem(answer.Status);
        (await forum.Database.CountEventsAsync(thread.Id)).ShouldBe(1);
        (await member.Registrations()).ShouldBe(0);
    }

    [Fact]
    public async Task bytes_that_are_not_utf_8_are_refused()
    {
        var thread = await forum.NewThread();
        using var content = new ByteArrayContent([.. "{\"body\":\""u8, 0xC3, 0x28, .. "\"}"u8]);
        content.Headers.ContentType = new("application/json");

        await forum
            .Member()
            .IsRefused(
                thread.Id,
                m => m.SendContent(HttpMethod.Post, $"/api/threads/{thread.Id}/replies", content),
                400
            );
    }

    [Theory]
    [InlineData(500, 200)]
    [InlineData(501, 422)]
    public async Task a_reason_has_up_to_500_characters(int length, int status)
    {
        var thread = await forum.NewThread();
        var reason = Repeat(TwoCodeUnits, length);

        (await thread.Starter.Remove(thread.FirstPostId, reason)).Status.ShouldBe(status);
        (await thread.Starter.Rename(thread.Id, "Another", reason)).Status.ShouldBe(status);
        (await forum.Moderator().Lock(thread.Id, reason)).Status.ShouldBe(status);
    }

    [Theory]
    [InlineData("One\0Two")]
    [InlineData("One\nTwo")]
    public async Task a_reason_is_one_line_without_control_characters(string reason)
    {
        var thread = await forum.NewThread();

        await thread.Starter.IsRefused(thread.Id, m => m.Remove(thread.FirstPostId, reason), 422, "reason-characters");
        await forum.Moderator().IsRefused(thread.Id, m => m.Lock(thread.Id, reason), 422, "reason-characters");
    }

    private static string Repeat(string text, int times) => new StringBuilder().Insert(0, text, times).ToString();
}
