using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Access;

/// <summary>
/// A forum with boards of every kind and readers of every kind, who share nothing with other tests: boards that are not
/// public change what everybody's requests ask.
/// </summary>
public sealed class GuardedForum : IAsyncLifetime
{
    /// <summary>Opens the private board, beside those who are named. None of the readers has it.</summary>
    public const string Key = "keyholder";

    /// <summary>The posts of each state stand on this page of their thread; no public thread is so long.</summary>
    public const int Page = 3;

    private const int FirstNumber = (Page - 1) * 20 + 1;

    /// <summary>Who sees which kind of board: the one table that the tests compare every route with.</summary>
    public static readonly Dictionary<string, string[]> SeenBy = new(StringComparer.Ordinal)
    {
        ["open"] = ["guest", "member", "other moderator", "moderator", "admin", "named", "former"],
        ["members'"] = ["member", "other moderator", "moderator", "admin", "named", "former"],
        ["private"] = ["moderator", "admin", "named"],
        ["closed"] = ["guest", "member", "other moderator", "moderator", "admin", "named", "former"],
    };

    /// <summary>Who sees what was removed there.</summary>
    public static readonly string[] Moderating = ["moderator", "admin"];

    public ForumHost Host { get; private set; } = null!;

    public Dictionary<string, TestMember> Readers { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, GuardedBoard> Boards { get; } = new(StringComparer.Ordinal);

    /// <summary>A public thread, whose posts quote one post of each board.</summary>
    public TestThread Public { get; private set; } = null!;

    public long Position { get; private set; }

    public async ValueTask InitializeAsync()
    {
        Host = await ForumHost.StartAsync(null, ("Sample", "false"));
        Readers["guest"] = Host.Stranger();
        Readers["admin"] = Host.Admin();
        foreach (var name in (string[])["member", "other moderator", "moderator", "named", "former"])
        {
            Readers[name] = Host.Member();
        }

        Public = await Host.NewThread();
        var ids = new Dictionary<string, Guid>(StringComparer.Ordinal);
        foreach (var (name, reader) in Readers.Where(reader => reader.Value.Token is not null))
        {
            (await reader.Reply(Public.Id, $"I am the {name}.")).ShouldBe(201);
            ids[name] = await reader.Id();
        }

        var elsewhere = await Host.NewBoard();
        (await Admin.Permit(elsewhere, moderate: Members("other moderator"))).ShouldBe(200);
        foreach (var kind in SeenBy.Keys)
        {
            Boards[kind] = await FillAsync(kind);
        }

        foreach (var kind in SeenBy.Keys)
        {
            Boards[kind] = await AddPostsAsync(Boards[kind]);
        }

        // The roles of the former member were those of the named one, and are not any more.
        await PermitAsync("private", "named");
        Position = (await Admin.CloseBoard(Boards["closed"].Id)).ShouldBe(200).Position;
        await ReadModels.CatchUpAsync(Host);

        async Task<GuardedBoard> FillAsync(string kind)
        {
            var words = $"canary{Guid.CreateVersion7():N}";
            var removed = $"gone{Guid.CreateVersion7():N}";
            var board = (await Admin.CreateBoard($"Board {words}", $"About {words}.")).ShouldBe(201).Id("boardId");
            (await Admin.PublishLog(board)).ShouldBe(200);
            Boards[kind] = new GuardedBoard(kind, board, default, default, default, default, words, removed);
            await PermitAsync(kind, "named", "former");
            var author = Readers["named"];
            // It began in public, and another one has come from here to the public.
            var started = (
                await author.StartThread(Public.BoardId, $"Title {words}", $"Body {words} to quote.")
            ).ShouldBe(201);
            (await Readers["admin"].Move(board, started.ThreadId)).ShouldBe(201);
            var published = (await author.StartThread(board, "Once elsewhere", "Now for all.")).ShouldBe(201);
            (await Readers["admin"].Move(Public.BoardId, published.ThreadId)).ShouldBe(201);
            var reply = (await author.Reply(started.ThreadId, $"To be {removed}.")).ShouldBe(201);
            (await author.Edit(started.PostId, $"Body {words} to quote, edited.", $"Because {words}")).ShouldBe(200);
            (await Readers["moderator"].Remove(reply.PostId, $"Spam {words}")).ShouldBe(200);
            (await Readers["moderator"].Rename(started.ThreadId, $"Renamed {words}", $"For {words}")).ShouldBe(200);
            var quoting = (
                await author.Reply(
                    Public.Id,
                    $"[quote=\"post:{started.PostId}\"]Body {words} to quote[/quote]\n\nSo it says."
                )
            ).ShouldBe(201);
            return new GuardedBoard(
                kind,
                board,
                started.ThreadId,
                started.PostId,
                reply.PostId,
                quoting.PostId,
                words,
                removed
            );
        }

        async Task<GuardedBoard> AddPostsAsync(GuardedBoard board)
        {
            var named = Readers["named"];
            const int fillers = FirstNumber - 3;
            await Task.WhenAll(Enumerable.Range(0, fillers).Select(i => named.Reply(board.ThreadId, $"Filler {i}.")));
            var answers = (await named.StartThread(Public.BoardId, $"About {board.Kind}", "Quotes follow.")).ShouldBe(
                201
            );
            var posts = new List<GuardedPost>();
            var batch = Guid.Empty;
            foreach (var state in Enum.GetValues<PostIs>())
            {
                var words = $"said{Guid.CreateVersion7():N}";
                var author = Host.As(ForumServer.NewName("author"), "member", Key);
                var quoted = state == PostIs.Quoting ? $"[quote=\"post:{Public.FirstPostId}\"]first[/quote]\n\n" : "";
                var post = (await author.Reply(board.ThreadId, $"{quoted}Words {words} here.")).ShouldBe(201);
                var quoting = await named.Reply(
                    answers.ThreadId,
                    $"[quote=\"post:{post.PostId}\"]Words {words} here.[/quote]\n\nSo it says."
                );
                posts.Add(
                    new GuardedPost(
                        state,
                        post.PostId,
                        post.Number,
                        words,
                        author.Name,
                        await author.Id(),
                        quoting.ShouldBe(201).PostId
                    )
                );
                if (state == PostIs.RemovedByModerator)
                {
                    batch = (await Readers["moderator"].RemovePosts(post.PostId)).ShouldBe(201).Id("batchId");
                }
                else if (state == PostIs.RemovedByAuthor)
                {
                    (await author.Remove(post.PostId)).ShouldBe(200);
                }
            }

            posts[0].Number.ShouldBe(FirstNumber);
            (await named.Reply(board.ThreadId, "The last word.")).ShouldBe(201);
            var moved = $"came{Guid.CreateVersion7():N}";
            await MoveAsync(moved, board.ThreadId);
            var reported = $"told{Guid.CreateVersion7():N}";
            var reporter = Host.As(ForumServer.NewName("reporter"), "member", Key);
            (await reporter.Report(posts[0].Id, "other", $"Because {reported}.")).ShouldBe(201);
            var known = await Readers["moderator"].CaseOf(posts[0].Id);
            (await Readers["moderator"].Note(known, $"Perhaps {reported}.")).ShouldBe(201);
            return board with
            {
                Case = known,
                ReportedWords = reported,
                Posts = posts,
                MovedWords = moved,
                Batch = batch,
                Elsewhere = answers.ThreadId,
                PostsOfNamed = fillers + 3,
            };
        }

        async Task MoveAsync(string words, Guid to)
        {
            var author = Host.Member();
            var post = (await author.Reply(Public.Id, $"It {words}.")).ShouldBe(201).PostId;
            (await author.Edit(post, $"Then it {words}.", $"Because {words}.")).ShouldBe(200);
            (await Admin.Remove(post, $"It {words}.")).ShouldBe(200);
            (await Admin.Restore(post, $"Still it {words}.")).ShouldBe(200);
            (await Admin.MovePosts(to, [post], "end")).ShouldBe(201);
        }

        async Task PermitAsync(string kind, params string[] named) =>
            (
                await Admin.Permit(
                    Boards[kind].Id,
                    see: kind switch
                    {
                        "members'" => new { roles = (string[])["member"] },
                        "private" => new { members = Ids(named), roles = (string[])[Key] },
                        _ => null,
                    },
                    moderate: Members("moderator")
                )
            ).ShouldBe(200);

        object Members(params string[] names) => new { members = Ids(names) };

        Guid[] Ids(string[] names) => [.. names.Select(name => ids[name])];
    }

    public async ValueTask DisposeAsync() => await Host.DisposeAsync();

    public static bool Sees(string reader, string board) => SeenBy[board].Contains(reader, StringComparer.Ordinal);

    /// <summary>The media types in which a path is read.</summary>
    public static string[] FormsOf(string path) =>
        !path.StartsWith("/api/", StringComparison.Ordinal) ? ["text/html"]
        : path.StartsWith("/api/threads/", StringComparison.Ordinal) ? ["application/json", "text/plain"]
        : ["application/json"];

    private TestMember Admin => Readers["admin"];
}
