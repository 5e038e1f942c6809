using EventForum.Acceptance.Harness;
using EventForum.Views.Framework;
using Microsoft.Extensions.DependencyInjection;

namespace EventForum.Acceptance.Views;

/// <summary>How a view comes, is replaced, fails, is mended and goes, beside the traffic of a forum.</summary>
public sealed class ViewLifeTests
{
    [Fact]
    public async Task a_new_view_is_filled_with_the_whole_past_and_a_new_version_takes_over_when_it_has_caught_up()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using (var forum = await ForumHost.StartAsync(database, ("Sample", "false")))
        {
            await StartAsync(forum, "Avocets", "Bitterns", "Auks");
        }

        var first = new LetterCount();
        await using (var forum = await ForumHost.StartWithAsync(database, first))
        {
            await LiveAsync(forum, 1);
            (await RowsAsync(database, 1)).ShouldBe(["A 2", "B 1"]);
            (await AnsweringAsync(forum, first)).ShouldBe(1);
            await StartAsync(forum, "Curlews");
            await ReadModels.CatchUpAsync(forum);
            (await RowsAsync(database, 1)).ShouldBe(["A 2", "B 1", "C 1"]);
        }

        var isReady = false;
        var second = new LetterCount(2, _ => !isReady);
        await using (var forum = await ForumHost.StartWithAsync(database, second))
        {
            var status = await StatusAsync(forum, 2, status => status.State == "failed");
            status.Answers.ShouldBeFalse();
            (await AnsweringAsync(forum, second)).ShouldBe(1);
            (await StatusAsync(forum, 1, _ => true)).State.ShouldBe("superseded");
            (await RowsAsync(database, 1)).ShouldBe(["A 2", "B 1", "C 1"]);

            isReady = true;
            await LiveAsync(forum, 2);
            (await RowsAsync(database, 2)).ShouldBe(["A 4", "B 2", "C 2"]);
            (await AnsweringAsync(forum, second)).ShouldBe(2);

            var retirement = forum.Services.GetRequiredService<ViewRetirement>();
            var cancellation = TestContext.Current.CancellationToken;
            (await retirement.DropSupersededAsync(cancellation)).ShouldBeEmpty("its time of grace is a day");
            await database.ExecuteAsync(
                "update forum.views set caught_up_at = caught_up_at - interval '25 hours' where view = 'letter-count.v2'"
            );
            (await retirement.DropSupersededAsync(cancellation)).ShouldBe(["letter-count.v1"]);
            (
                await database.ScalarAsync<bool>("select to_regclass('forum.view_letter_count_v1') is null")
            ).ShouldBeTrue();
            (await database.ScalarAsync<long>("select count(*) from forum.views where name = 'letter-count'")).ShouldBe(
                1
            );
        }
    }

    [Fact]
    public async Task a_view_that_throws_stops_alone_says_on_which_event_and_goes_on_when_that_is_skipped()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var forum = await ForumHost.StartWithAsync(
            database,
            new LetterCount(1, title => title == "123 things")
        );
        var admin = forum.Admin();
        await StartAsync(forum, "Avocets");
        await LiveAsync(forum, 1);
        await LiveAsync(forum, 1, "activity");
        var poison = (await StartAsync(forum, "123 things")).Single();
        await StartAsync(forum, "Bitterns");

        var failed = await StatusAsync(forum, 1, status => status.State == "failed");

        failed.Failure.ShouldNotBeNull().ShouldContain($"Event {poison} (thread_started)");
        failed.Failure.ShouldContain("There is no letter in 123 things.");
        failed.Position.ShouldBeLessThan(poison);
        // The others go on.
        var reply = (await StartAsync(forum, "Curlews")).Single();
        (await admin.Get($"/api/views/activity?min-position={reply}")).ShouldBe(200);
        (await RowsAsync(database, 1)).ShouldBe(["A 1"]);

        (await forum.Member().SkipViewEvent("letter-count", poison)).Status.ShouldBe(403);
        (await admin.SkipViewEvent("letter-count", poison, "It has no letter.")).ShouldBe(200);
        (await admin.SkipViewEvent("letter-count", poison)).ShouldBe(409);

        await LiveAsync(forum, 1);
        await ReadModels.CatchUpAsync(forum);
        (await RowsAsync(database, 1)).ShouldBe(["A 1", "B 1", "C 1"]);
        (await StatusAsync(forum, 1, status => status.Failure is null)).FailedAt.ShouldBeNull();
    }

    [Fact]
    public async Task a_view_that_is_paused_answers_with_what_it_holds_until_it_is_resumed()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var forum = await ForumHost.StartWithAsync(database, new LetterCount());
        var admin = forum.Admin();
        await StartAsync(forum, "Avocets");
        await ReadModels.CatchUpAsync(forum);

        (await admin.PauseView("letter-count")).ShouldBe(200);
        (await admin.PauseView("letter-count")).ShouldBeProblem(409, "view-paused");
        var last = (await StartAsync(forum, "Bitterns")).Single();
        (await admin.Get($"/api/views/activity?min-position={last}")).ShouldBe(200);
        (await StatusAsync(forum, 1, _ => true)).State.ShouldBe("paused");
        (await RowsAsync(database, 1)).ShouldBe(["A 1"]);
        // Also when it is built again where it is.
        await forum
            .Services.GetRequiredService<ViewRebuild>()
            .RebuildAsync(ViewDefinition.Of(new LetterCount()), (_, _) => { }, TestContext.Current.CancellationToken);
        (await RowsAsync(database, 1)).ShouldBe(["A 1"]);

        (await admin.ResumeView("letter-count")).ShouldBe(200);
        (await admin.ResumeView("letter-count")).ShouldBeProblem(409, "view-not-paused");
        await ReadModels.CatchUpAsync(forum);
        (await RowsAsync(database, 1)).ShouldBe(["A 1", "B 1"]);
        (await admin.PauseView("nothing")).ShouldBeProblem(404, "view-not-found");
    }

    [Fact]
    public async Task a_view_is_verified_and_rebuilt_beside_the_traffic()
    {
        await using var database = await TestDatabase.CreateAsync();
        var view = new LetterCount();
        await using var forum = await ForumHost.StartWithAsync(database, view);
        var rebuild = forum.Services.GetRequiredService<ViewRebuild>();
        var definition = ViewDefinition.Of(view);
        await StartAsync(forum, "Avocets", "Bitterns");
        await ReadModels.CatchUpAsync(forum);
        (await VerifyAsync()).ShouldBeEmpty();
        // The program of a command may have a version that no server has yet: it is built by the first one, of an empty table.
        var next = ViewDefinition.Of(new LetterCount(2));
        (await rebuild.VerifyAsync(next, (_, _) => { }, TestContext.Current.CancellationToken)).ShouldBeNull();
        (await rebuild.RebuildAsync(next, (_, _) => { }, TestContext.Current.CancellationToken)).ShouldBeFalse();

        await database.ExecuteAsync("update forum.view_letter_count_v1 set threads = 7 where character = 'A'");
        await database.ExecuteAsync("delete from forum.view_letter_count_v1 where character = 'B'");
        var different = await VerifyAsync();
        different.Count.ShouldBe(3);
        different.ShouldContain(row => row.StartsWith("only in the view:") && row.Contains("\"threads\": 7"));

        using var over = new CancellationTokenSource();
        var traffic = Task.Run(
            async () =>
            {
                while (!over.IsCancellationRequested)
                {
                    await StartAsync(forum, "Curlews");
                }
            },
            TestContext.Current.CancellationToken
        );
        for (var i = 0; i < 10; i++)
        {
            (
                await rebuild.RebuildAsync(definition, (_, _) => { }, TestContext.Current.CancellationToken)
            ).ShouldBeTrue();
        }

        await over.CancelAsync();
        await traffic;
        await ReadModels.CatchUpAsync(forum);
        var curlews = await database.ScalarAsync<long>(
            "select count(*) from forum.mt_events where type = 'thread_started' and data ->> 'title' = 'Curlews'"
        );
        (await RowsAsync(database, 1)).ShouldBe(["A 1", "B 1", $"C {curlews}"]);
        (await VerifyAsync()).ShouldBeEmpty();
        (
            await database.ScalarAsync<bool>("select to_regclass('forum.view_letter_count_v1_aside') is null")
        ).ShouldBeTrue();

        async Task<IReadOnlyList<string>> VerifyAsync() =>
            (
                await rebuild.VerifyAsync(definition, (_, _) => { }, TestContext.Current.CancellationToken)
            ).ShouldNotBeNull();
    }

    [Fact]
    public async Task what_a_server_was_folding_while_the_view_was_rebuilt_is_counted_once()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var folding = new SemaphoreSlim(0);
        using var release = new ManualResetEventSlim();
        var cancellation = TestContext.Current.CancellationToken;
        await using var forum = await ForumHost.StartWithAsync(database, new LetterCount(1, HoldsUp));
        await StartAsync(forum, "Avocets");
        await ReadModels.CatchUpAsync(forum);

        await StartAsync(forum, "Held up");
        await folding.WaitAsync(cancellation);
        var last = (await StartAsync(forum, "Curlews", "Curlews"))[^1];
        await UntilSettledAsync(database, last);
        await forum
            .Services.GetRequiredService<ViewRebuild>()
            .RebuildAsync(ViewDefinition.Of(new LetterCount()), (_, _) => { }, cancellation);
        release.Set();
        await StartAsync(forum, "Curlews");
        await ReadModels.CatchUpAsync(forum);

        (await RowsAsync(database, 1)).ShouldBe(["A 1", "C 3", "H 1"]);

        bool HoldsUp(string title)
        {
            if (title == "Held up" && !release.IsSet)
            {
                folding.Release();
                release.Wait(cancellation);
            }

            return false;
        }
    }

    /// <summary>Until the daemon may read up to a position.</summary>
    private static async Task UntilSettledAsync(TestDatabase database, long position)
    {
        await Patience.UntilAsync(async () =>
            await database.ScalarAsync<long>(
                "select last_seq_id from forum.mt_event_progression where name = 'HighWaterMark'"
            ) >= position
        );
    }

    private static async Task<IReadOnlyList<long>> StartAsync(ForumHost forum, params string[] titles)
    {
        var board = await forum.NewBoard();
        var positions = new List<long>();
        foreach (var title in titles)
        {
            positions.Add((await forum.Member().StartThread(board, title, "Text.")).ShouldBe(201).Position);
        }

        return positions;
    }

    private static Task<ViewStatus> LiveAsync(ForumHost forum, int version, string view = "letter-count") =>
        StatusAsync(forum, version, status => status is { State: "live", EventsBehind: 0 }, view);

    private static async Task<ViewStatus> StatusAsync(
        ForumHost forum,
        int version,
        Func<ViewStatus, bool> wanted,
        string view = "letter-count"
    )
    {
        // One for all looks: a new member is an event more that views are behind.
        var admin = forum.Admin();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var patience = Patience.Begin();
        while (true)
        {
            var status = (await ReadModels.ViewsAsync(admin)).FirstOrDefault(known =>
                known.Name == view && known.Version == version
            );
            if (status is not null && wanted(status))
            {
                return status;
            }

            await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    /// <summary>Which version answers, once it is not remembered any more which one did.</summary>
    private static async Task<int?> AnsweringAsync(ForumHost forum, IView view)
    {
        var definition = forum.Services.GetServices<ViewDefinition>().Single(known => known.View == view);
        var queries = ActivatorUtilities.CreateInstance<ViewQueries>(forum.Services);
        return await queries.AnsweringAsync(definition, TestContext.Current.CancellationToken);
    }

    private static async Task<IReadOnlyList<string>> RowsAsync(TestDatabase database, int version) =>
        await database.ColumnAsync<string>(
            $"select character || ' ' || threads from forum.view_letter_count_v{version} order by 1"
        );
}
