using System.Text.RegularExpressions;
using EventForum.Acceptance.Golden;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Access;

/// <summary>
/// Words and ids of boards that somebody may not see, and words of removed posts, appear nowhere: every route that reads
/// is asked in every way about what everybody sees, and every stream is listened to.
/// </summary>
public sealed partial class CanaryTests(GuardedForum forum) : IClassFixture<GuardedForum>
{
    [Theory]
    [InlineData("guest")]
    [InlineData("member")]
    [InlineData("other moderator")]
    [InlineData("former")]
    public async Task nothing_of_a_hidden_board_and_no_removed_words_are_told(string name)
    {
        var reader = forum.Readers[name];
        var hidden = forum
            .Boards.Values.Where(board => !GuardedForum.Sees(name, board.Kind))
            .SelectMany(board =>
                (string[])
                    [
                        board.Words,
                        board.Id.ToString(),
                        board.ThreadId.ToString(),
                        board.FirstPost.ToString(),
                        board.RemovedPost.ToString(),
                    ]
            )
            .Concat(forum.Boards.Values.Select(board => board.RemovedWords))
            .ToList();
        hidden.Count.ShouldBeGreaterThan(8);
        var asked = 0;
        foreach (var path in Paths())
        {
            foreach (var accept in (string[])["application/json", "text/plain", "text/html"])
            {
                var answer = await reader.GetAs(path, accept);
                answer.Status.ShouldBeLessThan(500, $"{path}: {answer}");
                var all = $"{answer.Headers} {answer.ContentLocation} {answer.Text}";
                foreach (var canary in hidden)
                {
                    all.Contains(canary, StringComparison.OrdinalIgnoreCase)
                        .ShouldBeFalse($"{name} finds {canary} at {path} as {accept}: {all}");
                }

                asked++;
            }
        }

        asked.ShouldBeGreaterThan(500);
    }

    [Fact]
    public async Task the_canaries_are_found_by_who_may_see_them()
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in Paths())
        {
            var answer = await forum.Readers["admin"].GetAs(path, "application/json");
            found.UnionWith(
                forum
                    .Boards.Values.SelectMany(board => (string[])[board.Words, board.RemovedWords])
                    .Where(word => answer.Text.Contains(word, StringComparison.Ordinal))
            );
        }

        found.Count.ShouldBe(2 * forum.Boards.Count);
    }

    [Theory]
    [InlineData("guest")]
    [InlineData("member")]
    public async Task the_feed_tells_nothing_of_it_as_it_goes_on(string name)
    {
        var board = forum.Boards["private"];
        using var patience = Patience.Begin();
        var listening = forum.Readers[name].Listen($"/api/events?after={forum.Position}", patience.Token);
        var word = $"live{Guid.CreateVersion7():N}";
        (await forum.Readers["named"].Reply(board.ThreadId, $"Hush: {word}")).ShouldBe(201);
        (await forum.Readers["named"].Reply(forum.Public.Id, $"Aloud: {name} {word}")).ShouldBe(201);

        await foreach (var said in listening)
        {
            said.ShouldNotContain("Hush");
            if (said.Contains($"Aloud: {name} {word}", StringComparison.Ordinal))
            {
                break;
            }
        }
    }

    private List<string> Paths()
    {
        var now = Uri.EscapeDataString(ForumServer.Rfc3339(ForumServer.Clock()));
        string[] queries =
        [
            "",
            "?page=1",
            "?page=2",
            "?version=1",
            "?version=3",
            $"?at={now}",
            "?from=0",
            "?from=1&to=2",
            "?limit=500",
            "?limit=1",
            "?after=0",
            $"?min-position={forum.Position}",
            "?without=post:" + forum.Public.FirstPostId,
            "?without=event:2",
            $"?without=member:{Uri.EscapeDataString(forum.Readers["named"].Name)}",
            "?types=reply_posted,post_edited,thread_started,thread_renamed,board_created,board_permissions_changed",
            "?limit=500&types=post_removed",
            $"?actor={Uri.EscapeDataString(forum.Readers["named"].Name)}",
            "?post=1",
            $"?name={Uri.EscapeDataString(forum.Readers["named"].Name)}",
        ];
        var posts = forum.Boards.Values.Select(board => board.Quoting).Append(forum.Public.FirstPostId).ToList();
        return
        [
            .. RouteTests
                .Routes(forum.Host)
                .Where(route => route.Method == "GET" && !route.Path.StartsWith("/docs", StringComparison.Ordinal))
                .Where(route =>
                    !route.Path.EndsWith("/live", StringComparison.Ordinal)
                    && !route.Path.EndsWith("/replay", StringComparison.Ordinal)
                )
                .SelectMany(route =>
                    route.Path.Contains("{postId", StringComparison.Ordinal)
                        ? posts.Select(post => At(route.Path, post))
                        : [At(route.Path, forum.Public.FirstPostId)]
                )
                .SelectMany(path => queries.Select(query => path + query)),
        ];
    }

    private string At(string route, Guid post) =>
        Parameter()
            .Replace(
                route,
                parameter =>
                    parameter.Groups["name"].Value switch
                    {
                        "threadId" => forum.Public.Id.ToString(),
                        "boardId" => forum.Public.BoardId.ToString(),
                        "postId" => post.ToString(),
                        "documentName" => "v1",
                        _ => Guid.CreateVersion7().ToString(),
                    }
            );

    [GeneratedRegex(@"\{(?<name>\w+)[^}]*\}", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Parameter();
}
