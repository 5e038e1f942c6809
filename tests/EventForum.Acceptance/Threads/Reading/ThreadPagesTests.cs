using EventForum.Acceptance.Harness;
using Npgsql;

namespace EventForum.Acceptance.Threads.Reading;

/// <summary>What is kept in memory, on a server of its own: these tests change the database behind its back.</summary>
public sealed class ThreadPagesTests
{
    [Fact]
    public async Task a_page_is_kept_while_its_versions_stand_with_names_of_now_and_leaves_memory_unused()
    {
        var clock = new LeapingClock();
        await using var forum = await ForumHost.StartAsync(clock);
        var thread = await forum.NewThread("As it was read.");
        var path = $"/api/threads/{thread.Id}";
        (await forum.Stranger().Get(path)).ShouldBe(200).Text.ShouldContain("As it was read.");
        await forum.Database.ExecuteAsync(
            "update forum.posts set body = 'As it is stored.' where thread_id = $1",
            thread.Id
        );

        clock.Ahead = TimeSpan.FromMinutes(5);
        (await forum.Stranger().Get(path)).ShouldBe(200).Text.ShouldContain("As it was read.");
        clock.Ahead += TimeSpan.FromMinutes(5.5);
        (await forum.Stranger().Get(path)).ShouldBe(200).Text.ShouldContain("As it was read.");
        clock.Ahead += TimeSpan.FromMinutes(11);
        (await forum.Stranger().Get(path)).ShouldBe(200).Text.ShouldContain("As it is stored.");

        (await forum.Admin().GrantTitle(await thread.Starter.Id(), "Chronicler")).ShouldBe(200);
        clock.Ahead += TimeSpan.FromSeconds(3);
        (await forum.Stranger().Get(path)).ShouldBe(200).Text.ShouldContain("Chronicler");
    }

    [Fact]
    public async Task a_version_never_vouches_for_words_that_were_read_before_it()
    {
        await using var forum = await ForumHost.StartAsync(settings: ("Sample", "false"));
        var source = await forum.NewThread("A secret.");
        var thread = await forum.NewThread();
        var quote = $"[quote=\"post:{source.FirstPostId}\"]A secret.[/quote]\n\nReally?";
        (await thread.Starter.Reply(thread.Id, quote)).ShouldBe(201);
        await using var connection = new NpgsqlConnection(forum.Database.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);

        // The page's words can be read, their versions cannot: then both change at once.
        await using (var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            await RunAsync("lock table forum.mt_streams in access exclusive mode");
            var reading = forum.Stranger().Get($"/api/threads/{thread.Id}");
            using var patience = Patience.Begin();
            while (!await IsWaitingAsync())
            {
                patience.Token.ThrowIfCancellationRequested();
            }

            await RunAsync("update forum.posts set removed_at = now(), removed_by = author_id where thread_id = $1");
            await RunAsync("update forum.mt_streams set version = version + 1 where id = $1");
            await transaction.CommitAsync(TestContext.Current.CancellationToken);
            (await reading).ShouldBe(200);
        }

        (await forum.Stranger().Get($"/api/threads/{thread.Id}")).ShouldBe(200).Text.ShouldNotContain("A secret.");

        async Task<bool> IsWaitingAsync() =>
            await forum.Database.ScalarAsync<long>(
                """
                select count(*) from pg_locks l join pg_stat_activity a on a.pid = l.pid
                 where not l.granted and l.relation = 'forum.mt_streams'::regclass and a.query like '%mt_streams%any%'
                    or not l.granted and l.relation = 'forum.mt_streams'::regclass and a.query like '%quoted%'
                """
            ) > 0;

        async Task RunAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            if (sql.Contains("$1", StringComparison.Ordinal))
            {
                command.Parameters.Add(new NpgsqlParameter { Value = source.Id });
            }

            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Goes as fast as any, and leaps ahead, elapsed time and all.</summary>
    private sealed class LeapingClock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;

        public override long GetTimestamp() => base.GetTimestamp() + (long)(Ahead.TotalSeconds * TimestampFrequency);
    }
}
