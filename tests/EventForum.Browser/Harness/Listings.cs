using EventForum.Acceptance.Harness;

namespace EventForum.Browser.Harness;

/// <summary>The lists of boards and threads follow what is written by a moment: tests wait until they have.</summary>
internal static class Listings
{
    public static async Task UntilListed(this ForumServer forum, Answer written) =>
        (await forum.Stranger().Get($"/api/boards?min-position={written.Position}")).ShouldBe(200);

    public static async Task<Guid> NewListedBoard(this ForumServer forum)
    {
        var created = (await forum.Admin().CreateBoard(ForumServer.NewName("board"))).ShouldBe(201);
        await forum.UntilListed(created);
        return created.Id("boardId");
    }
}
