using EventForum.Acceptance.Harness;
using EventForum.Threads.Reading;
using Npgsql;

namespace EventForum.Acceptance.Threads.Reading;

/// <summary>What is kept of rendered texts, and what happens to it.</summary>
public sealed class RenderedTextsTests
{
    [Fact]
    public async Task what_a_page_showed_is_kept_for_other_servers_until_the_renderer_changes()
    {
        await using var database = await TestDatabase.CreateAsync();
        string page;
        Guid threadId;
        await using (var first = await ForumHost.StartAsync(database, ("Sample", "false")))
        {
            var source = await first.NewThread("Words of the *source*.");
            var thread = await first.NewThread("Some **bold** words.");
            var quote = $"[quote=\"post:{source.FirstPostId}\"]Words of the *source*.[/quote]\n\nAn answer.";
            (await thread.Starter.Reply(thread.Id, quote)).ShouldBe(201);
            threadId = thread.Id;
            page = (await first.Stranger().Get($"/api/threads/{threadId}?version=2")).ShouldBe(200).Text;
            await KeptAsync(database, 3);
        }

        // Only a text that comes from the table can say this.
        await database.ExecuteAsync(
            """
            update forum.rendered_texts set html = (select array_agg(replace(h, '</', ' (kept)</')) from unnest(html) h)
            """
        );
        await using (var second = await ForumHost.StartAsync(database, ("Sample", "false")))
        {
            var kept = (await second.Stranger().Get($"/api/threads/{threadId}?version=2")).ShouldBe(200).Text;
            kept.Split("(kept)").Length.ShouldBeGreaterThan(5);
            kept.Replace(" (kept)", "", StringComparison.Ordinal).ShouldBe(page);
        }

        // As an older program would have left it.
        await database.ExecuteAsync("update forum.rendered_texts set renderer = 0");
        await using (var third = await ForumHost.StartAsync(database, ("Sample", "false")))
        {
            (await third.Stranger().Get($"/api/threads/{threadId}?version=2")).ShouldBe(200).Text.ShouldBe(page);
            await KeptAsync(database, 3);
        }

        // It may go at any time.
        await database.ExecuteAsync("truncate forum.rendered_texts");
        await using var fourth = await ForumHost.StartAsync(database, ("Sample", "false"));
        (await fourth.Stranger().Get($"/api/threads/{threadId}?version=2")).ShouldBe(200).Text.ShouldBe(page);
    }

    /// <summary>Planning takes several times as long as running them.</summary>
    [Fact]
    public async Task the_statements_that_read_a_page_are_planned_once()
    {
        await using var forum = await ForumHost.StartAsync(settings: ("Sample", "false"));
        var thread = await forum.NewThread();
        await using var connection = new NpgsqlConnection(forum.Database.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);

        await PlannedOnceAsync(PageRows.Sql, thread.Id, long.MaxValue, 1L, false);
        foreach (var quotes in (int[])[1, 40])
        {
            await PlannedOnceAsync(
                QuoteSources.Standing,
                Enumerable.Repeat(thread.FirstPostId, quotes).ToArray(),
                Enumerable.Repeat(1, quotes).ToArray(),
                Enumerable.Repeat(long.MaxValue, quotes).ToArray(),
                Enumerable.Repeat(DateTimeOffset.MaxValue, quotes).ToArray(),
                thread.Id
            );
            await PlannedOnceAsync(
                RenderedTextTable.Words,
                Enumerable.Repeat(thread.FirstPostId, quotes).ToArray(),
                Enumerable.Repeat(1, quotes).ToArray(),
                Enumerable.Repeat(0, quotes).ToArray(),
                Enumerable.Repeat(1, quotes).ToArray()
            );
        }

        async Task PlannedOnceAsync(string sql, params object[] parameters)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            foreach (var parameter in parameters)
            {
                command.Parameters.AddWithValue(parameter);
            }

            await command.PrepareAsync(TestContext.Current.CancellationToken);
            // PostgreSQL compares five plans made for their parameters with one that is made for any.
            for (var i = 0; i < 8; i++)
            {
                await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            }

            await using var plans = new NpgsqlCommand(
                "select custom_plans from pg_prepared_statements where statement = $1",
                connection
            );
            plans.Parameters.AddWithValue(sql);
            (await plans.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(5L);
            await command.UnprepareAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits until so many texts are kept, all by this program.</summary>
    private static async Task KeptAsync(TestDatabase database, long count)
    {
        await Patience.UntilAsync(async () =>
            await database.ScalarAsync<long>(
                $"""
                select count(*) filter (where renderer = {RenderedTextTable.Renderer})
                       - 10 * count(*) filter (where renderer <> {RenderedTextTable.Renderer})
                  from forum.rendered_texts
                """
            ) == count
        );
    }
}
