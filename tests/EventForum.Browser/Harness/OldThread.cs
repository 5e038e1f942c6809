using System.Globalization;
using EventForum.Acceptance.Harness;
using EventForum.Acceptance.RealInput;

namespace EventForum.Browser.Harness;

/// <summary>
/// A forum with one thread that went on for years: where it is on this machine, a long discussion of a real forum with
/// its own times. Some of its posts were edited, removed and restored, and it was renamed, locked and pinned.
/// </summary>
public sealed class OldThread : IAsyncLifetime
{
    public const string Secret = "The words that nobody should have written.";

    private readonly ShiftedClock clock = new();

    private DateTimeOffset now = DateTimeOffset.MinValue;

    private IReadOnlyList<DateTimeOffset> times = [];

    public ForumHost Forum { get; private set; } = null!;

    public TestMember Moderator { get; private set; } = null!;

    public Guid Id { get; private set; }

    public long LastVersion { get; private set; }

    /// <summary>When the event of a version happened.</summary>
    public DateTimeOffset TimeOf(long version) => times[(int)version - 1];

    public long EditVersion { get; private set; }

    public int EditedNumber { get; private set; }

    /// <summary>The post with the secret in it, which has been removed since.</summary>
    public long SecretVersion { get; private set; }

    public long SecretEditVersion { get; private set; }

    public long RemovalVersion { get; private set; }

    public long RenameVersion { get; private set; }

    public string Address => $"/threads/{Id}/timeline";

    public async ValueTask InitializeAsync()
    {
        Forum = await ForumHost.StartAsync(clock);
        Moderator = Forum.As("Petra", "member", "moderator");
        var posts = Posts();
        Now(posts[0].PostedAt);
        var board = (await Forum.Admin().CreateBoard("Old discussions")).ShouldBe(201).Id("boardId");
        var started = await Author(posts[0]).StartThread(board, "A cheat tool for the DS", posts[0].Body);
        Id = started.ShouldBe(201).ThreadId;
        var written = new List<(Guid Id, TestMember Author, string Body)>
        {
            (started.PostId, Author(posts[0]), posts[0].Body),
        };
        foreach (var post in posts.Skip(1))
        {
            Now(post.PostedAt);
            var reply = (await Author(post).Reply(Id, post.Body)).ShouldBe(201);
            written.Add((reply.PostId, Author(post), post.Body));
            LastVersion = reply.Version;
            Now(now.AddMinutes(1));
            await HappenAsync(written);
        }

        Now(now.AddDays(20));
        var last = await Author(posts[0]).Reply(Id, "Thanks to all of you.");
        LastVersion = last.Version;
        clock.Shift = TimeSpan.Zero;
        await Forum.UntilListed(last);
        times = await Forum.Database.ColumnAsync<DateTimeOffset>(
            "select timestamp from forum.mt_events where stream_id = $1 order by version",
            Id
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (Forum is not null)
        {
            await Forum.DisposeAsync();
        }
    }

    private async Task HappenAsync(List<(Guid Id, TestMember Author, string Body)> written)
    {
        var number = written.Count;
        if (number % 23 == 0)
        {
            var (id, author, body) = written[number - 4];
            await Did(author.Edit(id, body + "\n\nEdit: see below.", "More to say"));
        }

        switch (number)
        {
            case 30:
                EditedNumber = 27;
                var (edited, editor, words) = written[EditedNumber - 1];
                await Did(editor.Edit(edited, $"Well. {words} That is it.", "Clearer"));
                EditVersion = LastVersion;
                break;
            case 44:
                var secret = (await written[3].Author.Reply(Id, Secret)).ShouldBe(201);
                SecretVersion = secret.Version;
                await Did(written[3].Author.Edit(secret.PostId, Secret + " Nor these."));
                SecretEditVersion = LastVersion;
                await Did(Moderator.Remove(secret.PostId, "Somebody's address"));
                RemovalVersion = LastVersion;
                break;
            case 60:
                await Did(Moderator.Remove(written[55].Id, "Advertising"));
                await Did(Moderator.Restore(written[55].Id, "It was on topic after all"));
                break;
            case 120:
                await Did(Moderator.Rename(Id, "The cheat tool: questions and answers", "So that it is found"));
                RenameVersion = LastVersion;
                break;
            case 160:
                await Did(Moderator.Lock(Id, "Cool down, everyone."));
                await Did(Moderator.Unlock(Id, "Go on."));
                await Did(Moderator.Pin(Id, "Asked again and again"));
                break;
        }

        async Task Did(Task<Answer> doing) => LastVersion = (await doing).ShouldBe(200).Version;
    }

    /// <summary>What is written next is written then, or a moment after what was written last, if that is later.</summary>
    private void Now(DateTimeOffset time)
    {
        if (time > now)
        {
            now = time;
            clock.Shift = now - TimeProvider.System.GetUtcNow();
        }
    }

    private TestMember Author(OldPost post) => Forum.As(post.Author, "member");

    private static List<OldPost> Posts() =>
        RealData.Has("long-thread.jsonl")
            ?
            [
                .. RealData
                    .Read<OldPost>("long-thread.jsonl")
                    .Where(post => !string.IsNullOrWhiteSpace(post.Body) && post.Author.Length is > 1 and < 50),
            ]
            :
            [
                .. Enumerable
                    .Range(0, 400)
                    .Select(i => new OldPost(
                        string.Create(CultureInfo.InvariantCulture, $"Member {i % 17}"),
                        string.Create(CultureInfo.InvariantCulture, $"What I have to say, number {i}."),
                        new DateTimeOffset(2006, 2, 21, 16, 0, 0, TimeSpan.Zero).AddHours(45 * i + 30 * (i % 7))
                    )),
            ];

    private sealed record OldPost(string Author, string Body, DateTimeOffset PostedAt);
}
