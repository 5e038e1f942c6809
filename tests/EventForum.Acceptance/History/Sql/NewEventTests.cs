using System.Text.Json;
using System.Text.Json.Nodes;
using EventForum.Acceptance.Harness;
using EventForum.Access;
using EventForum.History.Sql;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace EventForum.Acceptance.History.Sql;

/// <summary>Events of which the views know nothing beforehand: of a new type, or with broken data.</summary>
public sealed class NewEventTests
{
    [Fact]
    public async Task a_new_type_of_event_needs_nothing_but_its_description()
    {
        await using var own = await ForumHost.StartAsync(null, ("Sample", "false"));
        var thread = await own.NewThread();
        var described = new StreamKind("thread", typeof(EventForum.Threads.ForumThread)).Event<PostPraised>(
            (_, words) => $"{words.Actor} praised {words.Post}",
            e => e.PostId
        ) with
        {
            ForModerators = ["secret"],
            ForModeratorsWhenRemoved = ["words"],
        };
        await using (var connection = new NpgsqlConnection(own.Database.ConnectionString))
        {
            var cancellation = TestContext.Current.CancellationToken;
            await connection.OpenAsync(cancellation);
            await new SqlSchema([.. own.Services.GetServices<EventDescription>(), described]).MakeAsync(
                connection,
                NullLogger.Instance,
                cancellation
            );
        }

        await own.Database.ExecuteAsync(
            """
            insert into forum.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type)
            values (0, gen_random_uuid(), $1, 1000, $2::jsonb, 'post_praised', now(), '*DEFAULT*', '')
            """,
            thread.Id,
            $$"""
            {"postId": "{{thread.FirstPostId}}", "words": "so true", "secret": "hush", "version": 7, "stars": 5, "when": "2026-01-02T03:04:05+00:00",
             "on": "2026-01-02", "share": 0.25, "price": 1.5, "isLoud": true, "kind": "Warm", "tags": ["a"], "more": {"b": 1}, "big": 9007199254740993}
            """
        );
        await using var reader = new SqlReader(own.Database);

        (await reader.ColumnsAsync("post_praised")).ShouldBe(
            new Dictionary<string, string>(SqlReader.ColumnsOfEvents, StringComparer.Ordinal)
            {
                ["thread"] = "uuid",
                ["board"] = "uuid",
                ["post_id"] = "uuid",
                ["words"] = "text",
                ["event_version"] = "integer",
                ["stars"] = "integer",
                ["when"] = "timestamp with time zone",
                ["on"] = "date",
                ["share"] = "double precision",
                ["price"] = "numeric",
                ["is_loud"] = "boolean",
                ["kind"] = "text",
                ["tags"] = "jsonb",
                ["more"] = "jsonb",
                ["big"] = "bigint",
            },
            ignoreOrder: true
        );
        const string row = """
            select concat_ws('|', words, event_version, stars, "when" at time zone 'utc', "on", share, price, is_loud, kind, tags, more, big)
              from history.post_praised
            """;
        (await reader.ColumnAsync(row)).ShouldBe([
            """so true|7|5|2026-01-02 03:04:05|2026-01-02|0.25|1.5|t|Warm|["a"]|{"b": 1}|9007199254740993""",
        ]);
        (await own.Moderator().Remove(thread.FirstPostId, "Rude.")).ShouldBe(200);
        (await reader.ColumnAsync(row))[0]!.ShouldStartWith("7|5|");
        (await own.Admin().Permit(thread.BoardId, see: new { roles = (string[])["staff"] })).ShouldBe(200);
        (await reader.ColumnAsync(row)).ShouldBeEmpty();
    }

    [Fact]
    public async Task an_event_whose_data_is_broken_hides_no_others()
    {
        await using var own = await ForumHost.StartAsync(null, ("Sample", "false"));
        await using var reader = new SqlReader(own.Database);
        var thread = await own.NewThread();
        string[] broken =
        [
            "jsonb_set(data, '{quotes}', '[null, 1, {\"postId\": 1}]')",
            "jsonb_set(data, '{quotes}', '1')",
            "jsonb_set(data, '{number}', '\"two\"')",
            "jsonb_set(data, '{number}', '99999999999')",
            "jsonb_set(data, '{answeredVersion}', '1e30')",
            "jsonb_set(data, '{postId}', '\"none\"')",
            "'[]'",
            "'1'",
        ];
        foreach (var data in broken)
        {
            var reply = (await thread.Starter.Reply(thread.Id, "Text.")).ShouldBe(201);
            await own.Database.ExecuteAsync(
                $"update forum.mt_events set data = {data}, user_name = 'nobody' where seq_id = $1",
                reply.Position
            );
        }

        var rows = await reader.RowsAsync("reply_posted");

        rows.Count.ShouldBe(broken.Length);
        rows.Select(row => row.GetProperty("actor").ValueKind).ShouldAllBe(kind => kind == JsonValueKind.Null);
        // Which post it is about is not known, so it may be a removed one.
        rows.Count(row => row.GetProperty("body").ValueKind == JsonValueKind.Null).ShouldBe(3);
    }

    private enum Kind
    {
        Cold,
        Warm,
    }

    private sealed record PostPraised(
        Guid PostId,
        string Words,
        string Secret,
        int Version,
        int? Stars,
        DateTimeOffset When,
        DateOnly On,
        double Share,
        decimal Price,
        bool IsLoud,
        Kind Kind,
        IReadOnlyList<string> Tags,
        JsonObject More,
        long Big
    );
}
