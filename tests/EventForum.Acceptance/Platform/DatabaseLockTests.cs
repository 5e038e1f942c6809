using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Platform;

/// <summary>What empties tables and what uses them never meet.</summary>
public sealed class DatabaseLockTests
{
    [Fact]
    public async Task a_rebuild_is_refused_while_a_server_runs_and_changes_nothing()
    {
        await using var forum = await ForumHost.StartAsync(null, ("Sample", "false"));
        var thread = await forum.NewThread();
        await ReadModels.CatchUpAsync(forum);
        var before = await ReadModels.DumpAsync(forum.Database);

        var (code, said) = await ForumProcess.TryCommandAsync(forum.Database, "projections", "rebuild");

        code.ShouldBe(1, said);
        said.ShouldContain("This needs the database to itself, and others are connected to it (process ");
        foreach (var (table, rows) in await ReadModels.DumpAsync(forum.Database))
        {
            before[table].Except(rows, StringComparer.Ordinal).ShouldBeEmpty(table);
        }

        (await forum.Member().Reply(thread.Id, "On it goes.")).ShouldBe(201).Number.ShouldBe(2);
    }

    [Fact]
    public async Task a_rebuild_that_was_broken_off_keeps_servers_away_until_it_is_complete()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using (var forum = await ForumHost.StartAsync(database, ("Sample", "false")))
        {
            await EventfulHistory.WriteAsync(forum);
            await ReadModels.CatchUpAsync(forum);
        }

        var whole = await ReadModels.DumpAsync(database);
        await BreakOffARebuildAsync(database);

        var (code, said) = await ForumProcess.TryCommandAsync(database);
        code.ShouldBe(1, said);
        said.ShouldContain("Run `projections rebuild` again, to its end.");
        said.ShouldNotContain("   at ");
        await ForumProcess.CommandAsync(database, "projections", "rebuild");
        ReadModels.ShouldBeEqual(whole, await ReadModels.DumpAsync(database));
        await using var after = await ForumHost.StartAsync(database);
        (await after.Stranger().Get("/health/ready")).ShouldBe(200);
    }

    [Theory]
    [InlineData("data = '[]'")]
    [InlineData("data = jsonb_set(data, '{postId}', 'null')")]
    public async Task a_rebuild_from_an_event_that_cannot_be_read_is_refused_before_it_empties_anything(string broken)
    {
        await using var database = await TestDatabase.CreateAsync();
        long position;
        await using (var forum = await ForumHost.StartAsync(database, ("Sample", "false")))
        {
            await EventfulHistory.WriteAsync(forum);
            var thread = await forum.NewThread();
            position = (await thread.Starter.Reply(thread.Id, "Text.")).ShouldBe(201).Position;
            await ReadModels.CatchUpAsync(forum);
        }

        await database.ExecuteAsync($"update forum.mt_events set {broken} where seq_id = $1", position);
        var before = await ReadModels.DumpAsync(database);

        var (code, said) = await ForumProcess.TryCommandAsync(database, "projections", "rebuild");

        code.ShouldBe(1, said);
        said.ShouldContain($"The event at position {position} cannot be read: ");
        said.ShouldContain("Nothing was changed.");
        ReadModels.ShouldBeEqual(before, await ReadModels.DumpAsync(database));
        await using var after = await ForumHost.StartAsync(database, ("Sample", "false"));
        await after.NewThread();
    }

    [Fact]
    public async Task while_tables_are_rebuilt_nothing_is_written_by_whoever_does_not_know_of_it()
    {
        await using var database = await TestDatabase.CreateAsync();
        Guid thread;
        await using (var forum = await ForumHost.StartAsync(database, ("Sample", "false")))
        {
            thread = (await forum.NewThread()).Id;
        }

        await using var work = await Hold.BeginAsync(database);
        using var rebuild = ForumProcess.Begin(database, "projections", "rebuild");
        await Hold.UntilSomeoneWaitsAsync(database);

        await using var stranger = await Hold.BeginAsync(database, table: null);
        (
            await stranger.IsBlockedAsync(
                $"insert into forum.mt_events select * from forum.mt_events where stream_id = '{thread}'"
            )
        ).ShouldBeTrue();
        var (code, said) = await ForumProcess.TryCommandAsync(database, "import", "none.jsonl");
        code.ShouldBe(1, said);
        said.ShouldContain("A command has the database to itself.");

        rebuild.Kill();
        await rebuild.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Kills it once it has begun to empty tables.</summary>
    private static async Task BreakOffARebuildAsync(TestDatabase database)
    {
        await using var hold = await Hold.BeginAsync(database);
        using var rebuild = ForumProcess.Begin(database, "projections", "rebuild");
        await Hold.UntilSomeoneWaitsAsync(database);
        rebuild.Kill();
        await rebuild.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
