using System.Text.RegularExpressions;
using EventForum.Acceptance.Golden;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Access;

/// <summary>
/// Every route that names a board, a thread or a post, for every reader and every kind of board, against one table
/// (<see cref="GuardedForum.SeenBy"/>): what somebody may not see answers as what does not exist.
/// </summary>
public sealed partial class EveryRouteTests(GuardedForum forum) : IClassFixture<GuardedForum>
{
    /// <summary>What no command takes, so that nothing changes while everything is tried.</summary>
    private static readonly Dictionary<string, string> Sent = new(StringComparer.Ordinal)
    {
        ["reason"] = new string('x', 501),
        ["body"] = "",
        ["see-members"] = "no such member",
    };

    private IEnumerable<RouteTests.Route> Routes =>
        RouteTests.Routes(forum.Host).Where(route => Ids().IsMatch(route.Path));

    [Theory]
    [InlineData("open")]
    [InlineData("members'")]
    [InlineData("private")]
    [InlineData("closed")]
    public async Task what_a_reader_may_not_see_answers_as_what_does_not_exist(string kind)
    {
        var board = forum.Boards[kind];
        Routes.Count().ShouldBeGreaterThan(40);
        foreach (var (name, reader) in forum.Readers)
        {
            foreach (var route in Routes)
            {
                var ghost = Guid.CreateVersion7();
                var answer = await AskAsync(reader, route, board.Id, board.ThreadId, board.FirstPost);
                if (GuardedForum.Sees(name, kind))
                {
                    // A client that is led on leaves its token behind.
                    if (route.Path is "/posts/{postId:guid}" or "/threads/{threadId:guid}/last")
                    {
                        continue;
                    }

                    answer.Status.ShouldNotBe(404, $"{name}: {route}");
                    continue;
                }

                var missing = await AskAsync(reader, route, ghost, ghost, ghost);
                answer.Status.ShouldBe(missing.Status, $"{name}: {route}");
                answer.Status.ShouldBeOneOf(401, 403, 404);
                answer
                    .WithoutWhatVaries(board.Id, board.ThreadId, board.FirstPost)
                    .ShouldBe(missing.WithoutWhatVaries(ghost), $"{name}: {route}");
            }
        }
    }

    [Theory]
    [InlineData("open")]
    [InlineData("members'")]
    [InlineData("private")]
    [InlineData("closed")]
    public async Task what_was_removed_is_seen_by_who_moderates_its_board(string kind)
    {
        var board = forum.Boards[kind];
        foreach (var (name, reader) in forum.Readers.Where(reader => GuardedForum.Sees(reader.Key, kind)))
        {
            var answers = new List<string>();
            foreach (
                var path in (string[])
                    [
                        $"/api/threads/{board.ThreadId}",
                        $"/api/threads/{board.ThreadId}/events",
                        $"/api/threads/{board.ThreadId}?version=3",
                        $"/api/threads/{board.ThreadId}/compare?from=0",
                        $"/api/posts/{board.RemovedPost}",
                        $"/api/posts/{board.RemovedPost}/revisions",
                        $"/threads/{board.ThreadId}",
                        $"/threads/{board.ThreadId}/timeline?version=3",
                    ]
            )
            {
                var answer = await reader.Get(path);
                var isShown = answer.Text.Contains(board.RemovedWords, StringComparison.Ordinal);
                var moderates = GuardedForum.Moderating.Contains(name, StringComparer.Ordinal);
                if (!moderates)
                {
                    isShown.ShouldBeFalse($"{name}: {path}");
                }
                else
                {
                    answers.Add(isShown ? path : "");
                }
            }

            answers.Count(path => path.Length > 0).ShouldBe(answers.Count == 0 ? 0 : 7, string.Join(' ', answers));
        }
    }

    [Theory]
    [InlineData("open")]
    [InlineData("members'")]
    [InlineData("private")]
    [InlineData("closed")]
    public async Task a_quote_of_what_a_reader_may_not_see_says_nothing_but_that_it_is_hidden(string kind)
    {
        var board = forum.Boards[kind];
        foreach (var (name, reader) in forum.Readers)
        {
            var quote = (await reader.Get($"/api/posts/{board.Quoting}"))
                .ShouldBe(200)
                .Json.GetProperty("post")
                .GetProperty("quotes")[0];

            var isSeen = GuardedForum.Sees(name, kind);
            quote.GetProperty("state").GetString().ShouldBe(isSeen ? "exact" : "hidden", name);
            foreach (var property in (string[])["postId", "threadId", "number", "author", "revision", "text"])
            {
                (quote.GetProperty(property).ValueKind != System.Text.Json.JsonValueKind.Null).ShouldBe(
                    isSeen,
                    $"{name}: {property}"
                );
            }
        }
    }

    [Fact]
    public async Task a_form_quotes_no_post_that_its_sender_may_not_see()
    {
        foreach (var board in forum.Boards.Values)
        {
            foreach (var (name, reader) in forum.Readers.Where(reader => reader.Value.Token is not null))
            {
                var answer = await reader.SendContent(
                    HttpMethod.Post,
                    $"/threads/{forum.Public.Id}/replies/draft",
                    new FormUrlEncodedContent([KeyValuePair.Create("quote", board.FirstPost.ToString())])
                );

                answer
                    .Text.Contains($"Body {board.Words}", StringComparison.Ordinal)
                    .ShouldBe(GuardedForum.Sees(name, board.Kind), $"{name}: {board.Kind} {answer}");
            }
        }
    }

    [Fact]
    public async Task a_quote_that_its_author_may_not_see_any_more_stays_when_the_rest_is_edited()
    {
        var author = forum.Host.Member();
        await author.Reply(forum.Public.Id, "I am new.");
        var admin = forum.Readers["admin"];
        var own = (await admin.CreateBoard(ForumServer.NewName("board"))).ShouldBe(201).Id("boardId");
        var started = (await author.StartThread(own, "A secret", "The secret words.")).ShouldBe(201);
        var quoting = (
            await author.Reply(forum.Public.Id, $"[quote=\"post:{started.PostId}\"]secret words[/quote]\n\nYes.")
        ).ShouldBe(201);
        (await admin.Permit(own, see: new { })).ShouldBe(200);
        (await author.Get($"/api/posts/{started.PostId}")).ShouldBeProblem(404, "post-not-found");

        var body = (await author.Get($"/api/posts/{quoting.PostId}")).Json.GetProperty("post").GetProperty("body");
        body.GetString().ShouldBe("[quote=\"hidden:1\"]\n\n[/quote]\n\nYes.");
        (await author.Edit(quoting.PostId, body.GetString()!.Replace("Yes.", "No."))).ShouldBe(200);

        var quote = (await admin.Get($"/api/posts/{quoting.PostId}")).Json.GetProperty("post").GetProperty("quotes")[0];
        quote.GetProperty("text").GetString().ShouldBe("secret words");
        // Guessing tells nothing: words of a post that one may not see are as words of none.
        foreach (var words in (string[])["secret words", "other words"])
        {
            (
                await author.Reply(forum.Public.Id, $"[quote=\"post:{started.PostId}\"]{words}[/quote]\n\nGuess.")
            ).ShouldBe(201);
        }
    }

    private static Task<Answer> AskAsync(TestMember reader, RouteTests.Route route, Guid board, Guid thread, Guid post)
    {
        var path = Ids()
            .Replace(
                route.Path,
                id =>
                    (
                        id.Groups["name"].Value switch
                        {
                            "boardId" => board,
                            "threadId" => thread,
                            _ => post,
                        }
                    ).ToString()
            );
        // Streams are asked for their beginning only.
        return route.Method == "GET"
            && (path.EndsWith("/live", StringComparison.Ordinal) || path.EndsWith("/replay", StringComparison.Ordinal))
                ? reader.Send(HttpMethod.Head, path)
            : route.Method == "GET"
                ? reader.Get(path + (path.EndsWith("/compare", StringComparison.Ordinal) ? "?from=0" : ""))
            : path.StartsWith("/api/", StringComparison.Ordinal) ? reader.Send(new HttpMethod(route.Method), path, Sent)
            : reader.SendContent(
                new HttpMethod(route.Method),
                path,
                new FormUrlEncodedContent(Sent.Append(KeyValuePair.Create("quote", post.ToString())))
            );
    }

    [GeneratedRegex(@"\{(?<name>boardId|threadId|postId)(:guid)?\}", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Ids();
}
