using EventForum.Acceptance.Harness;
using EventForum.History.Sql;

namespace EventForum.Acceptance.History.Sql;

/// <summary>A start brings the views in step with the program, and changes nothing where they are.</summary>
public sealed class SqlSchemaTests
{
    /// <summary>Which row of which transaction each view, its rule, its comment, its privileges and the role's settings are.</summary>
    private const string Versions = """
        select concat_ws(' ', c.relname, c.oid, c.xmin, r.xmin, d.xmin, n.xmin, n.oid, db.xmin)
          from pg_class c
          join pg_namespace n on n.oid = c.relnamespace
          join pg_rewrite r on r.ev_class = c.oid
          join pg_description d on d.objoid = c.oid and d.objsubid = 0
         cross join (select xmin from pg_database where datname = current_database()) db
         where n.nspname = 'history' order by 1
        """;

    private const string Columns = """
        select concat_ws(' ', table_name, column_name, data_type, ordinal_position)
          from information_schema.columns where table_schema = 'history' order by 1
        """;

    [Fact]
    public async Task a_start_changes_nothing_where_nothing_has_changed()
    {
        await using var database = await TestDatabase.CreateAsync();
        await StartAsync(database);
        var versions = await database.ColumnAsync<string>(Versions);
        versions.Count.ShouldBeGreaterThan(20);

        await StartAsync(database);

        (await database.ColumnAsync<string>(Versions)).ShouldBe(versions);
    }

    [Theory]
    [InlineData("drop schema history cascade")]
    [InlineData("drop view history.reply_posted")]
    [InlineData("alter view history.posts rename column body to words")]
    [InlineData("alter view history.posts set (security_barrier = false)")]
    [InlineData(
        "create or replace view history.thread_locked as select position, time, actor, thread, board, version, batch, correlation, 'why' as reason from history.thread_unlocked"
    )]
    [InlineData("drop view history.thread_locked; create view history.thread_locked as select 1 as one")]
    [InlineData("comment on view history.posts is 'ours'")]
    [InlineData("revoke select on history.posts from eventforum_reader")]
    [InlineData("revoke usage on schema history from eventforum_reader")]
    [InlineData(
        "alter table forum.posts drop column position cascade; alter table forum.posts add column position bigint; drop index if exists forum.posts_removed"
    )]
    [InlineData("grant temporary on database {0} to public")]
    public async Task views_of_another_shape_are_brought_in_step(string change)
    {
        await using var database = await TestDatabase.CreateAsync();
        await StartAsync(database);
        var columns = await database.ColumnAsync<string>(Columns);
        var name = await database.ScalarAsync<string>("select current_database()::text");
        await database.ExecuteAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, change, name));

        await using var forum = await ForumHost.StartAsync(database, ("Sample", "false"));

        (await database.ColumnAsync<string>(Columns)).ShouldBe(columns);
        (
            await database.ScalarAsync<long>(
                "select count(*) from pg_class c where relnamespace = 'history'::regnamespace and not coalesce('security_barrier=true' = any(reloptions), false)"
            )
        ).ShouldBe(0);
        var thread = await forum.NewThread("In step.");
        (await forum.Moderator().Lock(thread.Id)).ShouldBe(200);
        await using var reader = new SqlReader(database);
        (await reader.ColumnAsync($"select body from history.posts where thread = '{thread.Id}'")).ShouldBe([
            "In step.",
        ]);
        (await reader.ColumnAsync("select reason from history.thread_locked")).ShouldBe(["It is settled."]);
        (
            await database.ScalarAsync<bool>(
                "select has_database_privilege('eventforum_reader', current_database(), 'temporary')"
            )
        ).ShouldBeFalse();
    }

    [Fact]
    public async Task tables_change_though_views_of_an_earlier_version_read_them()
    {
        await using var database = await TestDatabase.CreateAsync();
        await StartAsync(database);
        await database.ExecuteAsync(
            """
            alter table forum.posts add column colour text;
            drop view history.posts;
            create view history.posts as select colour from forum.posts;
            comment on view history.posts is 'Every revision. [EventForum 1 1]';
            """
        );

        await StartAsync(database);

        (
            await database.ColumnAsync<string>(
                "select column_name::text from information_schema.columns where column_name = 'colour'"
            )
        ).ShouldBeEmpty();
        await using var reader = new SqlReader(database);
        (await reader.CountAsync("posts")).ShouldBe(0);
    }

    [Fact]
    public async Task a_view_whose_event_is_gone_goes_and_what_others_put_there_stays()
    {
        await using var database = await TestDatabase.CreateAsync();
        await StartAsync(database);
        await database.ExecuteAsync(
            """
            create view history.thread_painted as select 1 as one;
            comment on view history.thread_painted is 'What guests see of the events thread_painted. [EventForum 1 1]';
            create view history.of_somebody_else as select 2 as two;
            create view history.built_on_ours as select position from history.thread_locked;
            """
        );
        var versions = await database.ColumnAsync<string>(Versions);

        await StartAsync(database);

        (
            await database.ColumnAsync<string>(
                "select viewname::text from pg_views where schemaname = 'history' and viewname in ('thread_painted', 'of_somebody_else', 'built_on_ours') order by 1"
            )
        ).ShouldBe(["built_on_ours", "of_somebody_else"]);
        (await database.ColumnAsync<string>(Versions)).ShouldBe(
            versions.Where(line => !line.StartsWith("thread_painted", StringComparison.Ordinal))
        );
        await using var reader = new SqlReader(database);
        await Should.ThrowAsync<Npgsql.PostgresException>(() => reader.CountAsync("of_somebody_else"));
    }

    [Fact]
    public async Task what_is_built_on_a_view_that_is_made_anew_is_named_in_the_log()
    {
        await using var database = await TestDatabase.CreateAsync();
        await StartAsync(database);
        await database.ExecuteAsync(
            """
            create view history.built_on_ours as select position from history.thread_locked;
            comment on view history.thread_locked is 'another one [EventForum 1 1]';
            """
        );

        await using var forum = await ForumProcess.StartAsync(
            database,
            ("Sample", "false"),
            ("Logging:LogLevel:EventForum", "Warning")
        );

        await forum.SaysAsync("history.built_on_ours");
    }

    [Fact]
    public async Task a_table_in_a_views_place_stops_the_start_with_a_sentence()
    {
        await using var database = await TestDatabase.CreateAsync();
        await StartAsync(database);
        await database.ExecuteAsync("drop view history.posts; create table history.posts (id int)");

        await using var forum = ForumProcess.Launch(database, ("Sample", "false"));

        (await forum.EndsAsync()).ShouldBe(1);
        string.Join('\n', forum.Log()).ShouldContain("history.posts is not a view");
    }

    [Fact]
    public async Task the_views_are_empty_while_a_rebuild_is_unfinished()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var reader = new SqlReader(database);
        await using (var forum = await ForumHost.StartAsync(database, ("Sample", "false")))
        {
            await forum.NewThread();
        }

        (await CountsAsync()).ShouldBe("1 1 1 1");
        await database.ExecuteAsync("insert into forum.unfinished_rebuilds (projection) values ('Posts')");
        (await CountsAsync()).ShouldBe("0 0 0 0");
        await ForumProcess.CommandAsync(database, "projections", "rebuild");
        (await CountsAsync()).ShouldBe("1 1 1 1");
        // Nothing is public that PostgreSQL does not find.
        await database.ExecuteAsync("truncate forum.mt_doc_board");
        (await CountsAsync()).ShouldBe("0 0 0 1");

        async Task<string> CountsAsync() =>
            $"{await reader.CountAsync("posts")} {await reader.CountAsync("thread_started")} {await reader.CountAsync("board_created")} {Math.Min(1, await reader.CountAsync("member_registered"))}";
    }

    [Fact]
    public async Task servers_of_many_databases_make_the_role_at_the_same_moment()
    {
        var role = $"reader_{Guid.CreateVersion7():N}";
        var script = SqlRole.Script.Replace(SqlRole.Name, role, StringComparison.Ordinal);
        await using var database = await TestDatabase.CreateAsync();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 8),
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (_, _) =>
            {
                await using var own = await TestDatabase.CreateAsync();
                await own.ExecuteAsync(script);
            }
        );

        (
            await database.ColumnAsync<string>(
                "select unnest(rolconfig) from pg_roles where rolname = $1 and rolcanlogin and not rolsuper order by 1",
                role
            )
        ).ShouldBe([
            "default_transaction_read_only=on",
            "idle_in_transaction_session_timeout=30s",
            "lock_timeout=5s",
            "search_path=history",
            "statement_timeout=30s",
        ]);
        await database.ExecuteAsync($"drop role {role}");
    }

    private static async Task StartAsync(TestDatabase database)
    {
        await using var forum = await ForumHost.StartAsync(database, ("Sample", "false"));
    }
}
