using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Boards;

public sealed class CreateBoardTests(ForumHost forum)
{
    [Fact]
    public async Task an_admin_opens_a_board()
    {
        var admin = forum.Admin();
        var name = ForumServer.NewName("board");

        var answer = (await admin.CreateBoard($" {name} ", " What it is for. ")).ShouldBe(201);

        answer.Version.ShouldBe(1);
        answer.Position.ShouldBeGreaterThan(0);
        (
            await forum.Database.ScalarAsync<string>(
                "select concat_ws('|', type, data ->> 'name', data ->> 'description') from forum.mt_events where stream_id = $1",
                answer.Id("boardId")
            )
        ).ShouldBe($"board_created|{name}|What it is for.");
        (await admin.Registrations()).ShouldBe(1);
    }

    [Fact]
    public async Task nobody_else_does()
    {
        var member = forum.Member();

        (await member.CreateBoard(ForumServer.NewName("board"))).ShouldBeProblem(403);
        (await forum.Moderator().CreateBoard(ForumServer.NewName("board"))).ShouldBeProblem(403);

        (await member.Registrations()).ShouldBe(0);
    }

    [Theory]
    [InlineData("no", "name-length")]
    [InlineData("", "name-length")]
    [InlineData("two\nlines", "name-characters")]
    [InlineData("a\0b", "name-characters")]
    public async Task a_name_is_one_line_of_3_to_255_characters(string name, string type)
    {
        await forum.Admin().IsRefused(Guid.Empty, admin => admin.CreateBoard(name), 422, type);
    }

    [Fact]
    public async Task a_description_has_up_to_1000_characters()
    {
        var description = new string('x', 1000);

        (await forum.Admin().CreateBoard(ForumServer.NewName("board"), description)).ShouldBe(201);
        (await forum.Admin().CreateBoard(ForumServer.NewName("board"), description + "x")).ShouldBeProblem(
            422,
            "description-length"
        );
    }

    [Fact]
    public async Task of_ten_boards_with_one_name_one_is_opened()
    {
        var name = ForumServer.NewName("board");

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(i => forum.Admin().CreateBoard(i % 2 == 0 ? name : name.ToUpperInvariant()))
        );

        answers.Count(answer => answer.Status == 201).ShouldBe(1);
        foreach (var answer in answers.Where(answer => answer.Status != 201))
        {
            answer.ShouldBeProblem(409, "board-name-taken");
        }
    }
}
