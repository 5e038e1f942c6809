using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.RealInput;

/// <summary>A line of the archive of a phpBB forum.</summary>
public sealed record ArchivedPost(string Thread, string ThreadTitle, string Author, string Body, string Section);

/// <summary>A thread of the archive as the forum took it.</summary>
/// <param name="Posts">Those that were accepted, in order.</param>
/// <param name="Pages">Its pages as anyone reads them afterwards.</param>
public sealed record PlayedThread(
    Guid Id,
    string Title,
    IReadOnlyList<PlayedPost> Posts,
    IReadOnlyList<JsonElement> Pages
)
{
    public IEnumerable<JsonElement> PostsOnPages =>
        Pages.SelectMany(page => page.GetProperty("posts").EnumerateArray());
}

/// <param name="Body">What was sent.</param>
/// <param name="Receipt">What the forum answered.</param>
public sealed record PlayedPost(TestMember Author, string Body, Answer Receipt);

/// <summary>
/// All threads of the archive, sent to a forum of their own as clients send them, and then read back page by page.
/// </summary>
public sealed class PlayedArchive : IAsyncLifetime
{
    public const string File = "forum-threads.jsonl";
    private const int AtATime = 8;

    private readonly ConcurrentDictionary<string, TestMember> members = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<PlayedThread> threads = new();
    private readonly ConcurrentQueue<Answer> refusals = new();
    private readonly ConcurrentQueue<(PlayedPost Post, Answer Answer)> unchanged = new();
    private int sent;

    public TestDatabase Database { get; private set; } = null!;

    public ForumHost Forum { get; private set; } = null!;

    public IReadOnlyCollection<PlayedThread> Threads => threads;

    /// <summary>Every command that was not carried out at once, refused or worse.</summary>
    public IReadOnlyCollection<Answer> Refusals => refusals;

    /// <summary>What each post that quotes was answered when its body came back as it had been read.</summary>
    public IReadOnlyCollection<(PlayedPost Post, Answer Answer)> SentBackUnchanged => unchanged;

    public async ValueTask InitializeAsync()
    {
        if (!RealData.Has(File))
        {
            return;
        }

        var archive = RealData.Read<ArchivedPost>(File);
        Database = await TestDatabase.CreateAsync();
        Forum = await ForumHost.StartAsync(Database, ("Sample", "false"));
        var admin = Forum.Admin();
        var boards = new Dictionary<string, Guid>(StringComparer.Ordinal);
        foreach (var section in archive.Select(post => post.Section).Distinct(StringComparer.Ordinal))
        {
            boards[section] = (await admin.CreateBoard(section)).ShouldBe(201).Id("boardId");
        }

        var start = Stopwatch.GetTimestamp();
        var played = new ConcurrentQueue<(Guid Id, string Title, List<PlayedPost> Posts)>();
        await SeveralAtOnce(
            archive.GroupBy(post => post.Thread, StringComparer.Ordinal),
            async thread => played.Enqueue(await PlayAsync([.. thread], boards))
        );
        var playing = Stopwatch.GetElapsedTime(start);

        start = Stopwatch.GetTimestamp();
        await SeveralAtOnce(
            played,
            async thread =>
                threads.Enqueue(
                    new PlayedThread(thread.Id, thread.Title, thread.Posts, await ReadPagesAsync(Forum, thread.Id))
                )
        );
        var reading = Stopwatch.GetElapsedTime(start);

        await SeveralAtOnce(
            threads.SelectMany(thread => thread.Posts.Zip(thread.PostsOnPages)),
            async post =>
            {
                var (sentPost, read) = post;
                var body = read.GetProperty("body").GetString()!;
                if (body.Contains("[quote", StringComparison.OrdinalIgnoreCase))
                {
                    unchanged.Enqueue((sentPost, await sentPost.Author.Edit(read.GetProperty("id").GetGuid(), body)));
                }
            }
        );
        RealData.Report(
            "forum-threads.jsonl through the HTTP commands",
            $"{archive.Count} posts of {threads.Count} threads by {members.Count} people; {sent} commands",
            $"writing: {playing.TotalSeconds:F1} s, {sent / playing.TotalSeconds:F0} commands a second, {AtATime} threads at a time",
            $"reading: {threads.Sum(thread => thread.Pages.Count)} pages in {reading.TotalSeconds:F1} s",
            $"not carried out: {Counts(refusals.Select(TypeOf))}"
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (Forum is not null)
        {
            await Forum.DisposeAsync();
            await Database.DisposeAsync();
        }
    }

    /// <summary>All pages of a thread as anyone sees them now.</summary>
    public static async Task<IReadOnlyList<JsonElement>> ReadPagesAsync(ForumServer forum, Guid threadId)
    {
        var reader = forum.Stranger();
        var pages = new List<JsonElement>();
        do
        {
            pages.Add((await reader.Get($"/api/threads/{threadId}?page={pages.Count + 1}")).ShouldBe(200).Json);
        } while (pages.Count < pages[0].GetProperty("pageCount").GetInt32());

        return pages;
    }

    public static Task SeveralAtOnce<T>(IEnumerable<T> all, Func<T, Task> run) =>
        Parallel.ForEachAsync(
            all,
            new ParallelOptions { MaxDegreeOfParallelism = AtATime },
            async (one, _) => await run(one)
        );

    public static string Counts(IEnumerable<string> kinds) =>
        string.Join(
            ", ",
            kinds
                .CountBy(kind => kind, StringComparer.Ordinal)
                .OrderByDescending(kind => kind.Value)
                .Select(kind => $"{kind.Key} {kind.Value}")
                .DefaultIfEmpty("none")
        );

    public static string TypeOf(Answer answer) =>
        answer.Status < 400
            ? "done"
            : $"{answer.Status} {answer.Json.GetProperty("type").GetString()!["/problems/".Length..]}";

    private async Task<(Guid Id, string Title, List<PlayedPost> Posts)> PlayAsync(
        List<ArchivedPost> archived,
        Dictionary<string, Guid> boards
    )
    {
        var title = archived[0].ThreadTitle;
        Guid id = default;
        var posts = new List<PlayedPost>();
        foreach (var post in archived)
        {
            var author = members.GetOrAdd(post.Author, name => Forum.As(name, "member"));
            var answer = await SendAsync();
            if (TypeOf(answer) == "422 title-length" && posts.Count == 0)
            {
                title = title.Trim().PadRight(3, '.');
                answer = await SendAsync();
            }

            for (var i = 2; TypeOf(answer) is "422 name-invalid" or "409 name-taken"; i++)
            {
                var name = post.Author.Trim();
                author = members[post.Author] = Forum.As($"{name[..Math.Min(name.Length, 50)]} ({i})", "member");
                answer = await SendAsync();
            }

            if (answer.Status == 201)
            {
                id = posts.Count == 0 ? answer.ThreadId : id;
                posts.Add(new PlayedPost(author, post.Body, answer));
            }

            async Task<Answer> SendAsync()
            {
                Interlocked.Increment(ref sent);
                var sending =
                    posts.Count == 0
                        ? author.StartThread(boards[post.Section], title, post.Body)
                        : author.Reply(id, post.Body);
                if (await sending is { Status: not 201 } refusal)
                {
                    refusals.Enqueue(refusal);
                }

                return await sending;
            }
        }

        return (id, title, posts);
    }
}
