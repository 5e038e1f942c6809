using EventForum.Acceptance.Harness;
using Npgsql;

namespace EventForum.Acceptance.History.Sql;

/// <summary>The role reads the views and nothing else, whatever it tries.</summary>
public sealed class SqlRoleTests(ForumHost forum) : IAsyncLifetime
{
    private static readonly string[] Refusals =
    [
        PostgresErrorCodes.InsufficientPrivilege,
        // A view of several tables takes no rows, from whoever they come.
        PostgresErrorCodes.ObjectNotInPrerequisiteState,
        PostgresErrorCodes.WrongObjectType,
        PostgresErrorCodes.UndefinedFunction,
    ];

    private readonly SqlReader reader = new(forum.Database);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => reader.DisposeAsync();

    [Theory]
    // Other tables, functions and schemas.
    [InlineData("select data from forum.mt_events")]
    [InlineData("select * from forum.posts")]
    [InlineData("select count(*) from forum.mt_doc_member")]
    [InlineData("select forum.mt_immutable_timestamp('2026-01-01')")]
    [InlineData("select nextval('forum.mt_events_sequence')")]
    [InlineData("select last_value from forum.mt_events_sequence")]
    [InlineData("begin; lock table forum.mt_events in access share mode")]
    [InlineData("select query_to_xml('select * from forum.posts', true, false, '')")]
    [InlineData("select table_to_xml('forum.posts', true, false, '')")]
    [InlineData("do $$ begin perform 1 from forum.posts; end $$")]
    [InlineData("select * from pg_authid")]
    [InlineData("select * from pg_statistic")]
    [InlineData("select * from pg_hba_file_rules")]
    // Files and programs.
    [InlineData("select pg_read_file('/etc/hosts')")]
    [InlineData("select pg_read_binary_file('PG_VERSION')")]
    [InlineData("select pg_ls_dir('.')")]
    [InlineData("select pg_stat_file('PG_VERSION')")]
    [InlineData("select * from pg_ls_logdir()")]
    [InlineData("select lo_import('/etc/hosts')")]
    [InlineData("select lo_export(1, '/tmp/eventforum')")]
    [InlineData("copy (select 1) to '/tmp/eventforum'")]
    [InlineData("copy (select 1) to program 'true'")]
    [InlineData("copy history.posts from program 'true'")]
    [InlineData("create extension dblink")]
    [InlineData("create extension file_fdw")]
    [InlineData("select * from dblink('dbname=postgres', 'select 1') as t(one int)")]
    // Making anything.
    [InlineData("create table history.own (id int)")]
    [InlineData("create table public.own (id int)")]
    [InlineData("create table forum.own (id int)")]
    [InlineData("create temporary table own (id int)")]
    [InlineData("create schema own")]
    [InlineData("create view history.own as select 1")]
    [InlineData("create temporary view own as select 1")]
    [InlineData("create function history.own(text) returns boolean language sql cost 0.0000001 as 'select true'")]
    [InlineData(
        "create function public.own(text) returns boolean language plpgsql cost 0.0000001 as 'begin return true; end'"
    )]
    [InlineData(
        "create function pg_temp.own(text) returns boolean language plpgsql cost 0.0000001 as 'begin return true; end'"
    )]
    [InlineData("create operator public.=== (function = texteq, leftarg = text, rightarg = text)")]
    [InlineData("create role own")]
    [InlineData("create database own")]
    [InlineData("create publication own")]
    [InlineData("select pg_create_physical_replication_slot('own')")]
    // Writing.
    [InlineData("insert into history.thread_locked (reason) values ('no')")]
    [InlineData("update history.posts set body = ''")]
    [InlineData("delete from history.posts")]
    [InlineData("truncate history.posts")]
    [InlineData("select setval('forum.mt_events_sequence', 1)")]
    [InlineData("drop view history.posts")]
    [InlineData("alter view history.posts set (security_barrier = false)")]
    [InlineData("comment on view history.posts is 'mine'")]
    [InlineData("analyze forum.posts; select 1 from forum.posts")]
    // Being somebody else.
    [InlineData("set role {owner}")]
    [InlineData("set session authorization {owner}")]
    [InlineData("alter role eventforum_reader superuser")]
    [InlineData("alter role eventforum_reader createrole")]
    [InlineData("grant {owner} to eventforum_reader")]
    [InlineData("alter database {database} owner to eventforum_reader")]
    [InlineData("alter system set statement_timeout = 0")]
    [InlineData("set session_replication_role = replica")]
    // Others' sessions.
    [InlineData("select pg_terminate_backend(pid) from pg_stat_activity where usename = '{owner}' limit 1")]
    [InlineData("select pg_reload_conf()")]
    [InlineData("select pg_switch_wal()")]
    public async Task whatever_else_it_tries_fails(string attempt)
    {
        var names = new NpgsqlConnectionStringBuilder(forum.Database.ConnectionString);
        attempt = attempt
            .Replace("{owner}", names.Username, StringComparison.Ordinal)
            .Replace("{database}", names.Database, StringComparison.Ordinal);
        await using var connection = await reader.OpenAsync();
        // That transactions write nothing is only how they begin.
        await SqlReader.ColumnAsync(connection, "set session characteristics as transaction read write");

        var failed = await Should.ThrowAsync<PostgresException>(() => SqlReader.ColumnAsync(connection, attempt));

        Refusals.ShouldContain(failed.SqlState, StringComparer.Ordinal, failed.Message);
    }

    [Fact]
    public async Task it_may_read_no_relation_but_the_views()
    {
        var others = await forum.Database.ColumnAsync<string>(
            """
            select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where c.relkind in ('r', 'v', 'm', 'f', 'p', 'S') and n.nspname not in ('pg_catalog', 'information_schema', 'history')
               and n.nspname !~ '^pg_(temp|toast)'
            """
        );
        others.Count.ShouldBeGreaterThan(20);
        foreach (var other in others)
        {
            (
                await Should.ThrowAsync<PostgresException>(() => reader.ColumnAsync($"select 1 from {other} limit 1"))
            ).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege, other);
        }

        (
            await forum.Database.ColumnAsync<string>(
                """
                select nspname::text from pg_namespace
                 where nspname !~ '^pg_' and has_schema_privilege('eventforum_reader', oid, 'usage') order by 1
                """
            )
        ).ShouldBe(["history", "information_schema", "public"]);
        (
            await forum.Database.ColumnAsync<string>(
                """
                select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
                 where n.nspname <> 'pg_catalog' and n.nspname <> 'information_schema'
                   and has_schema_privilege('eventforum_reader', n.oid, 'usage')
                """
            )
        ).ShouldBeEmpty();
        (
            await forum.Database.ColumnAsync<string>(
                "select rolname::text from pg_roles where pg_has_role('eventforum_reader', oid, 'member') and rolname <> 'eventforum_reader'"
            )
        ).ShouldBeEmpty();
    }

    [Fact]
    public async Task it_writes_nothing_and_ends_what_takes_long_unless_it_is_told_otherwise()
    {
        (await reader.ColumnAsync("show transaction_read_only")).ShouldBe(["on"]);
        (await reader.ColumnAsync("show statement_timeout")).ShouldBe(["30s"]);
        (await reader.ColumnAsync("show search_path")).ShouldBe(["history"]);
        (await reader.ColumnAsync("select 'posts'::regclass::text")).ShouldBe(["posts"]);
    }

    [Fact]
    public async Task a_server_that_may_not_make_the_role_says_what_to_do_and_starts()
    {
        await using var database = await TestDatabase.CreateAsync();
        var role = $"poor_{Guid.CreateVersion7():N}";
        await database.ExecuteAsync($"create role {role}; grant {role} to current_user");
        try
        {
            var name = await database.ScalarAsync<string>("select current_database()::text");
            await database.ExecuteAsync($"grant create on database {name} to {role}");
            await using (
                var forumOfPoor = await ForumProcess.StartAsync(
                    database,
                    ("Sample", "false"),
                    ("Logging:LogLevel:EventForum", "Information"),
                    (
                        "EVENTFORUM_DB",
                        new NpgsqlConnectionStringBuilder(database.ConnectionString)
                        {
                            Options = $"-c role={role}",
                        }.ConnectionString
                    )
                )
            )
            {
                await forumOfPoor.SaysAsync("an administrator runs src/EventForum/History/Sql/role.sql");
                await forumOfPoor.NewThread();
            }

            await using var own = new SqlReader(database);
            (await own.CountAsync("posts")).ShouldBe(1);
        }
        finally
        {
            await database.ExecuteAsync($"drop owned by {role} cascade; drop role {role}");
        }
    }
}
