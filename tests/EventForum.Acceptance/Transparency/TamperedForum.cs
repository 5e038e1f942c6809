using EventForum.Acceptance.Harness;
using EventForum.Transparency;
using Npgsql;

namespace EventForum.Acceptance.Transparency;

/// <summary>A forum with a history and its log, in which what is stored is changed behind its back.</summary>
public sealed class TamperedForum : IAsyncLifetime
{
    /// <summary>Ways to change an event: what is done to what, how, and what is said of it. $1 is its position.</summary>
    public static readonly IReadOnlyList<(string Name, string Sql, string Kind)> Ways =
    [
        (
            "time",
            "update forum.mt_events set timestamp = timestamp + interval '1 microsecond' where seq_id = $1",
            "altered"
        ),
        ("actor", "update forum.mt_events set user_name = gen_random_uuid()::text where seq_id = $1", "altered"),
        ("causation", "update forum.mt_events set causation_id = gen_random_uuid()::text where seq_id = $1", "altered"),
        ("correlation", "update forum.mt_events set correlation_id = 'forged' where seq_id = $1", "altered"),
        (
            "header",
            """update forum.mt_events set headers = coalesce(headers, '{}') || '{"forged": 1}' where seq_id = $1""",
            "altered"
        ),
        (
            "data, added",
            """update forum.mt_events set data = data || '{"forged": null}' where seq_id = $1""",
            "altered"
        ),
        ("data, emptied", "update forum.mt_events set data = '{}' where seq_id = $1 and data <> '{}'", "altered"),
        ("version", "update forum.mt_events set version = version + 100000 where seq_id = $1", "altered"),
        (
            "stream",
            """
            update forum.mt_events e set version = e.version + 100000,
                   stream_id = (select id from forum.mt_streams s where s.id <> e.stream_id order by id limit 1)
             where seq_id = $1
            """,
            "altered"
        ),
        (
            "type",
            "update forum.mt_events set type = case type when 'thread_pinned' then 'thread_locked' else 'thread_pinned' end where seq_id = $1",
            "altered"
        ),
        ("type, to Marten's tombstone", "update forum.mt_events set type = 'tombstone' where seq_id = $1", "altered"),
        ("id", "update forum.mt_events set id = gen_random_uuid() where seq_id = $1", "inserted"),
        ("deleted", "delete from forum.mt_events where seq_id = $1", "removed"),
        ("moved to the front", "update forum.mt_events set seq_id = -seq_id where seq_id = $1", "reordered"),
        ("moved behind the log", "update forum.mt_events set seq_id = seq_id + 1000000 where seq_id = $1", "removed"),
        (
            "salt of the record",
            """update forum.log_salts set salts = salts || '{"": "AAAAAAAAAAAAAAAAAAAAAA=="}' where position = $1""",
            "salt"
        ),
        ("salts deleted", "delete from forum.log_salts where position = $1", "salt"),
        ("record of a leaf", "update forum.log_leaves set record = record || ' ' where position = $1", "salt"),
    ];

    public ForumHost Host { get; private set; } = null!;

    public string Early { get; private set; } = "";

    public IReadOnlyList<long> Positions { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        Host = await ForumHost.StartAsync(settings: ("Sample", "false"));
        var thread = await Host.NewThread("What was said first.");
        await Host.Database.LogsEverythingAsync();
        Early = (await Host.Stranger().Get("/log/checkpoint")).ShouldBe(200).Text;
        await EventfulHistory.WriteAsync(Host);
        (await thread.Starter.Edit(thread.FirstPostId, "What was said then.")).ShouldBe(200);
        await Host.Database.LogsEverythingAsync();
        Positions = await Host.Database.ColumnAsync<long>(
            "select seq_id from forum.mt_events where type <> 'tombstone' order by 1"
        );
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    /// <summary>What verification says in a transaction in which these statements were carried out, and which is undone.</summary>
    public async Task<LogReport> AfterAsync(params string[] statements)
    {
        await using var connection = new NpgsqlConnection(Host.Database.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        foreach (var sql in statements)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            (await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken)).ShouldNotBe(0, sql);
        }

        return await OwnLog.VerifyAsync(connection, Host.Key().Verifier);
    }
}
