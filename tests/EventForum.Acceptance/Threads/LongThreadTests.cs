using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Threads;

/// <summary>A thread of thousands of posts costs what one of hundreds costs, counted in the rows that PostgreSQL reads.</summary>
public sealed class LongThreadTests
{
    // Both are longer than what a quote by an author's name looks back.
    private const int Short = 250;
    private const int Long = 2_250;
    private const int Rounds = 20;

    [Fact]
    public async Task writing_to_a_long_thread_and_reading_it_reads_no_more_rows_than_a_short_one()
    {
        await using var database = await TestDatabase.CreateAsync();
        TestThread shortThread;
        TestThread longThread;
        await using (var forum = await StartAsync(database))
        {
            shortThread = await FillAsync(forum, Short);
            longThread = await FillAsync(forum, Long);
            await ReadModels.CatchUpAsync(forum);
        }

        await database.PreferIndexesAsync();
        await database.ExecuteAsync("vacuum analyze");

        var ofShort = await RowsReadAsync(database, forum => UseAsync(forum, shortThread, Short));
        var ofLong = await RowsReadAsync(database, forum => UseAsync(forum, longThread, Long));

        // Nobody but commands and readers touches these, and what stores rendered texts a moment after they were shown:
        // depending on when it runs, it reads a few rows of posts more or fewer in each round. A page that was read once
        // more in each round would be 20 rows a round, a look through the thread 2,000.
        foreach (var (table, others) in (ReadOnlySpan<(string, int)>)[("posts", 5 * Rounds), ("mt_doc_forumthread", 0)])
        {
            ofLong[table].ShouldBeInRange(ofShort[table] - others, ofShort[table] + others, table);
            ofLong[table].ShouldBeGreaterThan(Rounds, table);
        }

        foreach (var (table, rows) in ofLong)
        {
            // One command that reads a thread's posts or events would read this many rows more in each round.
            var oneScan = Rounds * (Long - Short);
            (rows - ofShort[table]).ShouldBeLessThan(oneScan / 2, $"{table}: {ofShort[table]} and {rows} rows");
        }

        // What the daemon still has to read of the above is no reader's.
        await using (var forum = await StartAsync(database))
        {
            await ReadModels.CatchUpAsync(forum);
        }

        var momentsOfShort = await RowsReadAsync(database, forum => LookBackAsync(forum, shortThread, Short));
        var momentsOfLong = await RowsReadAsync(database, forum => LookBackAsync(forum, longThread, Long));

        foreach (var (table, rows) in momentsOfLong)
        {
            // The chart is counted once while the thread does not change; halving takes a few probes more.
            var chart = table == "mt_events" ? Long - Short : 0;
            var probes = 100 * Rounds;
            (rows - momentsOfShort[table]).ShouldBeLessThan(
                chart + probes,
                $"{table}: {momentsOfShort[table]} and {rows} rows"
            );
        }
    }

    [Fact]
    public async Task a_post_that_was_edited_often_costs_no_more_rows_than_one_that_was_never()
    {
        await using var database = await TestDatabase.CreateAsync();
        TestThread fresh;
        TestThread edited;
        await using (var forum = await StartAsync(database))
        {
            fresh = await FillAsync(forum, 10);
            edited = await FillAsync(forum, 10);
            for (var i = 0; i < 300; i++)
            {
                (await edited.Starter.Edit(edited.FirstPostId, $"Text {i}.")).ShouldBe(200);
            }

            await ReadModels.CatchUpAsync(forum);
        }

        await database.PreferIndexesAsync();
        await database.ExecuteAsync("vacuum analyze");

        var ofFresh = await RowsReadAsync(database, forum => ChangeAsync(forum, fresh));
        var ofEdited = await RowsReadAsync(database, forum => ChangeAsync(forum, edited));

        // Views read a few rows more or fewer, depending on how many events they take in at once.
        ofEdited["posts"].ShouldBeInRange(ofFresh["posts"] - 50, ofFresh["posts"] + 50);
        ofEdited["posts"].ShouldBeInRange(20, 500);
    }

    [Fact]
    public async Task a_board_as_it_was_reads_no_more_rows_when_its_threads_are_long()
    {
        var clock = new ShiftedClock { Shift = TimeSpan.FromDays(-30) };
        await using var database = await TestDatabase.CreateAsync();
        var moments = new List<(Guid Board, string At)>();
        await using (var forum = await ForumHost.StartAsync(clock, database))
        {
            foreach (var posts in (int[])[20, 500])
            {
                var board = await forum.NewBoard();
                var member = forum.Member();
                var thread = (await member.StartThread(board, "A thread", "Text.")).ShouldBe(201).ThreadId;
                var pinned = (await member.StartThread(board, "A pinned thread", "Text.")).ShouldBe(201).ThreadId;
                (await forum.Moderator().Pin(pinned)).ShouldBe(200);
                for (var i = 0; i < posts; i++)
                {
                    clock.Shift += TimeSpan.FromMinutes(7);
                    (await member.Reply(i % 2 == 0 ? thread : pinned, $"Post {i}.")).ShouldBe(201);
                }

                moments.Add((board, ForumServer.Rfc3339(clock.GetUtcNow())));
            }

            clock.Shift = TimeSpan.Zero;
            foreach (var board in moments.Select(moment => moment.Board))
            {
                var late = (await forum.Member().StartThread(board, "A late thread", "Text.")).ShouldBe(201).ThreadId;
                (await forum.Moderator().Pin(late)).ShouldBe(200);
            }

            await ReadModels.CatchUpAsync(forum);
        }

        await database.PreferIndexesAsync();
        await database.ExecuteAsync("vacuum analyze");

        var ofShort = await RowsReadAsync(database, forum => ListAsync(forum, moments[0]));
        var ofLong = await RowsReadAsync(database, forum => ListAsync(forum, moments[1]));

        (ofLong["board_threads"] - ofShort["board_threads"]).ShouldBeLessThan(20 * Rounds);

        static async Task ListAsync(ForumHost forum, (Guid Board, string At) moment)
        {
            for (var i = 0; i < Rounds; i++)
            {
                var page = await forum.Stranger().Get($"/api/boards/{moment.Board}/threads?at={moment.At}");
                page.ShouldBe(200)
                    .Json.GetProperty("threads")
                    .EnumerateArray()
                    .Select(thread => thread.GetProperty("title").GetString())
                    .ShouldBe(["A pinned thread", "A thread"]);
            }
        }
    }

    private static async Task ChangeAsync(ForumHost forum, TestThread thread)
    {
        var (starter, member) = (thread.Starter.At(forum), forum.Member());
        (await starter.Edit(thread.FirstPostId, "The last text.")).ShouldBe(200);
        (await member.Quote(thread.FirstPostId, "Quoted.")).ShouldBe(201);
        var block = "[quote=\"x, post:1\"]The last text.[/quote]";
        (await member.Reply(thread.Id, $"{block}\n\nBy number.")).ShouldBe(201);
        block = $"[quote=\"{starter.Name}\"]The last text.[/quote]";
        (await member.Reply(thread.Id, $"{block}\n\nBy name.")).ShouldBe(201);
        (await starter.Remove(thread.FirstPostId)).ShouldBe(200);
        (await starter.Restore(thread.FirstPostId)).ShouldBe(200);
        (await member.Get($"/api/threads/{thread.Id}")).ShouldBe(200);
        (await member.Get($"/api/posts/{thread.FirstPostId}")).ShouldBe(200);
    }

    private static Task<ForumHost> StartAsync(TestDatabase database) =>
        ForumHost.StartAsync(database, ("Sample", "false"));

    private static async Task<TestThread> FillAsync(ForumHost forum, int posts)
    {
        var thread = await forum.NewThread("The post that is quoted.");
        var member = forum.Member();
        await Parallel.ForEachAsync(
            Enumerable.Range(2, posts - 1),
            new ParallelOptions { MaxDegreeOfParallelism = 32 },
            async (i, _) => (await member.Reply(thread.Id, $"Post {i}.")).ShouldBe(201)
        );
        return thread;
    }

    /// <summary>Rows of each table that a server reads while it is used.</summary>
    private static async Task<Dictionary<string, long>> RowsReadAsync(TestDatabase database, Func<ForumHost, Task> use)
    {
        var before = await CountersAsync(database);
        await using (var forum = await StartAsync(database))
        {
            await use(forum);
        }

        var after = await CountersAsync(database);
        return after.ToDictionary(
            table => table.Key,
            table => table.Value - before.GetValueOrDefault(table.Key),
            StringComparer.Ordinal
        );
    }

    /// <summary>Members write to the thread and read it.</summary>
    private static async Task UseAsync(ForumHost forum, TestThread thread, int posts)
    {
        var starter = thread.Starter.At(forum);
        var member = forum.Member();
        for (var i = 0; i < Rounds; i++)
        {
            (await member.Reply(thread.Id, $"Answer {i}.")).ShouldBe(201);
            (await member.Quote(thread.FirstPostId, $"Quote {i}.")).ShouldBe(201);
            var block = "[quote=\"x, post:1\"]The post that is quoted.[/quote]";
            (await member.Reply(thread.Id, $"{block}\n\nQuote {i} by number.")).ShouldBe(201);
            block = $"[quote=\"{member.Name}\"]Answer {i}.[/quote]";
            (await member.Reply(thread.Id, $"{block}\n\nQuote {i} by name.")).ShouldBe(201);
            (await starter.Edit(thread.FirstPostId, $"The post that is quoted. (Edit {i}.)")).ShouldBe(200);
            foreach (var page in (int[])[1, posts / 40, posts / 20])
            {
                (await member.Get($"/api/threads/{thread.Id}?page={page}")).ShouldBe(200);
            }
        }
    }

    /// <summary>Someone looks at moments of the thread all over its life.</summary>
    private static async Task LookBackAsync(ForumHost forum, TestThread thread, int posts)
    {
        var reader = forum.Stranger();
        for (var i = 1; i <= Rounds; i++)
        {
            (await reader.Get($"/threads/{thread.Id}/timeline?version={posts * i / Rounds}")).ShouldBe(200);
            (await reader.Get($"/threads/{thread.Id}?version={posts * i / Rounds}")).ShouldBe(200);
        }
    }

    /// <summary>Rows read so far of each table that is not read all the time. A connection adds its own when it ends, so all others have to end first.</summary>
    private static async Task<Dictionary<string, long>> CountersAsync(TestDatabase database)
    {
        await Patience.UntilAsync(async () =>
            await database.ScalarAsync<long>(
                "select count(*) from pg_stat_activity where datname = current_database() and application_name <> 'tests'"
            ) == 0
        );

        var counters = await database.ColumnAsync<string>(
            """
            select relname || ' ' || coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)
              from pg_stat_user_tables
             where schemaname = 'forum' and relname not in ('mt_event_progression', 'settled_position')
               and relname not like 'wolverine%'
            """
        );
        return counters
            .Select(counter => counter.Split(' '))
            .ToDictionary(
                counter => counter[0],
                counter => long.Parse(counter[1], System.Globalization.CultureInfo.InvariantCulture),
                StringComparer.Ordinal
            );
    }
}
