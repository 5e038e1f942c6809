using EventForum.Acceptance.Harness;
using EventForum.Transparency;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace EventForum.Acceptance.Transparency;

/// <summary>A forum cosigns what another forum's log says, and finds out a log that says otherwise later.</summary>
public sealed class WitnessTests : IDisposable
{
    private readonly string folders = Directory.CreateTempSubdirectory("eventforum-witness-").FullName;

    public void Dispose() => Directory.Delete(folders, recursive: true);

    private Task<ForumHost> StartAsync(string name) =>
        ForumHost.StartAsync(settings: [("Sample", "false"), ("EVENTFORUM_DATA", Path.Combine(folders, name))]);

    private static Task<(int Code, string Said)> WatchAsync(ForumHost witness, ForumHost log, params string[] more) =>
        ForumProcess.TryCommandInAsync(
            witness.DataFolder,
            witness.Database,
            ["audit", "witness", log.Address.ToString(), .. more]
        );

    private static Task<Answer> WitnessedAsync(ForumHost witness, ForumHost log) =>
        witness.Stranger().Get($"/log/witnessed/{WitnessedLogs.HashOf(log.Key().Verifier.Name)}/checkpoint");

    private static async Task<Checkpoint> CosignedAsync(ForumHost witness, ForumHost log)
    {
        var note = (await WitnessedAsync(witness, log)).ShouldBe(200).Text;
        var key = VerifierKey.Parse((await witness.Stranger().Get("/log/witnessed/key")).ShouldBe(200).Text);
        Cosignature
            .Time(note, key.ShouldNotBeNull())
            .ShouldNotBeNull()
            .ShouldBe(TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(5));
        return Checkpoint.Open(note, log.Key().Verifier).ShouldNotBeNull();
    }

    /// <summary>Changes events, and makes the whole log again with its key.</summary>
    private static async Task MakeAgainAsync(ForumHost forum, string sql)
    {
        await using var connection = new NpgsqlConnection(forum.Database.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var again = new NpgsqlCommand(
            $"{sql}; delete from forum.log_leaves; delete from forum.log_tiles; delete from forum.log_salts; delete from forum.log_head;",
            connection
        );
        await again.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        while (await LogAppender.AppendAsync(connection, forum.Key(), long.MaxValue, CancellationToken.None) > 0) { }

        await transaction.CommitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task two_forums_watch_each_other()
    {
        await using var one = await StartAsync("one");
        await using var other = await StartAsync("other");
        await one.NewThread();
        await other.NewThread();
        await one.Database.LogsEverythingAsync();
        await other.Database.LogsEverythingAsync();
        (await WitnessedAsync(one, other)).ShouldBeProblem(404, "not-witnessed");
        (await WatchAsync(one, other)).Said.ShouldContain("name its verifier key with --key");

        var (code, said) = await WatchAsync(one, other, "--key", other.Key().Verifier.ToString());
        code.ShouldBe(0, said);
        (code, said) = await WatchAsync(other, one, "--key", one.Key().Verifier.ToString());
        code.ShouldBe(0, said);

        var first = await CosignedAsync(one, other);
        (await CosignedAsync(other, one)).Origin.ShouldBe(one.Key().Verifier.Name);
        for (var i = 0; i < 3; i++)
        {
            await other.NewThread();
            await other.Database.LogsEverythingAsync();
            (code, said) = await WatchAsync(one, other);
            code.ShouldBe(0, said);
        }

        (await CosignedAsync(one, other)).Size.ShouldBeGreaterThan(first.Size);
        (code, said) = await WatchAsync(one, other, "--key", one.Key().Verifier.ToString());
        code.ShouldBe(1, said);
    }

    [Theory]
    [InlineData(
        """update forum.mt_events set data = jsonb_set(data, '{body}', '"Never said."') where type = 'thread_started'""",
        "is a fork"
    )]
    [InlineData("delete from forum.mt_events where seq_id = (select max(seq_id) from forum.mt_events)", "has shrunk")]
    public async Task a_log_that_was_made_again_with_its_key_is_refused(string sql, string why)
    {
        await using var one = await StartAsync("one");
        await using var other = await StartAsync("other");
        await other.NewThread();
        await other.Database.LogsEverythingAsync();
        (await WatchAsync(one, other, "--key", other.Key().Verifier.ToString())).Code.ShouldBe(0);
        var cosigned = (await WitnessedAsync(one, other)).ShouldBe(200).Text;

        await MakeAgainAsync(other, sql);
        (await OwnLog.VerifyAsync(other.Database, other.Key().Verifier)).Flaws.ShouldBeEmpty();

        var (code, said) = await WatchAsync(one, other, "--every", "1s");
        code.ShouldBe(1, said);
        said.ShouldContain("THE LOG CONTRADICTS ITSELF");
        said.ShouldContain(why);
        said.ShouldContain(cosigned);
        (await WitnessedAsync(one, other)).ShouldBe(200).Text.ShouldBe(cosigned);
        // Whoever kept the checkpoint that was cosigned finds it, too.
        (await OwnLog.VerifyAsync(other.Database, other.Key().Verifier, cosigned))
            .Flaws.ShouldHaveSingleItem()
            .Kind.ShouldBe("checkpoint");
    }

    [Fact]
    public async Task what_a_kill_leaves_half_written_does_not_count_and_only_one_looks_at_a_time()
    {
        await using var log = await StartAsync("log");
        await log.NewThread();
        await log.Database.LogsEverythingAsync();
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("EVENTFORUM_DATA", Path.Combine(folders, "witness"))])
            .Build();
        var logs = new WitnessedLogs(configuration);
        var witness = new Witness(logs, LogKey.OfWitness(configuration), TimeProvider.System);
        using var client = new HttpClient { BaseAddress = log.Address };
        (await witness.LookAsync(client, log.Key().Verifier, CancellationToken.None)).Cosigned.ShouldNotBeNull();
        var hash = WitnessedLogs.HashOf(log.Key().Verifier.Name);
        var cosigned = logs.CheckpointOf(hash).ShouldNotBeNull();
        await File.WriteAllTextAsync(
            Path.Combine(folders, "witness", "witnessed", hash, "checkpoint.draft"),
            cosigned[..20],
            TestContext.Current.CancellationToken
        );

        logs.CheckpointOf(hash).ShouldBe(cosigned);
        using (logs.TryLock(log.Key().Verifier.Name).ShouldNotBeNull())
        {
            (await witness.LookAsync(client, null, CancellationToken.None)).Cosigned.ShouldBeNull();
        }

        (await witness.LookAsync(client, null, CancellationToken.None)).Cosigned.ShouldNotBeNull();
    }
}
