using System.Net;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Threads;

/// <summary>What is acknowledged is stored once, however the server or its connections end.</summary>
public sealed class CrashTests
{
    [Fact]
    public async Task a_killed_server_loses_nothing_that_it_acknowledged()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var doomed = await ForumProcess.StartAsync(database);
        var threads = await NewThreads(doomed);
        var load = new ReplyLoad();
        var killed = false;

        var writing = load.RunAsync(Writers(doomed, 16), threads, () => !killed);
        await load.ReachAsync(300);
        await doomed.KillAsync();
        await Until(load, attempts => attempts.Any(attempt => attempt.Answer is null));
        killed = true;
        await writing;
        await using var next = await ForumProcess.StartAsync(database);
        var retries = await load.RetryAsync(next);

        retries.ShouldAllBe(answer => answer.Status == 201, string.Join('\n', next.Log()));
        await ShouldBeStoredOnce(database, threads, load.Attempts);
        await ShouldKeepTheirAnswers(next, load.Acknowledged.TakeLast(50));

        load.Attempts.Count(attempt => attempt.Answer is null).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task a_stopped_server_finishes_what_it_took()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var stopping = await ForumProcess.StartAsync(database);
        var threads = await NewThreads(stopping);
        var load = new ReplyLoad();
        var stopped = false;

        var writing = load.RunAsync(Writers(stopping, 16), threads, () => !stopped);
        await load.ReachAsync(300);
        var stop = stopping.StopAsync();
        await Until(load, attempts => attempts.Any(attempt => attempt.Answer is not { Status: 201 }));
        stopped = true;
        await Task.WhenAll(stop, writing);

        (await stop).ShouldBe(0);
        load.Attempts.ShouldAllBe(attempt =>
            attempt.Answer == null || attempt.Answer.Status == 201 || attempt.Answer.Status == 503
        );
        var acknowledged = load.Acknowledged.Select(attempt => attempt.Text).ToList();
        var stored = (await Task.WhenAll(threads.Select(thread => database.RepliesAsync(thread)))).SelectMany(replies =>
            replies
        );
        acknowledged.Except(stored, StringComparer.Ordinal).ShouldBeEmpty();
        await ShouldHaveNoGaps(database, threads);
    }

    [Fact]
    public async Task broken_database_connections_lose_nothing_and_double_nothing()
    {
        await using var forum = await ForumHost.StartAsync();
        var threads = await NewThreads(forum);
        var load = new ReplyLoad();
        var over = false;

        var writing = load.RunAsync(Writers(forum, 16), threads, () => !over);
        var reading = ReadPagesAsync(forum, threads[0], () => !over);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(4));
        for (var i = 0; i < 600; i++)
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            await forum.Database.EndConnectionsAsync(most: 6);
        }

        over = true;
        await writing;
        var refused = load.Unanswered.ToList();
        var answers = new List<Answer>(await load.RetryAsync(forum));

        refused.ShouldNotBeEmpty();
        refused.ShouldAllBe(attempt => attempt.Answer != null);
        foreach (var attempt in refused)
        {
            attempt.Answer!.ShouldBeProblem(503).Headers.RetryAfter.ShouldNotBeNull();
        }

        answers.ShouldAllBe(answer => answer.Status == 201);
        await ShouldBeStoredOnce(forum.Database, threads, load.Attempts);
        await ShouldKeepTheirAnswers(forum, load.Acknowledged.TakeLast(50));
        (await reading).ShouldContain(HttpStatusCode.ServiceUnavailable);
        (await reading).ShouldAllBe(status =>
            status == HttpStatusCode.OK || status == HttpStatusCode.ServiceUnavailable
        );
    }

    /// <summary>What a browser got that loaded a page of a thread again and again.</summary>
    private static async Task<IReadOnlyList<HttpStatusCode>> ReadPagesAsync(
        ForumServer forum,
        Guid thread,
        Func<bool> goesOn
    )
    {
        using var browser = forum.Client(null);
        browser.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        var statuses = new List<HttpStatusCode>();
        while (goesOn())
        {
            using var page = await browser.GetAsync(new Uri($"/threads/{thread}?version=1", UriKind.Relative));
            statuses.Add(page.StatusCode);
        }

        return statuses;
    }

    private static async Task Until(ReplyLoad load, Func<IEnumerable<ReplyLoad.Attempt>, bool> isSo)
    {
        using var patience = Patience.Begin();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!isSo(load.Attempts))
        {
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    private static async Task<IReadOnlyList<Guid>> NewThreads(ForumServer forum) =>
        [.. (await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => forum.NewThread()))).Select(t => t.Id)];

    private static List<TestMember> Writers(ForumServer forum, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => forum.Member())];

    private static async Task ShouldBeStoredOnce(
        TestDatabase database,
        IReadOnlyList<Guid> threads,
        IReadOnlyList<ReplyLoad.Attempt> attempts
    )
    {
        foreach (var thread in threads)
        {
            (await database.RepliesAsync(thread))
                .Order(StringComparer.Ordinal)
                .ShouldBe(
                    attempts
                        .Where(attempt => attempt.ThreadId == thread)
                        .Select(attempt => attempt.Text)
                        .Order(StringComparer.Ordinal)
                );
        }

        await ShouldHaveNoGaps(database, threads);
    }

    private static async Task ShouldHaveNoGaps(TestDatabase database, IReadOnlyList<Guid> threads)
    {
        foreach (var thread in threads)
        {
            var numbers = await database.NumbersAsync(thread);
            numbers.ShouldBe(Enumerable.Range(1, numbers.Count));
        }
    }

    /// <summary>The first answer told the truth, and a retry gets it again.</summary>
    private static async Task ShouldKeepTheirAnswers(ForumServer server, IEnumerable<ReplyLoad.Attempt> acknowledged)
    {
        foreach (var attempt in acknowledged)
        {
            var again = await attempt.Writer.At(server).Reply(attempt.ThreadId, attempt.Text, key: attempt.Text);

            again.ShouldBe(201).Text.ShouldBe(attempt.Answer!.Text);
        }
    }
}
