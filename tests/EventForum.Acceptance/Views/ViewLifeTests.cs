using EventForum.Acceptance.Harness;
using EventForum.Views.Framework;
using Microsoft.Extensions.DependencyInjection;
using static EventForum.Acceptance.Views.LetterCount;

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
    public async Task an_event_that_was_skipped_while_a_view_was_paused_is_left_out_when_it_goes_on()
    {
        await using var forum = await ForumHost.StartWithAsync(await TestDatabase.CreateAsync(), new LetterCount());
        var admin = forum.Admin();
        await StartAsync(forum, "Avocets");
        await LiveAsync(forum, 1);
        (await admin.PauseView("letter-count")).ShouldBe(200);
        var started = await forum.NewThread();
        (await admin.Permit(started.BoardId, see: new { roles = (string[])["staff"] })).ShouldBe(200);

        (await admin.SkipViewEvent("letter-count", started.Position)).ShouldBe(200);

        (await admin.ResumeView("letter-count")).ShouldBe(200);
        await ReadModels.CatchUpAsync(forum);
        (await RowsAsync(forum.Database, 1)).ShouldBe(["A 1"]);
        // Of which stream the event is, is not for everyone.
        var told = (await forum.Stranger().Get("/api/events?types=view_event_skipped")).ShouldBe(200).Text;
        told.ShouldContain("letter-count");
        told.ShouldNotContain(started.Id.ToString());
    }

    [Fact]
    public async Task who_waits_for_a_view_that_is_paused_is_told_so()
    {
        await using var forum = await ForumHost.StartAsync(settings: ("Sample", "false"));
        var admin = forum.Admin();
        await StartAsync(forum, "Avocets");
        await LiveAsync(forum, 1, "activity");
        (await admin.PauseView("activity")).ShouldBe(200);
        var last = (await StartAsync(forum, "Bitterns")).Single();

        var answer = await admin.Send(HttpMethod.Get, $"/api/views/activity?min-position={last}");

        answer.ShouldBeProblem(503, "view-behind");
        answer.Text.ShouldContain("This view is paused");
        (await admin.Get("/api/views/activity")).ShouldBe(200);
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
}
