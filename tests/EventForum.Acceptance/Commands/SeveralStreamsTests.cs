using System.Security.Claims;
using EventForum.Acceptance.Harness;
using EventForum.Access;
using EventForum.Commands;
using EventForum.Platform;
using EventForum.Threads;
using Marten;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wolverine;

namespace EventForum.Acceptance.Commands;

/// <summary>A command that writes to several streams does so in one transaction, whoever else writes to them.</summary>
public sealed class SeveralStreamsTests(ForumHost forum)
{
    private static readonly Caller Author = new(
        "test#author of replies in all",
        "Author of replies in all",
        false,
        false
    );

    /// <summary>Two threads that different writers of a server write to, and one that shares the first's.</summary>
    private static async Task<(Guid One, Guid Other, Guid Third)> NewThreads(ForumServer forum)
    {
        var one = (await forum.NewThread()).Id;
        Guid? apart = null;
        Guid? beside = null;
        while (apart is null || beside is null)
        {
            var next = (await forum.NewThread()).Id;
            // A server has two writers.
            var isBeside = (uint)next.GetHashCode() % 2 == (uint)one.GetHashCode() % 2;
            apart ??= isBeside ? null : next;
            beside ??= isBeside ? next : null;
        }

        return (one, apart.Value, beside.Value);
    }

    [Fact]
    public async Task two_hundred_at_once_in_opposite_order_are_carried_out_whole() => await RaceAsync([forum]);

    [Fact]
    public async Task two_servers_carry_them_out_whole()
    {
        await using var other = await ForumHost.StartAsync(forum.Database);

        await RaceAsync([forum, other]);
    }

    private async Task RaceAsync(ForumHost[] servers)
    {
        var (one, other, third) = await NewThreads(forum);
        (await Run(forum, [third], "The author's first.")).Receipt.ShouldNotBeNull();
        var members = Enumerable.Range(0, 8).Select(_ => forum.Member()).ToList();

        var both = Enumerable
            .Range(0, 200)
            .Select(i => new ReplyInAll(
                (i % 5) switch
                {
                    0 or 2 => [one, other],
                    1 or 3 => [other, one],
                    _ => [third, other, one],
                },
                $"In all {i}."
            ))
            .ToList();
        var racing = both.Select((command, i) => Run(servers[i % servers.Length], command)).ToList();
        var replies = Task.WhenAll(
            Enumerable
                .Range(0, 200)
                .Select(i =>
                    members[i % 8].At(servers[i % servers.Length]).Reply(i % 2 == 0 ? one : other, $"One {i}.")
                )
        );

        (await replies).ShouldAllBe(answer => answer.Status == 201);
        foreach (var (command, running) in both.Zip(racing))
        {
            var receipt = (await running).Receipt.ShouldNotBeNull();
            var streams = receipt.Streams.ShouldNotBeNull();
            streams.Select(stream => stream.Id).ShouldBe(command.Threads);
            streams.OrderBy(stream => stream.Id).Select(stream => stream.Position).ShouldBeInOrder();
            if (servers.Length == 1)
            {
                command.CountDecisions().ShouldBe(1, "nobody else writes while the writers are held");
            }

            receipt.Version.ShouldBe(streams[0].Version);
            receipt.Position.ShouldBe(streams.Max(stream => stream.Position));
            (await StoredAsync(command.Body)).ShouldBe(
                streams.Select(stream => $"{stream.Id}|{stream.Version}|{stream.Position}"),
                ignoreOrder: true
            );
            (await CausesAsync(command.Body)).ShouldHaveSingleItem();
        }

        (await forum.Database.NumbersAsync(one)).ShouldBe(Enumerable.Range(1, 301));
        (await forum.Database.NumbersAsync(other)).ShouldBe(Enumerable.Range(1, 301));
        (await forum.Database.NumbersAsync(third)).ShouldBe(Enumerable.Range(1, 42));

        Task<IReadOnlyList<string>> StoredAsync(string text) =>
            forum.Database.ColumnAsync<string>(
                "select concat_ws('|', stream_id, version, seq_id) from forum.mt_events where stream_id = any($1) and data ->> 'body' = $2",
                new[] { one, other, third },
                text
            );

        Task<IReadOnlyList<string>> CausesAsync(string text) =>
            forum.Database.ColumnAsync<string>(
                "select distinct causation_id from forum.mt_events where stream_id = any($1) and data ->> 'body' = $2",
                new[] { one, other, third },
                text
            );
    }

    [Fact]
    public async Task one_that_is_refused_in_one_stream_writes_to_none()
    {
        var (one, other, third) = await NewThreads(forum);
        (await forum.Moderator().Lock(other)).ShouldBe(200);

        var answers = await Task.WhenAll(
            Run(forum, [one, other], "Refused."),
            Run(forum, [one, Guid.CreateVersion7()], "Refused."),
            Run(forum, [one, Guid.Empty], "Refused."),
            Run(forum, [one, third], "Accepted.")
        );

        answers
            .Select(answer => answer.Refusal?.Type)
            .ShouldBe(["thread-locked", "thread-not-found", "thread-not-found", null]);
        (await forum.Database.RepliesAsync(one)).ShouldBe(["Accepted."]);
        (await forum.Database.RepliesAsync(third)).ShouldBe(["Accepted."]);
        (await forum.Database.RepliesAsync(other)).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_retry_gets_the_first_answer()
    {
        var (one, other, third) = await NewThreads(forum);
        var key = ForumServer.NewName("key");

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => Run(forum, [one, other, third], "Once.", key))
        );
        (await forum.Member().Reply(one, "Meanwhile.")).ShouldBe(201);
        var again = await Run(forum, [one, other, third], "Once.", key);
        var reused = await Run(forum, [one, other, third], "Twice.", key);

        foreach (var receipt in answers.Append(again).Select(answer => answer.Receipt.ShouldNotBeNull()))
        {
            receipt.Streams.ShouldBe(answers[0].Receipt!.Streams);
            (receipt with { Streams = null }).ShouldBe(answers[0].Receipt! with { Streams = null });
        }

        reused.Refusal.ShouldBe(IdempotencyKey.ReusedForAnother);
        (await forum.Database.RepliesAsync(one)).ShouldBe(["Once.", "Meanwhile."]);
        (await forum.Database.RepliesAsync(other)).ShouldBe(["Once."]);
    }

    [Fact]
    public async Task one_whose_streams_change_before_its_turn_is_planned_anew()
    {
        var first = await forum.NewThread();
        var second = await forum.NewThread();
        var plans = 0;

        var result = await PlannedAsync(async () =>
        {
            await using var session = forum.Services.GetRequiredService<IDocumentStore>().QuerySession();
            var thread = await session.LoadAsync<ForumThread>(first.Id);
            Guid[] threads = ReplyInAll.FollowedBy(thread!) is { } next ? [first.Id, next] : [first.Id];
            if (plans++ == 0)
            {
                (await first.Starter.Rename(first.Id, $"See {second.Id}")).ShouldBe(200);
            }

            return new CommandPlan(new ReplyInAll(threads, "In all."));
        });

        result.Receipt.ShouldNotBeNull().Streams.ShouldNotBeNull().Select(s => s.Id).ShouldBe([first.Id, second.Id]);
        plans.ShouldBe(2);
        (await forum.Database.RepliesAsync(first.Id)).ShouldBe(["In all."]);
        (await forum.Database.RepliesAsync(second.Id)).ShouldBe(["In all."]);
    }

    [Fact]
    public async Task one_whose_streams_change_all_the_time_is_refused()
    {
        var first = await forum.NewThread();
        (await first.Starter.Rename(first.Id, $"See {Guid.CreateVersion7()}")).ShouldBe(200);

        var result = await PlannedAsync(() => Task.FromResult(new CommandPlan(new ReplyInAll([first.Id], "In all."))));

        result.Refusal.ShouldBe(Decision.StreamsChanged);
        (await forum.Database.RepliesAsync(first.Id)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_server_that_ends_in_the_middle_leaves_them_whole(bool isKilled)
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var ending = await ForumProcess.StartAsync(database, ReplyInAllServer.Settings);
        var (one, other, third) = await NewThreads(ending);
        var attempts = new List<(TestMember Member, string Route, string Text, Answer? Answer)>();
        var gate = new Lock();
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var over = false;

        var writing = Task.WhenAll(
            Enumerable
                .Range(0, 12)
                .Select(async w =>
                {
                    var member = ending.Member();
                    for (var i = 0; !Volatile.Read(ref over); i++)
                    {
                        var route = ReplyInAllServer.Route(w % 2 == 0 ? [one, other] : [other, third, one]);
                        var text = $"In {(w % 2 == 0 ? "two" : "three")}: {i} of {w}.";
                        var answer = await SendAsync(member, route, text);
                        lock (gate)
                        {
                            attempts.Add((member, route, text, answer));
                            if (attempts.Count(attempt => attempt.Answer is { Status: 201 }) == 100)
                            {
                                enough.TrySetResult();
                            }
                        }

                        if (answer is not { Status: 201 })
                        {
                            enough.TrySetResult();
                            return;
                        }
                    }
                })
        );
        await enough.Task.WaitAsync(Patience.Limit, TestContext.Current.CancellationToken);
        lock (gate)
        {
            attempts.ShouldAllBe(attempt => attempt.Answer != null && attempt.Answer.Status == 201);
        }

        await (isKilled ? ending.KillAsync() : ending.StopAsync());
        Volatile.Write(ref over, true);
        await writing;

        var unanswered = attempts.Where(attempt => attempt.Answer is not { Status: 201 }).ToList();
        unanswered.ShouldNotBeEmpty();
        await ShouldBeWholeAsync(database, one, other, third);

        await using var next = await ForumProcess.StartAsync(database, ReplyInAllServer.Settings);
        foreach (var (member, route, text, answer) in attempts)
        {
            var again = (await SendAsync(member.At(next), route, text)).ShouldNotBeNull().ShouldBe(201);
            if (answer is { Status: 201 })
            {
                again.Text.ShouldBe(answer.Text);
            }
        }

        await ShouldBeWholeAsync(database, one, other, third);
        (await database.RepliesAsync(one))
            .Order(StringComparer.Ordinal)
            .ShouldBe(attempts.Select(attempt => attempt.Text).Order(StringComparer.Ordinal));
    }

    /// <summary>What stands in one thread stands in the others, once, and numbers have no gaps.</summary>
    private static async Task ShouldBeWholeAsync(TestDatabase database, Guid one, Guid other, Guid third)
    {
        var replies = (await database.RepliesAsync(one)).Order(StringComparer.Ordinal).ToList();
        replies.Distinct(StringComparer.Ordinal).ShouldBe(replies);
        (await database.RepliesAsync(other)).Order(StringComparer.Ordinal).ShouldBe(replies);
        (await database.RepliesAsync(third))
            .Order(StringComparer.Ordinal)
            .ShouldBe(replies.Where(text => text.StartsWith("In three", StringComparison.Ordinal)));
        foreach (var thread in (Guid[])[one, other, third])
        {
            var numbers = await database.NumbersAsync(thread);
            numbers.ShouldBe(Enumerable.Range(1, numbers.Count));
        }
    }

    private static async Task<Answer?> SendAsync(TestMember member, string route, string text)
    {
        try
        {
            return await member.Send(HttpMethod.Post, route, new { body = text }, key: text);
        }
        catch (Exception e) when (ReplyLoad.IsBroken(e))
        {
            return null;
        }
    }

    private static Task<CommandResult> Run(
        ForumHost server,
        IReadOnlyList<Guid> threads,
        string text,
        string? key = null
    ) => Run(server, new ReplyInAll(threads, text), key);

    private static async Task<CommandResult> Run(ForumHost server, ReplyInAll command, string? key = null)
    {
        await using var scope = server.Services.CreateAsyncScope();
        return await scope
            .ServiceProvider.GetRequiredService<IMessageBus>()
            .InvokeAsync<CommandResult>(
                new RunCommand(command, Author, new Reader(Author.Subject, null, AccessRules.None), key)
            );
    }

    private async Task<CommandResult> PlannedAsync(Func<Task<CommandPlan>> plan)
    {
        await using var scope = forum.Services.CreateAsyncScope();
        var http = new DefaultHttpContext
        {
            RequestServices = scope.ServiceProvider,
            User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", ForumServer.NewName())], "test")),
        };
        http.Features.Set(new Reader(ForumServer.NewName(), null, AccessRules.None));
        return await scope.ServiceProvider.GetRequiredService<IMessageBus>().CarryOutAsync(http, plan, key: null);
    }
}
