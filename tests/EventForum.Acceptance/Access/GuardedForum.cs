using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Access;

/// <summary>A board and what stands in it.</summary>
/// <param name="Quoting">A post of a public thread that quotes the first post.</param>
/// <param name="Words">What only who sees the board may read, and only who moderates it: of a post that was removed.</param>
public sealed record GuardedBoard(
    string Kind,
    Guid Id,
    Guid ThreadId,
    Guid FirstPost,
    Guid RemovedPost,
    Guid Quoting,
    string Words,
    string RemovedWords
);

/// <summary>
/// A forum with boards of every kind and readers of every kind, who share nothing with other tests: boards that are not
/// public change what everybody's requests ask.
/// </summary>
public sealed class GuardedForum : IAsyncLifetime
{
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

        // The roles of the former member were those of the named one, and are not any more.
        await PermitAsync("private", "named");
        Position = (await Admin.CloseBoard(Boards["closed"].Id)).ShouldBe(200).Position;
        await ReadModels.CatchUpAsync(Host);

        async Task<GuardedBoard> FillAsync(string kind)
        {
            var words = $"canary{Guid.CreateVersion7():N}";
            var removed = $"gone{Guid.CreateVersion7():N}";
            var board = (await Admin.CreateBoard($"Board {words}", $"About {words}.")).ShouldBe(201).Id("boardId");
            Boards[kind] = new GuardedBoard(kind, board, default, default, default, default, words, removed);
            await PermitAsync(kind, "named", "former");
            var author = Readers["named"];
            var started = (await author.StartThread(board, $"Title {words}", $"Body {words} to quote.")).ShouldBe(201);
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

        async Task PermitAsync(string kind, params string[] named) =>
            (
                await Admin.Permit(
                    Boards[kind].Id,
                    see: kind switch
                    {
                        "members'" => new { roles = (string[])["member"] },
                        "private" => Members(named),
                        _ => null,
                    },
                    moderate: Members("moderator")
                )
            ).ShouldBe(200);

        object Members(params string[] names) => new { members = names.Select(name => ids[name]).ToArray() };
    }

    public async ValueTask DisposeAsync() => await Host.DisposeAsync();

    public static bool Sees(string reader, string board) => SeenBy[board].Contains(reader, StringComparer.Ordinal);

    private TestMember Admin => Readers["admin"];
}
