namespace EventForum.Acceptance.Harness;

/// <summary>
/// Threads of one board to which everything happens that commands can do, by chance.
/// </summary>
public sealed class GeneratedHistory
{
    private readonly ForumServer forum;
    private readonly Random random;
    private readonly TestMember moderator;
    private readonly TestMember admin;
    private readonly List<TestMember> members;
    private readonly List<Guid> threads = [];
    private readonly List<(Guid Id, Guid Thread, TestMember Author)> posts = [];
    private readonly HashSet<Kind> done = [];
    private Queue<Kind> deck = new();

    private GeneratedHistory(ForumServer forum, int seed)
    {
        this.forum = forum;
        random = new Random(seed);
        moderator = forum.Moderator();
        admin = forum.Admin();
        members = [.. Enumerable.Range(0, 4).Select(_ => forum.Member())];
    }

    private enum Kind
    {
        Reply,
        Quote,
        QuoteElsewhere,
        Edit,
        EditQuoted,
        EditByModerator,
        Remove,
        RemoveByModerator,
        RemoveByBoth,
        Restore,
        RestoreByModerator,
        Rename,
        Lock,
        Unlock,
        Pin,
        Unpin,
        GrantTitle,
    }

    public Guid BoardId { get; private set; }

    public IReadOnlyList<Guid> Threads => threads;

    /// <summary>Two threads: a short one, and one with a second page.</summary>
    public static async Task<GeneratedHistory> BeginAsync(ForumServer forum, int seed)
    {
        var history = new GeneratedHistory(forum, seed) { BoardId = await forum.NewBoard() };
        await history.StartThreadAsync();
        await history.StartThreadAsync();
        await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => history.PostAsync(history.threads[0], $"Reply {i} of *many*."))
        );
        return history;
    }

    public async Task<Answer> StartThreadAsync()
    {
        var author = Someone();
        var answer = (
            await author.StartThread(BoardId, $"Thread {threads.Count}", $"The *first* post of {threads.Count}.")
        ).ShouldBe(201);
        threads.Add(answer.ThreadId);
        Remember(answer, answer.ThreadId, author);
        return answer;
    }

    /// <summary>One more command that is carried out, and the thread that it changed.</summary>
    public async Task<(Answer Answer, Guid? Thread)> NextAsync(int number)
    {
        if (deck.Count == 0)
        {
            var kinds = Enum.GetValues<Kind>();
            random.Shuffle(kinds);
            deck = new Queue<Kind>(kinds);
        }

        // Some are refused: of a post that is removed, in a thread that is locked.
        var kind = deck.Dequeue();
        for (var attempt = 0; attempt < 20; attempt++)
        {
            if (await TryAsync(kind, number) is var (answer, thread) && answer.Status < 400)
            {
                done.Add(kind);
                return (answer, thread);
            }
        }

        return await NextAsync(number);
    }

    public void ShouldHaveDoneEverything() => Enum.GetValues<Kind>().Except(done).ShouldBeEmpty();

    private async Task<(Answer Answer, Guid? Thread)> TryAsync(Kind kind, int number)
    {
        var post = kind == Kind.EditQuoted ? posts[random.Next(3)] : Pick(posts);
        var thread = post.Thread;
        var text = $"Command {number} says *this* and that \U0001F426.";
        var answer = kind switch
        {
            Kind.Reply => await PostAsync(thread, text),
            Kind.Quote => await QuoteAsync(thread, post.Id, text),
            Kind.QuoteElsewhere => await QuoteAsync(threads.First(other => other != thread), post.Id, text),
            Kind.Edit or Kind.EditQuoted => await post.Author.Edit(post.Id, text),
            Kind.EditByModerator => await moderator.Edit(post.Id, text, "Manners."),
            Kind.Remove => await post.Author.Remove(post.Id),
            Kind.RemoveByModerator => await moderator.Remove(post.Id, "Off topic."),
            Kind.RemoveByBoth => await RemoveByBothAsync(post.Author, post.Id),
            Kind.Restore => await RemoveAndRestoreAsync(post.Author, post.Id, null),
            Kind.RestoreByModerator => await RemoveAndRestoreAsync(moderator, post.Id, "On topic after all."),
            Kind.Rename => await moderator.Rename(thread, $"Renamed by command {number}", "Clearer."),
            Kind.Lock => await moderator.Lock(thread),
            Kind.Unlock => await moderator.Unlock(thread),
            Kind.Pin => await moderator.Pin(thread),
            Kind.Unpin => await UnpinAsync(thread),
            Kind.GrantTitle => await admin.GrantTitle(
                await post.Author.Id(),
                random.Next(3) == 0 ? null : $"Title {number}"
            ),
            _ => throw new InvalidOperationException($"{kind} is no command."),
        };
        answer.Status.ShouldBeLessThan(500, answer.Text);
        return (
            answer,
            kind == Kind.GrantTitle ? null
            : kind == Kind.QuoteElsewhere ? threads.First(other => other != thread)
            : thread
        );
    }

    private async Task<Answer> PostAsync(Guid thread, string text)
    {
        var author = Someone();
        var answer = await author.Reply(thread, text);
        Remember(answer, thread, author);
        return answer;
    }

    private async Task<Answer> QuoteAsync(Guid thread, Guid postId, string text)
    {
        var quotable = await forum.Stranger().Get($"/api/posts/{postId}/quotable");
        return quotable.Status == 200
            ? await PostAsync(thread, $"{quotable.Json.GetProperty("block").GetString()}\n\n{text}")
            : quotable;
    }

    private static async Task<Answer> RemoveAndRestoreAsync(TestMember who, Guid postId, string? reason)
    {
        await who.Remove(postId, reason);
        return await who.Restore(postId, reason);
    }

    private async Task<Answer> RemoveByBothAsync(TestMember author, Guid postId)
    {
        await author.Remove(postId, "Sorry.");
        return await moderator.Remove(postId, "Off topic.");
    }

    private async Task<Answer> UnpinAsync(Guid thread)
    {
        await moderator.Pin(thread);
        return await moderator.Unpin(thread);
    }

    private void Remember(Answer answer, Guid thread, TestMember author)
    {
        if (answer.Status == 201)
        {
            lock (posts)
            {
                posts.Add((answer.PostId, thread, author));
            }
        }
    }

    private TestMember Someone() => Pick(members);

    private T Pick<T>(IReadOnlyList<T> from)
    {
        lock (random)
        {
            return from[random.Next(from.Count)];
        }
    }
}
