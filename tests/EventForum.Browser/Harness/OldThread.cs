using System.Globalization;
using EventForum.Acceptance.Harness;
using EventForum.Acceptance.RealInput;

namespace EventForum.Browser.Harness;

/// <summary>
/// A forum with one thread that went on for years: where it is on this machine, a long discussion of a real forum with
/// its own times. Some of its posts were edited, removed and restored, and it was renamed and locked.
/// </summary>
public sealed class OldThread : IAsyncLifetime
{
    public const string Secret = "The words that nobody should have written.";

    private readonly List<DateTimeOffset> times = [];

    public ForumHost Forum { get; private set; } = null!;

    public TestMember Moderator { get; private set; } = null!;

    public Guid Id { get; private set; }

    public long LastVersion => times.Count;

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
        Forum = await ForumHost.StartAsync(null, ("Sample", "false"));
        Moderator = Forum.As("Petra", "member", "moderator");
        var posts = Posts();
        var board = (await Forum.Admin().CreateBoard("Old discussions")).ShouldBe(201).Id("boardId");
        var started = await Author(posts[0]).StartThread(board, "A cheat tool for the DS", posts[0].Body);
        Id = started.ShouldBe(201).ThreadId;
        times.Add(posts[0].PostedAt);
        var written = new List<(Guid Id, TestMember Author, string Body)>
        {
            (started.PostId, Author(posts[0]), posts[0].Body),
        };
        foreach (var post in posts.Skip(1))
        {
            var reply = (await Author(post).Reply(Id, post.Body)).ShouldBe(201);
            written.Add((reply.PostId, Author(post), post.Body));
            times.Add(post.PostedAt);
            await HappenAsync(written, post.PostedAt);
        }

        await Forum.UntilListed(await Author(posts[0]).Reply(Id, "Thanks to all of you."));
        times.Add(times[^1].AddDays(20));
        await SetTimesAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Forum is not null)
        {
            await Forum.DisposeAsync();
        }
    }

    private async Task HappenAsync(List<(Guid Id, TestMember Author, string Body)> written, DateTimeOffset now)
    {
        var number = written.Count;
        if (number % 23 == 0)
        {
            var (id, author, body) = written[number - 4];
            await Did(await author.Edit(id, body + "\n\nEdit: see below.", "More to say"));
        }

        switch (number)
        {
            case 30:
                EditedNumber = 27;
                var (edited, editor, words) = written[EditedNumber - 1];
                await Did(await editor.Edit(edited, $"Well. {words} That is it.", "Clearer"));
                EditVersion = times.Count;
                break;
            case 44:
                var secret = await written[3].Author.Reply(Id, Secret);
                SecretVersion = await Did(secret, 201);
                await Did(await written[3].Author.Edit(secret.PostId, Secret + " Nor these."));
                SecretEditVersion = times.Count;
                await Did(await Moderator.Remove(secret.PostId, "Somebody's address"));
                RemovalVersion = times.Count;
                break;
            case 60:
                await Did(await Moderator.Remove(written[55].Id, "Advertising"));
                await Did(await Moderator.Restore(written[55].Id, "It was on topic after all"));
                break;
            case 120:
                await Did(
                    await Moderator.Rename(Id, "Project DipStar: a cheat tool for the DS", "So that it is found")
                );
                RenameVersion = times.Count;
                break;
            case 160:
                await Did(await Moderator.Lock(Id, "Cool down, everyone."));
                await Did(await Moderator.Unlock(Id, "Go on."));
                break;
        }

        Task<long> Did(Answer answer, int status = 200)
        {
            answer.ShouldBe(status);
            times.Add(now.AddMinutes(1));
            return Task.FromResult((long)times.Count);
        }
    }

    /// <summary>As an import stores them: what happened carries the time at which it happened.</summary>
    private async Task SetTimesAsync()
    {
        for (var i = 1; i < times.Count; i++)
        {
            times[i] = times[i] < times[i - 1] ? times[i - 1] : times[i];
        }

        await Forum.Database.ExecuteAsync(
            """
            update forum.mt_events e set timestamp = t.at
              from unnest($2) with ordinality as t(at, version)
             where e.stream_id = $1 and e.version = t.version
            """,
            Id,
            times.Select(time => time.UtcDateTime).ToArray()
        );
        await Forum.Database.ExecuteAsync(
            """
            update forum.posts p
               set from_at = e.timestamp,
                   posted_at = (select timestamp from forum.mt_events
                                 where stream_id = $1 and data ->> 'postId' = p.post_id::text
                                 order by version limit 1),
                   edited_at = (select max(timestamp) from forum.mt_events
                                 where stream_id = $1 and data ->> 'postId' = p.post_id::text
                                   and type = 'post_edited' and version <= p.from_version),
                   removed_at = case when removed_at is null then null else e.timestamp end
              from forum.mt_events e
             where p.thread_id = $1 and e.stream_id = $1 and e.version = p.from_version
               and p.number in (select number from forum.posts where thread_id = $1 and revision > 1 or removed_at is not null)
            """,
            Id
        );
        await Forum.Database.ExecuteAsync(
            """
            update forum.posts p set from_at = e.timestamp, posted_at = e.timestamp
              from forum.mt_events e
             where p.thread_id = $1 and e.stream_id = $1 and e.version = p.from_version and p.from_version = (
                   select min(from_version) from forum.posts where thread_id = $1 and number = p.number)
            """,
            Id
        );
        await Forum.Database.ExecuteAsync(
            "update forum.mt_doc_forumthread set data = jsonb_set(data, '{startedAt}', to_jsonb($2::timestamptz)) where id = $1",
            Id,
            times[0].UtcDateTime
        );
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
