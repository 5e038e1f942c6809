using System.Diagnostics;
using System.Text.Json;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Platform;

/// <summary>Views go on whatever happens to the servers that keep them up, and what does not move is told.</summary>
public sealed class ViewKeeperTests
{
    /// <summary>How soon every view has caught up after the end of a fault.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task views_move_on_whatever_happens_to_a_server()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var one = await ForumProcess.StartAsync(database);
        await using var other = await ForumProcess.StartAsync(database);
        var thread = await one.NewThread();
        var member = one.Member();
        await UntilTheyShareAsync(database);
        await CatchUpAsync();

        // Frozen for longer than its leases last, and back with all that it believed to be its own.
        other.Freeze();
        await CatchUpAsync();
        other.Thaw();
        await UntilTheyShareAsync(database);
        (await CatchUpAsync()).ShouldBeLessThan(Soon);

        // Each end of all connections is as good as the first.
        for (var i = 0; i < 6; i++)
        {
            await database.EndConnectionsAsync();
            (await CatchUpAsync()).ShouldBeLessThan(Soon);
        }

        await other.KillAsync();
        (await CatchUpAsync()).ShouldBeLessThan(TimeSpan.FromSeconds(10));

        (await database.NumbersAsync(thread.Id)).ShouldBe(
            Enumerable.Range(1, (await database.NumbersAsync(thread.Id)).Count)
        );

        async Task<TimeSpan> CatchUpAsync()
        {
            var start = Stopwatch.GetTimestamp();
            var text = $"Reply {start}.";
            Answer? reply = null;
            await Patience.UntilAsync(async () =>
                (reply = await member.Reply(thread.Id, text, key: text)).Status == 201
            );
            await Patience.UntilAsync(async () => await LeastAsync(database) >= reply!.Position);
            return Stopwatch.GetElapsedTime(start);
        }
    }

    [Fact]
    public async Task a_view_that_a_killed_server_was_building_is_built_by_the_other_and_counts_nothing_twice()
    {
        await using var database = await TestDatabase.CreateAsync();
        IReadOnlyList<string> before;
        await using (var first = await ForumProcess.StartAsync(database))
        {
            var thread = await first.NewThread();
            var writers = Enumerable.Range(0, 3).Select(_ => first.Member()).ToList();
            for (var i = 0; i < 12; i++)
            {
                (await writers[i % 3].Reply(thread.Id, $"Reply {i}.")).ShouldBe(201);
            }

            await UntilAllIsTakenInAsync(database);
            before = await RowsAsync();
        }

        before.ShouldNotBeEmpty();
        await database.ExecuteAsync(
            """
            truncate forum.view_members_v2;
            delete from forum.mt_event_progression where name = 'members.v2:All';
            update forum.views set caught_up_at = null where view = 'members.v2'
            """
        );
        await using var source = Npgsql.NpgsqlDataSource.Create(database.ConnectionString);
        await using var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var hold = connection.CreateCommand();
        hold.CommandText = "lock table forum.view_members_v2 in exclusive mode";
        await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        await using var builder = await ForumProcess.StartAsync(database);
        await Patience.UntilAsync(async () =>
            await database.ScalarAsync<bool>(
                "select exists (select from pg_locks where not granted and relation = 'forum.view_members_v2'::regclass)"
            )
        );
        await using var other = await ForumProcess.StartAsync(database);
        await builder.KillAsync();
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);

        (await other.Stranger().Get("/api/views/members")).ShouldBe(200);
        (await RowsAsync()).ShouldBe(before);

        Task<IReadOnlyList<string>> RowsAsync() =>
            database.ColumnAsync<string>("select to_jsonb(day)::text from forum.view_members_v2 day order by 1");
    }

    [Fact]
    public async Task a_view_that_does_not_move_is_told_until_it_moves_again()
    {
        await using var forum = await ForumHost.StartAsync();
        await ReadModels.CatchUpAsync(forum);
        await using var source = Npgsql.NpgsqlDataSource.Create(forum.Database.ConnectionString);
        await using (var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken))
        {
            await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await using var hold = connection.CreateCommand();
            hold.CommandText = "select from forum.mt_event_progression where name = 'QuoteGraph:All' for update";
            await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            await forum.NewThread();

            await Patience.UntilAsync(async () => (await ReadinessAsync(forum)).Status == "Degraded");
            var told = await ReadinessAsync(forum);

            told.Views.GetProperty("description").GetString().ShouldBe("Does not move: QuoteGraph.");
            var data = told.Views.GetProperty("data");
            data.GetProperty("QuoteGraph").GetProperty("eventsBehind").GetInt64().ShouldBeGreaterThan(0);
            data.GetProperty("QuoteGraph").GetProperty("stillSeconds").GetDouble().ShouldBeGreaterThanOrEqualTo(10);
            data.GetProperty("BoardLists").GetProperty("eventsBehind").GetInt64().ShouldBe(0);
        }

        await ReadModels.CatchUpAsync(forum);
        await Patience.UntilAsync(async () => (await ReadinessAsync(forum)).Status == "Healthy");
    }

    /// <summary>A server answers with what its views hold: it stays in rotation.</summary>
    private static async Task<(string Status, JsonElement Views)> ReadinessAsync(ForumServer forum)
    {
        var answer = (await forum.Stranger().Get("/health/ready")).ShouldBe(200).Json;
        return (answer.GetProperty("status").GetString()!, answer.GetProperty("checks").GetProperty("views"));
    }

    private static Task UntilTheyShareAsync(TestDatabase database) =>
        Patience.UntilAsync(async () =>
            await database.ScalarAsync<long>(
                "select count(distinct server) from forum.view_leases where until > clock_timestamp()"
            ) == 2
        );

    private static Task UntilAllIsTakenInAsync(TestDatabase database) =>
        Patience.UntilAsync(async () =>
            await LeastAsync(database) >= await database.ScalarAsync<long>("select max(seq_id) from forum.mt_events")
        );

    private static Task<long> LeastAsync(TestDatabase database) =>
        database.ScalarAsync<long>(
            "select coalesce(min(last_seq_id), 0) from forum.mt_event_progression where name like '%:All'"
        );
}
