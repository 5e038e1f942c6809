using System.Text.RegularExpressions;
using EventForum.Acceptance.Golden;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Access;

/// <summary>
/// Of a post its words, its author and its number stand in an answer exactly where one table says so: for every route that
/// reads, every reader, every kind of board and every state of the post, asked about the post itself and about the public
/// post that quotes it.
/// </summary>
public sealed partial class EveryStateTests(GuardedForum forum) : IClassFixture<GuardedForum>
{
    [Fact]
    public void every_route_that_reads_is_in_the_table() =>
        RouteTests
            .Routes(forum.Host)
            .Where(route => route.Method == "GET")
            .Select(route => route.Path)
            .Where(path =>
                !ShownByRoute.Apart.Any(apart =>
                    path == apart || (apart[^1] == '/' && path.StartsWith(apart, StringComparison.Ordinal))
                )
            )
            .ShouldBe(ShownByRoute.Table.Keys, ignoreOrder: true);

    [Theory]
    [InlineData("open")]
    [InlineData("members'")]
    [InlineData("private")]
    [InlineData("closed")]
    public async Task a_post_shows_where_the_table_says(string kind)
    {
        var board = forum.Boards[kind];
        var wrong = await Task.WhenAll(forum.Readers.Select(reader => AskAsync(reader.Key, reader.Value)));
        wrong.SelectMany(lines => lines).ShouldBeEmpty();

        async Task<IReadOnlyList<string>> AskAsync(string name, TestMember reader)
        {
            var lines = new List<string>();
            foreach (var (route, shows) in ShownByRoute.Table.Where(row => row.Key.Contains('{')))
            {
                foreach (var (id, query, shown) in Subjects(route, shows, board, name))
                {
                    var path = Parameter().Replace(route, id.ToString()) + query;
                    lines.AddRange(await WrongAsync(name, reader, path, shows, shown, board));
                }
            }

            return lines;
        }
    }

    [Fact]
    public async Task posts_of_all_boards_show_where_the_table_says()
    {
        var wrong = new List<string>();
        foreach (var (name, reader) in forum.Readers)
        {
            foreach (var (route, shows) in ShownByRoute.Table)
            {
                if (!route.Contains('{'))
                {
                    wrong.AddRange(
                        await WrongAsync(
                            name,
                            reader,
                            route + shows.Query,
                            shows,
                            post => There(shows, post, name),
                            null
                        )
                    );
                }
                else if (route.Contains("{postId", StringComparison.Ordinal))
                {
                    var path = Parameter().Replace(route, forum.Public.FirstPostId.ToString()) + shows.Query;
                    wrong.AddRange(await WrongAsync(name, reader, path, shows, Quoting, null));
                }

                Of Quoting(GuardedPost post) =>
                    post.State == PostIs.Quoting && shows.QuotedTo?.Contains(name) != false
                        ? shows.Quoting
                        : Of.Nothing;
            }
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task numbers_of_posts_and_quotes_are_those_of_boards_that_the_reader_sees()
    {
        var all = forum.Boards.Values;
        var named = await forum.Readers["named"].Id();
        var whole = await CountAsync(forum.Readers["admin"], named);
        foreach (var (name, reader) in forum.Readers)
        {
            var seen = all.Where(board => GuardedForum.Sees(name, board.Kind)).ToList();
            foreach (var post in all.SelectMany(board => board.Posts, (board, post) => (board, post)))
            {
                (await CountAsync(reader, post.post.AuthorId)).ShouldBe(
                    seen.Contains(post.board) ? 1 : 0,
                    $"{name}: {post}"
                );
            }

            (await CountAsync(reader, named)).ShouldBe(
                whole - all.Except(seen).Sum(board => board.PostsOfNamed),
                $"{name}: posts of the named member"
            );
            (await reader.Get($"/api/posts/{forum.Public.FirstPostId}/quoted-by"))
                .ShouldBe(200)
                .Json.GetProperty("quotes")
                .GetArrayLength()
                .ShouldBe(seen.Count, $"{name}: who quotes the public post");
            var listed = (await reader.Get("/api/boards")).ShouldBe(200).Json.EnumerateArray().ToList();
            foreach (var board in all)
            {
                var listing = listed.Where(one => one.GetProperty("id").GetGuid() == board.Id).ToList();
                listing.Count.ShouldBe(seen.Contains(board) ? 1 : 0, $"{name}: {board.Kind}");
                if (listing is [var one])
                {
                    one.GetProperty("postCount")
                        .GetInt32()
                        .ShouldBe(board.PostsOfNamed + board.Posts.Count + 1, $"{name}: posts of {board.Kind}");
                }
            }
        }

        static async Task<int> CountAsync(TestMember reader, Guid member) =>
            (await reader.Get($"/api/members/{member}")).ShouldBe(200).Json.GetProperty("postCount").GetInt32();
    }

    /// <summary>The ids that a route is asked about, and what it then shows of each post to who sees its board.</summary>
    private static IEnumerable<(Guid Id, string Query, Func<GuardedPost, Of> Shown)> Subjects(
        string route,
        Shows shows,
        GuardedBoard board,
        string reader
    )
    {
        var elsewhere = shows.QuotedQuery ?? shows.Query;
        if (route.Contains("{postId", StringComparison.Ordinal))
        {
            foreach (var one in board.Posts)
            {
                yield return (one.Id, shows.Query, post => post == one ? There(shows, post, reader) : Of.Nothing);
                yield return (
                    one.Elsewhere,
                    elsewhere,
                    post => post == one ? Elsewhere(shows, post, reader) : Of.Nothing
                );
            }
        }
        else if (route.Contains("{batchId", StringComparison.Ordinal))
        {
            yield return (
                board.Batch,
                shows.Query,
                post =>
                    IsHere(post) && post.State == PostIs.RemovedByModerator ? There(shows, post, reader) : Of.Nothing
            );
        }
        else if (route.Contains("{caseId", StringComparison.Ordinal))
        {
            yield return (
                board.Case,
                shows.Query,
                post => IsHere(post) && post.State == PostIs.Visible ? There(shows, post, reader) : Of.Nothing
            );
        }
        else if (route.Contains("{threadId", StringComparison.Ordinal))
        {
            yield return (board.ThreadId, shows.Query, post => IsHere(post) ? There(shows, post, reader) : Of.Nothing);
            yield return (
                board.Elsewhere,
                elsewhere,
                post => IsHere(post) ? Elsewhere(shows, post, reader) : Of.Nothing
            );
        }
        else
        {
            yield return (board.Id, shows.Query, _ => Of.Nothing);
        }

        bool IsHere(GuardedPost post) => board.Posts.Contains(post);
    }

    private static Of There(Shows shows, GuardedPost post, string reader) =>
        shows.To?.Contains(reader) == false ? Of.Nothing
        : !post.IsRemoved ? shows.Visible
        : GuardedForum.Moderating.Contains(reader) ? shows.Moderated
        : shows.Removed;

    private static Of Elsewhere(Shows shows, GuardedPost post, string reader) =>
        shows.QuotedTo?.Contains(reader) == false ? Of.Nothing
        : !post.IsRemoved ? shows.Quoted
        : GuardedForum.Moderating.Contains(reader) ? shows.QuotedModerated ?? shows.QuotedRemoved
        : shows.QuotedRemoved;

    /// <summary>What an answer shows of which post against the table.</summary>
    /// <param name="asked">Numbers tell posts apart only in a thread: those of other boards' posts are not looked for.</param>
    private async Task<IReadOnlyList<string>> WrongAsync(
        string name,
        TestMember reader,
        string path,
        Shows shows,
        Func<GuardedPost, Of> shown,
        GuardedBoard? asked
    )
    {
        var wrong = new List<string>();
        foreach (var form in GuardedForum.FormsOf(path))
        {
            var answer = await reader.GetAs(path, form);
            answer.Status.ShouldBeLessThan(500, $"{name}: {path} {answer}");
            foreach (var board in forum.Boards.Values)
            {
                var told = board == asked && answer.ContentType != "text/plain" ? Of.All : ShownByRoute.Texted;
                foreach (var post in board.Posts)
                {
                    var expected = (GuardedForum.Sees(name, board.Kind) ? shown(post) : Of.Nothing) & told;
                    var found = Found(answer.Text, post) & told;
                    if (shows.IsSummary ? (found & ~expected) != Of.Nothing : found != expected)
                    {
                        wrong.Add(
                            $"{name}, {board.Kind}, {post.State}: {path} as {form} shows {found}, not {expected}"
                        );
                    }
                }
            }
        }

        return wrong;
    }

    private static Of Found(string text, GuardedPost post) =>
        (text.Contains(post.Words, StringComparison.Ordinal) ? Of.Words : Of.Nothing)
        | (text.Contains(post.Author, StringComparison.Ordinal) ? Of.Author : Of.Nothing)
        | (
            Regex.IsMatch(text, $@"(#|#p|[Pp]ost |number"":|number=""){post.Number}\b", RegexOptions.None, Second)
                ? Of.Number
                : Of.Nothing
        );

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Parameter();
}
