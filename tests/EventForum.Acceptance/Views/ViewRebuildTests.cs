using EventForum.Acceptance.Harness;
using EventForum.Views.Framework;
using Microsoft.Extensions.DependencyInjection;
using static EventForum.Acceptance.Views.LetterCount;

namespace EventForum.Acceptance.Views;

/// <summary>How a view is built again aside, to be compared or to be put in place, while a forum goes on.</summary>
public sealed class ViewRebuildTests
{
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
    public async Task a_version_that_no_server_has_begun_is_neither_verified_nor_rebuilt_and_counts_nothing_twice()
    {
        await using var database = await TestDatabase.CreateAsync();
        var cancellation = TestContext.Current.CancellationToken;
        var second = new LetterCount(2);
        await using (var forum = await ForumHost.StartWithAsync(database, new LetterCount()))
        {
            await StartAsync(forum, "Avocets", "Bitterns");
            await ReadModels.CatchUpAsync(forum);
            // A command of a newer program makes the tables of its views before it does anything.
            await database.ExecuteAsync(
                "create table forum.view_letter_count_v2 (like forum.view_letter_count_v1 including all)"
            );
            var (rebuild, next) = (forum.Services.GetRequiredService<ViewRebuild>(), ViewDefinition.Of(second));

            (await rebuild.VerifyAsync(next, (_, _) => { }, cancellation)).ShouldBeNull();
            (await rebuild.RebuildAsync(next, (_, _) => { }, cancellation)).ShouldBeFalse();
        }

        await using (var forum = await ForumHost.StartWithAsync(database, second))
        {
            await ReadModels.CatchUpAsync(forum);
            (await RowsAsync(database, 2)).ShouldBe(["A 2", "B 2"]);
        }
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
}
