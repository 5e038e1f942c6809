using System.Text.RegularExpressions;
using EventForum.Acceptance.Golden;
using EventForum.Acceptance.Harness;
using EventForum.Views.Framework;
using Microsoft.Extensions.DependencyInjection;

namespace EventForum.Acceptance.Access;

/// <summary>
/// Words, ids and authors of boards that somebody may not see, and words of removed posts, appear nowhere: every route that
/// reads is asked in every way about what everybody sees, and every stream is listened to. Nor does anything else tell of
/// them: whatever happens there, the answers stay what they were.
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
        var hidden = forum.CanariesFor(name);
        // Who has become a member is no secret.
        var members = forum
            .Boards.Values.SelectMany(board => board.Posts)
            .Select(post => post.Author)
            .ToHashSet(StringComparer.Ordinal);
        hidden.Count.ShouldBeGreaterThan(20);
        var paths = Paths();
        paths.Count.ShouldBeGreaterThan(500);
        await Parallel.ForEachAsync(
            paths.SelectMany(GuardedForum.FormsOf, (path, form) => (path, form)),
            async (asked, _) =>
            {
                var (path, form) = asked;
                var answer = await reader.GetAs(path, form);
                answer.Status.ShouldBeLessThan(500, $"{path}: {answer}");
                var all = $"{answer.Headers} {answer.ContentLocation} {answer.Text}";
                var isFeed = path.StartsWith("/api/events", StringComparison.Ordinal);
                foreach (var canary in hidden.Where(word => !isFeed || !members.Contains(word)))
                {
                    all.Contains(canary, StringComparison.OrdinalIgnoreCase)
                        .ShouldBeFalse($"{name} finds {canary} at {path} as {form}: {all}");
                }
            }
        );
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

    [Fact]
    public async Task whatever_happens_in_a_hidden_board_changes_no_answer()
    {
        var (board, admin, moderator) = (forum.Boards["private"], forum.Readers["admin"], forum.Readers["moderator"]);
        var author = forum.Host.As(ForumServer.NewName(), "member", GuardedForum.Key);
        (await author.Reply(forum.Public.Id, "Once, aloud.")).ShouldBe(201);
        await ReadModels.CatchUpAsync(forum.Host);
        var profile = $"/api/members/{await author.Id()}";
        List<string> paths =
        [
            profile,
            $"/api/members?name={Uri.EscapeDataString(author.Name)}",
            // The transparency log says how many events there are, as positions do, and nothing else of them.
            .. Paths(few: true)
                .Where(path =>
                    !path.StartsWith("/log/", StringComparison.Ordinal)
                    && !path.StartsWith("/api/audit/consistency", StringComparison.Ordinal)
                ),
        ];
        var before = await AnswersAsync();

        var started = (await author.StartThread(board.Id, "New and secret", "To be edited.")).ShouldBe(201);
        (await author.Edit(started.PostId, "Edited.")).ShouldBe(200);
        for (var i = 2; i <= 6; i++)
        {
            (await author.Reply(started.ThreadId, $"Secret reply {i}.")).ShouldBe(201);
        }

        var quoting = await author.Reply(
            started.ThreadId,
            $"[quote=\"post:{forum.Public.FirstPostId}\"]first[/quote]\n\nIs this so?"
        );
        quoting.ShouldBe(201);
        (await author.Remove(quoting.PostId)).ShouldBe(200);
        (await moderator.Rename(started.ThreadId, "Another title", "Clearer.")).ShouldBe(200);
        (await moderator.Pin(started.ThreadId)).ShouldBe(200);
        (await moderator.Lock(started.ThreadId)).ShouldBe(200);
        (await moderator.Remove(board.Posts[0].Id, "Rude.")).ShouldBe(200);
        (await forum.Readers["named"].Report(started.PostId)).ShouldBe(201);
        (await moderator.Dismiss(await moderator.CaseOf(started.PostId))).ShouldBe(200);
        var batch = (await moderator.RemovePosts(started.PostId)).ShouldBe(201);
        (await moderator.Undo(batch.Id("batchId"))).ShouldBe(201);
        (await admin.ChangeBoard(board.Id, $"Board {board.Words}", "Another description.")).ShouldBe(200);
        await ReadModels.CatchUpAsync(forum.Host);

        (await admin.Get(profile)).ShouldBe(200).Json.GetProperty("postCount").GetInt32().ShouldBe(8);
        (await AnswersAsync()).Where(answer => before[answer.Key] != answer.Value).ShouldBeEmpty();

        async Task<Dictionary<string, string>> AnswersAsync()
        {
            var answers = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var name in (string[])["guest", "former"])
            {
                foreach (var path in paths)
                {
                    foreach (var form in GuardedForum.FormsOf(path))
                    {
                        var answer = await forum.Readers[name].GetAs(path, form);
                        // The feed goes by positions, and says up to which one it has nothing.
                        answers[$"{name}: {path} as {form}"] = path.StartsWith("/api/events", StringComparison.Ordinal)
                            ? answer.Json.GetProperty("events").GetRawText()
                            : Passing().Replace(answer.WithoutWhatVaries(), "");
                    }
                }
            }

            return answers;
        }
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

    /// <param name="few">Only queries that show the most.</param>
    private List<string> Paths(bool few = false)
    {
        var now = Uri.EscapeDataString(ForumServer.Rfc3339(ForumServer.Clock()));
        string[] queries = few
            ? ["", "?limit=500", "?from=0", "?version=3", "?page=2"]
            :
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
        Guid[] posts =
        [
            forum.Public.FirstPostId,
            forum.Boards["private"].Quoting,
            forum.Boards["members'"].Quoting,
            forum.Boards["private"].Posts[0].Elsewhere,
        ];
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
                    : route.Path.Contains("{name}", StringComparison.Ordinal)
                        ? forum
                            .Host.Services.GetServices<ViewDefinition>()
                            .Select(view => route.Path.Replace("{name}", view.Name, StringComparison.Ordinal))
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
                        "batchId" => forum.Boards["private"].Batch.ToString(),
                        "caseId" => forum.Boards["private"].Case.ToString(),
                        "documentName" => "v1",
                        _ => Guid.CreateVersion7().ToString(),
                    }
            );

    [GeneratedRegex(@"\{(?<name>\w+)[^}]*\}", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Parameter();

    /// <summary>How long ago something was, and who looks on: whoever reads here does, for a minute.</summary>
    [GeneratedRegex(
        "(?<=<time [^>]*>)[^<]*|\"viewers\":\\{[^}]*\\}|(?<=id=\"viewers\">).*?(?=</p>)",
        RegexOptions.Singleline,
        1_000
    )]
    private static partial Regex Passing();
}
