using EventForum.Acceptance.Harness;
using EventForum.Questions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace EventForum.Acceptance.Questions;

/// <summary>The role that a question signs in as cannot write, whatever it sends.</summary>
public sealed class QuestionRoleTests(ForumHost forum)
{
    [Fact]
    public async Task it_reads_and_cannot_write_or_become_somebody_who_can()
    {
        var owner = await forum.Database.ScalarAsync<string>("select current_user::text");
        var events = await forum.Database.ScalarAsync<long>("select count(*) from forum.mt_streams");
        await using var role = await QuestionRole.CreateAsync(
            forum.Database.ConnectionString,
            TimeProvider.System,
            TestContext.Current.CancellationToken
        );
        await using var database = NpgsqlDataSource.Create(role.ConnectionString);
        await using var connection = await database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await ExecuteAsync("select count(*) from forum.mt_events");
        await ExecuteAsync("set default_transaction_read_only = off");
        await ExecuteAsync("reset role");
        await ExecuteAsync("set role none");

        foreach (
            var sql in (string[])
                [
                    "insert into forum.mt_streams (id) values (gen_random_uuid())",
                    "update forum.mt_events set type = type",
                    "delete from forum.posts",
                    "truncate forum.mt_events",
                    "select nextval('forum.mt_events_sequence')",
                    "create table forum.mine (id int)",
                    "create schema mine",
                    "create role another",
                    $"set role {owner}",
                    $"set session authorization {owner}",
                    $"grant {owner} to current_user",
                    "alter role current_user createrole",
                    "select * from forum.revocations",
                ]
        )
        {
            (await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(sql), sql)).SqlState.ShouldBe(
                PostgresErrorCodes.InsufficientPrivilege,
                sql
            );
        }

        (await forum.Database.ScalarAsync<long>("select count(*) from forum.mt_streams")).ShouldBeGreaterThanOrEqualTo(
            events
        );

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task many_are_made_and_dropped_at_once()
    {
        var names = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(async _ =>
                {
                    await using var role = await QuestionRole.CreateAsync(
                        forum.Database.ConnectionString,
                        TimeProvider.System,
                        TestContext.Current.CancellationToken
                    );
                    var name = new NpgsqlConnectionStringBuilder(role.ConnectionString).Username!;
                    (await ExistsAsync(name)).ShouldBeTrue();
                    return name;
                })
        );

        foreach (var name in names.Distinct(StringComparer.Ordinal))
        {
            (await ExistsAsync(name)).ShouldBeFalse();
        }

        names.Distinct(StringComparer.Ordinal).Count().ShouldBe(8);
    }

    [Fact]
    public async Task one_that_was_left_behind_is_dropped_once_its_password_has_expired()
    {
        await using var other = await ForumHost.StartAsync(null, ("Sample", "false"));
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(-2));
        var left = await QuestionRole.CreateAsync(
            other.Database.ConnectionString,
            clock,
            TestContext.Current.CancellationToken
        );
        var name = new NpgsqlConnectionStringBuilder(left.ConnectionString).Username!;
        (await ExistsAsync(name)).ShouldBeTrue();

        await using (
            await QuestionRole.CreateAsync(
                other.Database.ConnectionString,
                TimeProvider.System,
                TestContext.Current.CancellationToken
            )
        )
        {
            (await ExistsAsync(name)).ShouldBeFalse();
        }
    }

    private Task<bool> ExistsAsync(string name) =>
        forum.Database.ScalarAsync<bool>("select exists (select from pg_roles where rolname = $1)", name);
}
