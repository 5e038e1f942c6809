using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EventForum.Acceptance.Harness;
using EventForum.Access;
using EventForum.History.Sql;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace EventForum.Acceptance.History.Sql;

/// <summary>Each type of event is a view, with a column for each of its fields.</summary>
public sealed partial class SqlViewsTests(ForumHost forum)
{
    private static readonly Dictionary<string, string> Standing = new(StringComparer.Ordinal)
    {
        ["position"] = "bigint",
        ["time"] = "timestamp with time zone",
        ["actor"] = "uuid",
        ["version"] = "bigint",
        ["batch"] = "character varying",
        ["correlation"] = "character varying",
    };

    public static TheoryData<string> EventTypes =>
        [.. Descriptions().Select(description => description.Name).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(EventTypes))]
    public async Task each_type_of_event_has_its_view_with_a_column_of_its_type_for_each_field(string name)
    {
        var description = Descriptions().Single(known => known.Name == name);
        var expected = new Dictionary<string, string>(Standing, StringComparer.Ordinal)
        {
            [description.Stream.Name] = "uuid",
        };
        if (description.Stream.Name == "thread")
        {
            expected["board"] = "uuid";
        }

        foreach (var property in description.EventType.GetProperties())
        {
            if (
                !description.ForModerators.Contains(
                    JsonNamingPolicy.CamelCase.ConvertName(property.Name),
                    StringComparer.Ordinal
                )
            )
            {
                expected.Add(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name), TypeOf(property.PropertyType));
            }
        }

        (await ColumnsAsync(forum.Database, name)).ShouldBe(expected, ignoreOrder: true);
    }

    [Fact]
    public async Task there_are_views_of_nothing_else()
    {
        await using var reader = new SqlReader(forum.Database);

        Descriptions(forum).ShouldBe(Descriptions(), ignoreOrder: true);
        (await reader.ViewsAsync()).ShouldBe(EventTypes.Select(row => row.Data).Append("posts"), ignoreOrder: true);
    }

    [Fact]
    public async Task an_event_is_in_its_view_as_soon_as_it_is_stored()
    {
        await using var reader = new SqlReader(forum.Database);
        var thread = await forum.NewThread();
        var reply = (await thread.Starter.Reply(thread.Id, "At once.")).ShouldBe(201);

        (
            await reader.ColumnAsync(
                $"""
                select concat_ws(' ', position, actor, thread, board, version, post_id, number, body, answered_version, quotes)
                  from history.reply_posted where thread = '{thread.Id}' and time > now() - interval '1 hour'
                """
            )
        ).ShouldBe([
            $"{reply.Position} {await thread.Starter.Id()} {thread.Id} {thread.BoardId} 2 {reply.PostId} 2 At once. 1 []",
        ]);
        (await thread.Starter.Edit(thread.FirstPostId, "Another text.", "Clearer.")).ShouldBe(200);
        (
            await reader.ColumnAsync(
                $"""
                select concat_ws('|', revision, from_version, to_version, reason, body, to_time - from_time > interval '0')
                  from history.posts where post = '{thread.FirstPostId}' order by revision
                """
            )
        ).ShouldBe(["1|1|3|The first post.|t", "2|3|Clearer.|Another text."]);
    }

    [Fact]
    public async Task what_one_command_did_is_one_batch()
    {
        await using var reader = new SqlReader(forum.Database);
        var newcomer = forum.Member();
        var board = await forum.NewBoard();
        var started = (await newcomer.StartThread(board, "The first one", "Text.")).ShouldBe(201);

        (
            await reader.ColumnAsync(
                $"select t.batch = e.causation_id from history.thread_started t, (values ('{await CausationAsync(started.Position)}')) e(causation_id) where t.thread = '{started.ThreadId}'"
            )
        ).ShouldBe(["True"]);
    }

    [Fact]
    public async Task the_query_of_the_readme_answers()
    {
        await using var reader = new SqlReader(forum.Database);
        var thread = await forum.NewThread();
        (await thread.Starter.Edit(thread.FirstPostId, "Another text.")).ShouldBe(200);
        var query = Query()
            .Match(await File.ReadAllTextAsync(Readme(), TestContext.Current.CancellationToken))
            .Groups["query"]
            .Value;

        (await reader.ColumnAsync(query)).ShouldContain(thread.Title, StringComparer.Ordinal);
    }

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
            await new SqlSchema([.. Descriptions(own), described]).MakeAsync(
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

        (await ColumnsAsync(own.Database, "post_praised")).ShouldBe(
            new Dictionary<string, string>(Standing, StringComparer.Ordinal)
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

    private static async Task<Dictionary<string, string>> ColumnsAsync(TestDatabase database, string view) =>
        (
            await database.ColumnAsync<string>(
                "select column_name || ':' || data_type from information_schema.columns where table_schema = 'history' and table_name = $1",
                view
            )
        )
            .Select(column => column.Split(':'))
            .ToDictionary(column => column[0], column => column[1], StringComparer.Ordinal);

    private async Task<string> CausationAsync(long position) =>
        (
            await forum
                .Stranger()
                .Get($"/api/events?after={(position - 1).ToString(CultureInfo.InvariantCulture)}&limit=1")
        )
            .ShouldBe(200)
            .Json.GetProperty("events")[0]
            .GetProperty("causationId")
            .GetString()!;

    /// <summary>What PostgreSQL calls the type of a field.</summary>
    private static string TypeOf(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type).Name switch
        {
            nameof(String) => "text",
            nameof(Guid) => "uuid",
            nameof(Int32) => "integer",
            nameof(Int64) => "bigint",
            nameof(Boolean) => "boolean",
            nameof(DateTimeOffset) => "timestamp with time zone",
            _ => "jsonb",
        };

    private static IEnumerable<EventDescription> Descriptions() =>
        [
            .. EventForum.Members.MemberEventDescriptions.All,
            .. EventForum.Boards.BoardEventDescriptions.All,
            .. EventForum.Threads.ThreadEventDescriptions.All,
        ];

    private static string Readme([CallerFilePath] string path = "") =>
        Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "..", "..", "README.md");

    [GeneratedRegex("make sql ARGS=\"-c '(?<query>[^']+)'\"", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Query();

    private static IEnumerable<EventDescription> Descriptions(ForumHost of) =>
        of.Services.GetServices<EventDescription>();

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
