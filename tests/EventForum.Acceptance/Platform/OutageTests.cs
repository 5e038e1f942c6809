using System.Diagnostics;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Platform;

/// <summary>
/// What a server does while its database is frozen or gone. Each test brings the database back. How long an answer takes
/// is what they are about, so they do not share the machine with others.
/// </summary>
[CollectionDefinition(nameof(OutageTests), DisableParallelization = true)]
[Collection(nameof(OutageTests))]
public sealed class OutageTests(OutageTests.Away away) : IClassFixture<OutageTests.Away>
{
    /// <summary>Generous for a busy machine, and far below what the driver's own limits come to: 45 seconds a statement.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task while_the_database_is_frozen_everything_is_answered_503_in_time_and_afterwards_works_again()
    {
        var forum = away.Forum;
        var (thread, admin, member) = (await forum.NewThread(), forum.Admin(), forum.Member());
        var guest = forum.Stranger();
        (await member.Reply(thread.Id, "Before.")).ShouldBe(201);
        string[] reads =
        [
            "/api/boards",
            $"/api/boards/{thread.BoardId}/threads",
            $"/api/threads/{thread.Id}",
            $"/api/threads/{thread.Id}/events",
            $"/api/threads/{thread.Id}/timeline",
            $"/api/posts/{thread.FirstPostId}",
            "/api/events",
        ];
        string[] pages = ["/", $"/boards/{thread.BoardId}", $"/threads/{thread.Id}"];
        var name = ForumServer.NewName("board");

        away.Proxy.Freeze();
        var answers = await Task.WhenAll([
            .. reads.Select(path => InTime(() => guest.Send(HttpMethod.Get, path))),
            .. reads.Select(path => InTime(() => member.Send(HttpMethod.Get, path))),
            InTime(() => member.Reply(thread.Id, "While it is frozen.", "frozen")),
            InTime(() => forum.Member().Reply(thread.Id, "By somebody new.")),
            InTime(() => member.Edit(thread.FirstPostId, "Not mine.")),
            InTime(() => admin.CreateBoard(name)),
        ]);
        var shown = await Task.WhenAll(pages.Select(path => InTime(() => guest.Send(HttpMethod.Get, path))));
        var ready = await InTime(() => guest.Send(HttpMethod.Get, "/health/ready"));
        var live = await InTime(() => guest.Send(HttpMethod.Get, "/health/live"));
        away.Proxy.Thaw();

        answers.ShouldAllBe(answer => answer.Status == 503);
        Array.ForEach(answers, answer => answer.ShouldBeProblem(503, "store-unavailable"));
        Array.ForEach(shown, page => page.ShouldBe(503));
        ready.ShouldBe(503);
        live.ShouldBe(200);
        await away.IsReadyAsync();
        await Task.WhenAll(
            reads
                .Concat(pages)
                .Select(async path => (await InTime(() => guest.Send(HttpMethod.Get, path))).ShouldBe(200))
        );
        (await InTime(() => member.Reply(thread.Id, "While it is frozen.", "frozen"))).ShouldBe(201);
        (await forum.Database.RepliesAsync(thread.Id)).Count(body => body == "While it is frozen.").ShouldBe(1);
        (await InTime(() => admin.CreateBoard(ForumServer.NewName("board")))).ShouldBe(201);
    }

    [Fact]
    public async Task more_than_the_pool_can_hang_and_nobody_waits_longer_for_it()
    {
        var thread = await away.Forum.NewThread();
        var guest = away.Forum.Stranger();

        away.Proxy.Freeze();
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 60).Select(_ => InTime(() => guest.Send(HttpMethod.Get, $"/api/threads/{thread.Id}")))
        );
        away.Proxy.Thaw();

        Array.ForEach(answers, answer => answer.ShouldBeProblem(503, "store-unavailable"));
        await away.IsReadyAsync();
        (await InTime(() => guest.Send(HttpMethod.Get, $"/api/threads/{thread.Id}"))).ShouldBe(200);
    }

    [Fact]
    public async Task what_was_stored_although_no_answer_came_is_not_stored_again()
    {
        var forum = away.Forum;
        var (thread, member, admin) = (await forum.NewThread(), forum.Member(), forum.Admin());
        (await member.Reply(thread.Id, "Before.")).ShouldBe(201);
        var name = ForumServer.NewName("board");

        away.Proxy.FreezeAnswers();
        var answers = await Task.WhenAll(
            InTime(() => member.Reply(thread.Id, "Into the dark.", "dark")),
            InTime(() => admin.Send(HttpMethod.Post, "/api/boards", new { name }, "dark"))
        );
        away.Proxy.Thaw();

        Array.ForEach(answers, answer => answer.ShouldBeProblem(503, "store-unavailable"));
        await away.IsReadyAsync();
        var again = (await member.Reply(thread.Id, "Into the dark.", "dark")).ShouldBe(201);
        (await member.Reply(thread.Id, "Into the dark.", "dark")).Text.ShouldBe(again.Text);
        (await forum.Database.RepliesAsync(thread.Id)).ShouldBe(["Before.", "Into the dark."]);
        (await admin.Send(HttpMethod.Post, "/api/boards", new { name }, "dark")).ShouldBe(201);
        (
            await forum.Database.ScalarAsync<long>(
                "select count(*) from forum.mt_events where type = 'board_created' and data ->> 'name' = $1",
                name
            )
        ).ShouldBe(1);
    }

    [Fact]
    public async Task an_outage_is_a_line_when_it_begins_and_a_line_with_the_count_of_requests_when_it_is_over()
    {
        var forum = away.Forum;
        var (thread, member) = (await forum.NewThread(), forum.Member());
        await away.IsReadyAsync();
        var before = forum.Log().Count;

        away.Proxy.Cut();
        await forum.SaysAsync("The database does not answer: ", before);
        for (var i = 0; i < 3; i++)
        {
            (await member.Send(HttpMethod.Get, $"/api/threads/{thread.Id}")).ShouldBeProblem(503, "store-unavailable");
            (await member.Reply(thread.Id, "Nobody is there.")).ShouldBeProblem(503, "store-unavailable");
            (await member.Send(HttpMethod.Get, "/")).ShouldBe(503);
        }

        away.Proxy.Restore();
        var end = await forum.SaysAsync("The database answers again after ", before);
        end.ShouldContain("; 9 requests were refused.");
        (await member.Reply(thread.Id, "There again.")).ShouldBe(201);
        var log = forum.Log().Skip(before).ToList();
        log.Count(line => line.Contains("The database ", StringComparison.Ordinal)).ShouldBe(2, string.Join('\n', log));
        log.ShouldNotContain(line => line.Contains("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task a_statement_that_waits_for_a_lock_is_no_outage()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var own = new Away();
        await own.InitializeAsync();
        var (forum, guest) = (own.Forum, own.Forum.Stranger());
        var page = $"/api/threads/{(await forum.NewThread()).Id}";
        await using var source = Npgsql.NpgsqlDataSource.Create(forum.Database.ConnectionString);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var hold = connection.CreateCommand();
        hold.CommandText = "lock table forum.posts in access exclusive mode";
        await hold.ExecuteNonQueryAsync(cancellation);

        (await InTime(() => guest.Send(HttpMethod.Get, page))).ShouldBeProblem(503, "store-unavailable");
        (await InTime(() => guest.Send(HttpMethod.Get, "/api/views/activity"))).ShouldBe(200);
        await transaction.RollbackAsync(cancellation);

        (await InTime(() => guest.Send(HttpMethod.Get, page))).ShouldBe(200);
        forum.Log().ShouldContain(line => line.Contains("A statement took too long, and the database answers: "));
        forum.Log().ShouldNotContain(line => line.Contains("The database does not answer"));
    }

    private static async Task<Answer> InTime(Func<Task<Answer>> ask)
    {
        var clock = Stopwatch.StartNew();
        var answer = await ask();
        clock.Elapsed.ShouldBeLessThan(Limit, answer.ToString());
        return answer;
    }

    /// <summary>A server whose database is behind a proxy, and which has little patience with it.</summary>
    public sealed class Away : IAsyncLifetime
    {
        public DatabaseProxy Proxy { get; private set; } = null!;

        public ForumProcess Forum { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            var database = await TestDatabase.CreateAsync();
            Proxy = new DatabaseProxy(database);
            Forum = await ForumProcess.StartAsync(
                database,
                Proxy.Setting,
                ("Sample", "false"),
                ("Database:ReadTimeout", "00:00:02"),
                ("Database:WriteTimeout", "00:00:03"),
                ("Logging:LogLevel:Default", "Information")
            );
        }

        public async ValueTask DisposeAsync()
        {
            await Forum.DisposeAsync();
            await Proxy.DisposeAsync();
            await Forum.Database.DisposeAsync();
        }

        /// <summary>Until the outage is over, also for the log; within the limit.</summary>
        public async Task IsReadyAsync()
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            using var patience = new CancellationTokenSource(Limit);
            while (
                Lines("The database does not answer: ") != Lines("The database answers again after ")
                || (await Forum.Stranger().Send(HttpMethod.Get, "/health/ready")).Status != 200
            )
            {
                await timer.WaitForNextTickAsync(patience.Token);
            }
        }

        private int Lines(string what) => Forum.Log().Count(line => line.Contains(what, StringComparison.Ordinal));
    }
}
