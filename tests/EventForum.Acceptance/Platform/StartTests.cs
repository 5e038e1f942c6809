using EventForum.Acceptance.Harness;
using Npgsql;

namespace EventForum.Acceptance.Platform;

/// <summary>A server that cannot start waits, or says one sentence and ends with 1.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task a_server_that_is_started_while_the_database_is_away_waits_for_it_and_says_so()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var proxy = new DatabaseProxy(database);
        proxy.Cut();

        await using var forum = ForumProcess.Launch(
            database,
            proxy.Setting,
            ("Sample", "false"),
            ("Logging:LogLevel:Default", "Information")
        );
        (await forum.SaysAsync("The server starts once that is over.")).ShouldContain("The database does not answer: ");
        proxy.Restore();

        await forum.IsServingAsync();
        (await forum.Stranger().Get("/health/ready")).ShouldBe(200);
        forum.Log().ShouldNotContain(line => line.Contains("   at ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_server_that_has_waited_long_enough_says_why_it_does_not_start(bool isFrozen)
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var proxy = new DatabaseProxy(database);
        if (isFrozen)
        {
            proxy.Freeze();
        }
        else
        {
            proxy.Cut();
        }

        await EndsWithASentence(
            database,
            "The database does not answer: ",
            proxy.Setting,
            ("Database:StartTimeout", "00:00:00.3"),
            ("Database:ReadTimeout", "00:00:02")
        );
    }

    [Fact]
    public async Task what_is_no_connection_string_is_not_repeated() =>
        (
            await EndsWithASentence(
                null,
                "EVENTFORUM_DB is not a connection string",
                ("EVENTFORUM_DB", "Host=nowhere;Password=open;sesame=1")
            )
        ).ShouldNotContain("sesame");

    [Fact]
    public async Task a_database_to_read_that_refuses_the_connection_is_said_in_a_sentence()
    {
        await using var database = await TestDatabase.CreateAsync();
        var reads = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Database = "nowhere" };

        await EndsWithASentence(
            database,
            "The database refuses the connection that EVENTFORUM_READ_DB describes: ",
            ("EVENTFORUM_READ_DB", reads.ConnectionString)
        );
    }

    [Fact]
    public async Task an_option_that_cannot_be_read_is_said_in_a_sentence() =>
        await EndsWithASentence(null, "'soon'", ("Database:ReadTimeout", "soon"));

    [Fact]
    public async Task an_address_that_is_taken_is_said_in_a_sentence()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();

        await EndsWithASentence(
            database,
            "address already in use",
            ("ASPNETCORE_URLS", $"http://{taken.LocalEndpoint}"),
            ("Sample", "false")
        );
    }

    [Fact]
    public async Task a_change_of_the_schema_has_more_time_than_a_request()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using (await ForumProcess.StartAsync(database, ("Sample", "false"))) { }

        await database.ExecuteAsync("drop index forum.mt_events_post_number");
        ForumProcess forum;
        await using (var writer = await Hold.BeginAsync(database, table: null))
        {
            (await writer.IsBlockedAsync("lock table forum.mt_events in row exclusive mode")).ShouldBeFalse();
            forum = ForumProcess.Launch(database, ("Sample", "false"), ("Database:ReadTimeout", "00:00:02"));
            await HasWaitedAsync(database, TimeSpan.FromSeconds(2.5));
        }

        await using (forum)
        {
            await forum.IsServingAsync();
        }
    }

    private static async Task<string> EndsWithASentence(
        TestDatabase? database,
        string sentence,
        params (string Key, string Value)[] settings
    )
    {
        await using var away = await TestDatabase.CreateAsync();
        await using var server = ForumProcess.Launch(
            database ?? away,
            [("Logging:LogLevel:Microsoft.Hosting.Lifetime", "Warning"), .. settings]
        );
        (await server.EndsAsync()).ShouldBe(1, string.Join('\n', server.Log()));
        var said = string.Join('\n', server.Log());
        said.ShouldContain(sentence);
        said.ShouldNotContain("   at ");
        server.Log().Count(line => line.Length > 0).ShouldBe(1, said);
        return said;
    }

    /// <summary>Until a statement has waited so long for a lock.</summary>
    private static async Task HasWaitedAsync(TestDatabase database, TimeSpan time)
    {
        await Patience.UntilAsync(async () =>
            await database.ScalarAsync<long>(
                """
                select count(*) from pg_stat_activity
                 where datname = current_database() and wait_event_type = 'Lock' and clock_timestamp() - query_start > $1
                """,
                time
            ) > 0
        );
    }
}
