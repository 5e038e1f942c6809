using System.Globalization;
using System.Net.Http.Headers;
using EventForum.Platform;
using Microsoft.Extensions.Configuration;

namespace EventForum.Acceptance.Harness;

/// <summary>A running forum: who can write to it, and the database that it keeps.</summary>
public abstract class ForumServer : IAsyncDisposable
{
    private readonly SocketsHttpHandler handler = new()
    {
        MaxConnectionsPerServer = 64,
        // A body that is refused for its size is not sent.
        Expect100ContinueTimeout = Patience.Limit,
    };

    public Uri Address { get; protected set; } = null!;

    public TestDatabase Database { get; protected set; } = null!;

    /// <summary>Holds the key that tokens are signed with.</summary>
    public string DataFolder { get; protected set; } = null!;

    /// <summary>The time, as the server tells it: both are on one machine.</summary>
    public static DateTimeOffset Clock() => TimeProvider.System.GetUtcNow();

    /// <summary>A time as queries take it.</summary>
    public static string Rfc3339(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>A name that no other test uses.</summary>
    public static string NewName(string what = "member") => $"{what} {Guid.CreateVersion7():N}";

    /// <summary>Someone with a token of that name and roles.</summary>
    public TestMember As(string name, params string[] roles) =>
        new(
            this,
            name,
            AuthenticationModule.LocalToken(
                new ConfigurationBuilder().AddInMemoryCollection([new("EVENTFORUM_DATA", DataFolder)]).Build(),
                name,
                roles,
                TimeProvider.System
            )
        );

    public TestMember Member() => As(NewName(), "member");

    public TestMember Moderator() => As(NewName("moderator"), "member", "moderator");

    public TestMember Admin() => As(NewName("admin"), "member", "admin");

    /// <summary>Someone who has no token.</summary>
    public TestMember Stranger() => new(this, NewName("stranger"), null);

    public async Task<Guid> NewBoard() => (await Admin().CreateBoard(NewName("board"))).ShouldBe(201).Id("boardId");

    /// <summary>A thread in a board of its own, started by a member of its own.</summary>
    public async Task<TestThread> NewThread(string body = "The first post.")
    {
        var starter = Member();
        var board = await NewBoard();
        var title = NewName("thread");
        var started = (await starter.StartThread(board, title, body)).ShouldBe(201);
        return new TestThread(started.Id("threadId"), started.PostId, starter, board, title, started.Position);
    }

    internal HttpClient Client(string? token)
    {
        var client = new HttpClient(handler, disposeHandler: false) { BaseAddress = Address, Timeout = Patience.Limit };
        client.DefaultRequestHeaders.Authorization = token is null
            ? null
            : new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        handler.Dispose();
        await EndAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract ValueTask EndAsync();
}

/// <param name="Position">Pass it as min-position to a read that must show the thread.</param>
public sealed record TestThread(
    Guid Id,
    Guid FirstPostId,
    TestMember Starter,
    Guid BoardId,
    string Title,
    long Position
);
