using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using EventForum.Acceptance.Harness;
using EventForum.Access;
using Microsoft.Extensions.DependencyInjection;

namespace EventForum.Acceptance.History.Sql;

/// <summary>Each type of event is a view, with a column for each of its fields.</summary>
public sealed partial class SqlViewsTests(ForumHost forum)
{
    public static TheoryData<string> EventTypes =>
        [
            .. Descriptions()
                .Where(description => !description.IsForModerators)
                .Select(description => description.Name)
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(EventTypes))]
    public async Task each_type_of_event_has_its_view_with_a_column_of_its_type_for_each_field(string name)
    {
        var description = Descriptions().Single(known => known.Name == name);
        var expected = new Dictionary<string, string>(SqlReader.ColumnsOfEvents, StringComparer.Ordinal)
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

        await using var reader = new SqlReader(forum.Database);
        (await reader.ColumnsAsync(name)).ShouldBe(expected, ignoreOrder: true);
    }

    [Fact]
    public async Task there_are_views_of_nothing_else()
    {
        await using var reader = new SqlReader(forum.Database);

        forum.Services.GetServices<EventDescription>().ShouldBe(Descriptions(), ignoreOrder: true);
        (await reader.ViewsAsync()).ShouldBe(EventTypes.Select(row => row.Data).Append("posts"), ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(EventTypes))]
    public async Task to_count_events_asks_nothing_more_for_each_of_them(string name)
    {
        await using var reader = new SqlReader(forum.Database);

        var plan = string.Join('\n', await reader.ColumnAsync($"explain select count(*) from history.{name}"));

        plan.ShouldContain("mt_events");
        plan.ShouldNotContain("SubPlan");
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

    private async Task<string> CausationAsync(long position) =>
        (await forum.Stranger().EventAt(position)).GetProperty("causationId").GetString()!;

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
            _ => type.IsEnum ? "text" : "jsonb",
        };

    private static IEnumerable<EventDescription> Descriptions() =>
        [
            .. EventForum.Members.MemberEventDescriptions.All,
            .. EventForum.Boards.BoardEventDescriptions.All,
            .. EventForum.Threads.ThreadEventDescriptions.All,
            .. EventForum.Cases.CaseEventDescriptions.All,
            .. EventForum.Moderation.BatchEventDescriptions.All,
            .. EventForum.Views.Framework.ManagedViewEventDescriptions.All,
        ];

    private static string Readme([CallerFilePath] string path = "") =>
        Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "..", "..", "README.md");

    [GeneratedRegex("make sql ARGS=\"-c '(?<query>[^']+)'\"", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Query();
}
