using System.Globalization;
using System.Reflection;
using EventForum.Acceptance.Exchange;
using EventForum.Acceptance.Harness;
using EventForum.Acceptance.Questions;
using EventForum.Acceptance.Transparency;
using EventForum.CommandLine;
using JasperFx.CommandLine;

namespace EventForum.Acceptance.CommandLine;

/// <summary>What a command changed is what its events say, and those that only read change nothing.</summary>
public sealed class CommandStateTests
{
    private const string View = "activity";

    private const string Start =
        """{"command":"StartThread","author":"Moira","board":"Workshop","boardDescription":"Tools","title":"A thread","body":"Words."}""";

    private const string Reply = """{"command":"PostReply","author":"Tom","body":"More words."}""";

    private static readonly string[] Reading =
    [
        "ask",
        "audit",
        "backtest",
        "export",
        "import",
        "replay",
        "token",
        "views",
    ];

    private static readonly string[] Writing = ["audit", "erase", "import", "play", "views"];

    [Fact]
    public void every_command_is_tried_here() =>
        typeof(ImportCommand)
            .Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(IJasperFxCommand)))
            .Select(type => type.GetCustomAttribute<DescriptionAttribute>()!.Name)
            .ShouldBe(Reading.Union(Writing, StringComparer.Ordinal), ignoreOrder: true);

    [Fact]
    public async Task commands_that_read_change_nothing()
    {
        using var files = new DiscussionFile();
        await using var forum = await ForumHost.StartAsync(settings: ("Sample", "false"));
        var thread = await forum.NewThread();
        var (member, moderator) = (forum.Member(), forum.Moderator());
        var quoting = (await member.Quote(thread.FirstPostId, "Words.")).ShouldBe(201).PostId;
        var batch = (await moderator.RemovePosts(quoting)).ShouldBe(201).Id("batchId");
        var url = forum.Address.ToString().TrimEnd('/');
        // Who comes with roles is registered: that somebody had them is a fact.
        await ForumProcess.CommandAsync(forum.Database, "views", "--url", url);
        await RestAsync(forum);
        var policy = files.WriteLines("policy.json", """{"words":["words"]}""");
        string[][] commands =
        [
            ["audit", "post", quoting.ToString(), "--url", url],
            ["audit", "thread", thread.Id.ToString(), "--url", url],
            ["audit", "member", (await member.Id()).ToString(), "--url", url],
            ["audit", "batch", batch.ToString(), "--url", url],
            ["audit", "board", thread.BoardId.ToString(), "--url", url],
            ["audit", "visibility", quoting.ToString(), "--guest", "--url", url],
            ["audit", "key"],
            ["audit", "verify"],
            ["ask", Path.Combine(AskTests.Folder(), "newcomers.cs"), "--json"],
            ["backtest", policy],
            ["views", "backtest", policy],
            ["export", files.PathOf("forum.jsonl")],
            ["export", "--html", files.PathOf("pages"), "--url", url],
            ["export", "--mbox", files.PathOf("forum.mbox"), "--url", url],
            ["import", files.Write("posts.jsonl", 2, 3), "--dry-run"],
            ["replay", thread.Id.ToString(), "--speed", "1000x", "--url", url],
            ["token", "somebody"],
            // Which tokens are ended stands beside the events, and nowhere else.
            ["token", "revoke", Guid.CreateVersion7().ToString()],
            ["views", "--url", url],
            ["views", "verify", View],
        ];
        commands.Select(command => command[0]).Distinct(StringComparer.Ordinal).ShouldBe(Reading, ignoreOrder: true);
        var before = await StateAsync(forum.Database);

        foreach (var command in commands.Append(["projections", "list"]).Append(["help"]))
        {
            await ForumProcess.CommandAsync(forum.Database, command);

            ReadModels.ShouldBeEqual(before, await StateAsync(forum.Database));
        }

        // What a witness has seen is kept in files.
        var (code, said) = await ForumProcess.TryCommandInAsync(
            files.PathOf("witness"),
            forum.Database,
            ["audit", "witness", url, "--key", forum.Key().Verifier.ToString()]
        );
        code.ShouldBe(0, said);
        ReadModels.ShouldBeEqual(before, await StateAsync(forum.Database));
    }

    [Fact]
    public async Task a_version_of_a_view_that_is_dropped_takes_nothing_else_with_it()
    {
        await using var forum = await ForumHost.StartAsync(settings: ("Sample", "false"));
        await forum.NewThread();
        await RestAsync(forum);
        var before = await StateAsync(forum.Database);
        await forum.Database.ExecuteAsync(
            $$"""
            insert into forum.views
            select (jsonb_populate_record(v, '{"view": "{{View}}.v0", "version": 0}')).* from forum.views v where view = '{{View}}.v1';
            create table forum.view_{{View}}_v0 (like forum.view_{{View}}_v1)
            """
        );

        (await ForumProcess.CommandAsync(forum.Database, "views", "drop", View, "0")).ShouldContain("is dropped");

        ReadModels.ShouldBeEqual(before, await StateAsync(forum.Database));
        (await ForumProcess.RefusedAsync(forum.Database, "views", "drop", View, "1")).ShouldContain(
            "is the program's own"
        );
        ReadModels.ShouldBeEqual(before, await StateAsync(forum.Database));
    }

    [Fact]
    public async Task what_commands_changed_is_what_their_events_say()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        var (imported, exported) = (files.Write("posts.jsonl", 3, 5), files.PathOf("forum.jsonl"));
        var tried = new HashSet<string>(StringComparer.Ordinal);
        await AppendsAsync("import", imported);
        await ForumProcess.CommandAsync(database, "export", exported);
        string admin;
        IReadOnlyList<string> projections;
        await using (var forum = await ForumHost.StartAsync(database, ("Sample", "false")))
        {
            var url = forum.Address.ToString().TrimEnd('/');
            var operating = forum.Admin();
            (await operating.Remove((await forum.NewThread()).FirstPostId, "Why.")).ShouldBe(200);
            admin = operating.Name;
            await AppendsAsync("play", files.WriteLines("commands.jsonl", Start, Reply), "--url", url);
            await AppendsAsync("views", "pause", View, "--reason", "Why.", "--url", url);
            var late = (await forum.NewThread()).Position.ToString(CultureInfo.InvariantCulture);
            await AppendsAsync("views", "skip", View, late, "--reason", "Why.", "--url", url);
            await ForumProcess.CommandAsync(database, "views", "rebuild", View);
            await AppendsAsync("views", "resume", View, "--reason", "Why.", "--url", url);
            projections = await ReadModels.CatchUpAsync(forum);
        }

        await AppendsAsync("erase", "Author 3", "--by", admin, "--reason", "Asked for it.", "--words", "--yes");
        await AppendsAsync("audit", "retain", "--by", admin, "--yes");
        (await ForumProcess.CommandAsync(database, "import", exported)).ShouldContain(" 0 events added");

        tried.ShouldBe(Writing, ignoreOrder: true);
        // What is not kept for longer goes out of the views by a server.
        await using (var forum = await ForumHost.StartAsync(database, ("Sample", "false")))
        {
            await ReadModels.CatchUpAsync(forum);
            await database.CompletesErasuresAsync();
        }

        await ReadModels.ShouldEqualTheirRebuildAsync(database, projections);

        async Task AppendsAsync(params string[] command)
        {
            tried.Add(command[0]);
            var events = await EventsAsync();
            var (code, said) = await ForumProcess.TryCommandAsync(
                database,
                [("Retention__Reasons", "00:00:00.001")],
                command
            );
            code.ShouldBe(0, said);
            (await EventsAsync()).ShouldBeGreaterThan(events, string.Join(' ', command));
        }

        async Task<long> EventsAsync() =>
            await database.ScalarAsync<bool>("select to_regclass('forum.mt_events') is null")
                ? 0
                : await database.ScalarAsync<long>("select count(*) from forum.mt_events");
    }

    /// <summary>Waits until the server has nothing left to do.</summary>
    private static async Task RestAsync(ForumHost forum)
    {
        await ReadModels.CatchUpAsync(forum);
        await forum.Database.LogsEverythingAsync();
        await Patience.UntilAsync(async () =>
            await forum.Database.ScalarAsync<long>("select count(*) from forum.views where caught_up_at is null") == 0
        );
    }

    /// <summary>The events, what is made of them, the log, and which views there are.</summary>
    private static async Task<SortedDictionary<string, IReadOnlyList<string>>> StateAsync(TestDatabase database)
    {
        var state = await ReadModels.DumpAsync(database);
        foreach (var table in (string[])["mt_events", "mt_streams", "log_head", "log_leaves", "log_salts", "erasures"])
        {
            state[table] = await database.ColumnAsync<string>(
                $"select to_jsonb(t)::text from forum.{table} t order by 1"
            );
        }

        state["views"] = await database.ColumnAsync<string>("select to_jsonb(v)::text from forum.views v order by 1");
        return state;
    }
}
