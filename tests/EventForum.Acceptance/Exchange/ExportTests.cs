using System.Text.Json;
using EventForum.Acceptance.Harness;
using EventForum.Acceptance.RealInput;
using EventForum.History;
using Microsoft.Extensions.DependencyInjection;

namespace EventForum.Acceptance.Exchange;

/// <summary>An export holds the whole forum: imported elsewhere it is the same forum, also in the past.</summary>
public sealed class ExportTests
{
    /// <summary>What this history does not hold.</summary>
    private static readonly string[] NotThere =
    [
        "account_claimed",
        "account_merged",
        "reasons_expired",
        "retention_applied",
        "subject_expired",
        "suspension_lifted",
        "view_event_skipped",
        "view_paused",
        "view_resumed",
    ];

    [Fact]
    public async Task what_is_exported_and_imported_is_the_same_forum()
    {
        using var files = new DiscussionFile();
        var export = files.PathOf("export.jsonl");
        await using var original = await TestDatabase.CreateAsync();
        await using var copy = await TestDatabase.CreateAsync();
        if (RealData.Has("discourse-threads.jsonl"))
        {
            await ForumProcess.CommandAsync(
                original,
                "import",
                RealData.PathOf("discourse-threads.jsonl"),
                "--defects",
                files.PathOf("defects")
            );
        }

        await using var forum = await ForumHost.StartAsync(original);
        await EventfulHistory.WriteAsync(forum);
        var admin = forum.Admin();
        var board = await forum.NewBoard();
        (await admin.Permit(board, see: new { roles = (string[])["staff"] })).ShouldBe(200);
        (await admin.ChangeBoard(board, ForumServer.NewName("board"), "Other things.")).ShouldBe(200);
        var erased = await forum.NewThread("Words of somebody.");
        (await erased.Starter.Edit(erased.FirstPostId, "Other words.")).ShouldBe(200);
        var erasedId = await erased.Starter.Id();
        (
            await admin.Send(HttpMethod.Put, $"/api/members/{erasedId}/roles", new { roles = (string[])["staff"] })
        ).ShouldBe(200);
        (await admin.Erase(erasedId, erased.Starter.Name, "name-and-words")).ShouldBe(200);
        (await admin.PublishLog(board)).ShouldBe(200);
        (await admin.CloseBoard(board)).ShouldBe(200);
        (await admin.ReopenBoard(board)).ShouldBe(200);
        await ReadModels.CatchUpAsync(forum);
        await original.CompletesErasuresAsync();
        await ForumProcess.CommandAsync(original, "export", export);
        var types = await original.ColumnAsync<string>("select distinct type from forum.mt_events");
        forum.Services.GetRequiredService<KnownEvents>().Names.Except(types, StringComparer.Ordinal).ShouldBe(NotThere);

        (await ForumProcess.CommandAsync(copy, "import", export)).ShouldContain("no defects");
        (
            await copy.ScalarAsync<bool>(
                "select is_called and last_value = (select max(seq_id) from forum.mt_events) from forum.mt_events_sequence"
            )
        ).ShouldBeTrue("a position that nobody has drawn is skipped as lost, and the event that gets it with it");

        var again = files.PathOf("again.jsonl");
        await ForumProcess.CommandAsync(copy, "export", again);
        var lines = File.ReadLines(export).Zip(File.ReadLines(again)).ToList();
        lines.ShouldAllBe(line => line.First == line.Second);
        new FileInfo(again).Length.ShouldBe(new FileInfo(export).Length);

        await using var second = await ForumHost.StartAsync(copy);
        await ReadModels.CatchUpAsync(second);
        ReadModels.ShouldBeEqual(await ReadModels.DumpAsync(original), await ReadModels.DumpAsync(copy));
        (await EventsAsync(copy)).ShouldBe(await EventsAsync(original));
        var threads = await original.ColumnAsync<Guid>(
            "select id from forum.mt_streams where type = 'forum_thread' and version > 8 order by created desc limit 6"
        );
        threads.Count.ShouldBeGreaterThan(2);
        foreach (var thread in threads)
        {
            var last = await original.ScalarAsync<long>("select version from forum.mt_streams where id = $1", thread);
            for (var version = 1; version <= last; version++)
            {
                var path = $"/api/threads/{thread}?version={version}";
                var page = (await second.Stranger().Get(path)).ShouldBe(200);
                page.Text.ShouldBe((await forum.Stranger().Get(path)).Text, path);
            }
        }

        (await ForumProcess.CommandAsync(copy, "import", export)).ShouldContain(" 0 events added");
        (await EventsAsync(copy)).ShouldBe(await EventsAsync(original));
    }

    [Fact]
    public async Task an_export_of_a_thread_can_be_read_in_another_forum()
    {
        using var files = new DiscussionFile();
        var export = files.PathOf("thread.jsonl");
        await using var original = await TestDatabase.CreateAsync();
        await using var other = await TestDatabase.CreateAsync();
        await using var forum = await ForumHost.StartAsync(original);
        await using var second = await ForumHost.StartAsync(other);
        var elsewhere = await second.NewThread("Something else.");
        await forum.NewThread("Not this one.");
        var thread = await forum.NewThread("The first.");
        await forum.Member().Reply(thread.Id, "The second.");
        await forum.Moderator().Edit(thread.FirstPostId, "The first, edited.", "Clearer.");
        await thread.Starter.Quote(thread.FirstPostId, "The third.");
        var cameFrom = await forum.NewThread("Where a post of it was written.");
        var moved = (await cameFrom.Starter.Reply(cameFrom.Id, "The fourth.")).ShouldBe(201).PostId;
        (await forum.Moderator().MovePosts(thread.Id, [moved])).ShouldBe(201);
        await ReadModels.CatchUpAsync(forum);
        await ForumProcess.CommandAsync(original, "export", export, "--thread", thread.Id.ToString());

        await ForumProcess.CommandAsync(other, "import", export);

        await ReadModels.CatchUpAsync(second);
        foreach (var moment in (string[])["", "?version=1", "?version=2", "?version=3", "?version=4"])
        {
            var path = $"/api/threads/{thread.Id}{moment}";
            (await second.Stranger().Get(path)).Text.ShouldBe((await forum.Stranger().Get(path)).Text);
        }

        (await second.Stranger().Get($"/api/threads/{elsewhere.Id}")).ShouldBe(200);
        (await thread.Starter.At(second).Reply(thread.Id, "It goes on here.")).ShouldBe(201).Number.ShouldBe(5);
        (await ForumProcess.CommandAsync(other, "import", export)).ShouldContain(" 0 events added");
    }

    [Fact]
    public async Task an_export_to_standard_output_is_nothing_but_events()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var forum = await ForumHost.StartAsync(database);
        var thread = await forum.NewThread();
        using var export = ForumProcess.Begin(database, "export", "--member", thread.Starter.Name);

        var lines = (await export.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Split(
            '\n',
            StringSplitOptions.RemoveEmptyEntries
        );

        await export.WaitForExitAsync(TestContext.Current.CancellationToken);
        export.ExitCode.ShouldBe(0);
        lines
            .Select(line => JsonElement.Parse(line).GetProperty("type").GetString())
            .ShouldBe(["member_registered", "thread_started"], ignoreOrder: true);
    }

    [Fact]
    public async Task an_import_that_was_killed_is_run_again()
    {
        using var files = new DiscussionFile();
        var export = files.PathOf("export.jsonl");
        await using var original = await TestDatabase.CreateAsync();
        await using var copy = await TestDatabase.CreateAsync();
        await ForumProcess.CommandAsync(original, "import", files.Write("posts.jsonl", 60, 80));
        await ForumProcess.CommandAsync(original, "export", export);

        using (var killed = ForumProcess.Begin(copy, "import", export))
        {
            await Patience.UntilAsync(async () => killed.HasExited || await HasSomeAsync());

            killed.Kill();
            await killed.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await ForumProcess.CommandAsync(copy, "import", export);

        (await EventsAsync(copy)).ShouldBe(await EventsAsync(original));

        async Task<bool> HasSomeAsync() =>
            await copy.ScalarAsync<bool>("select to_regclass('forum.mt_events') is not null")
            && await copy.ScalarAsync<bool>("select exists (select from forum.mt_events)");
    }

    [Fact]
    public async Task an_export_of_a_thread_names_the_threads_that_it_quotes_and_does_not_hold()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        await using var forum = await ForumHost.StartAsync(database);
        var (quoted, thread, _) = await QuoteElsewhereAsync(forum);
        (await thread.Starter.Quote(thread.FirstPostId, "And here.")).ShouldBe(201);

        var one = await ForumProcess.CommandAsync(
            database,
            "export",
            files.PathOf("one"),
            "--thread",
            thread.Id.ToString()
        );
        var all = await ForumProcess.CommandAsync(database, "export", files.PathOf("all"));

        one.ShouldContain(
            $"1 quote refers to posts of other threads that are not in the file: {quoted.Id}. Export those too, or everything."
        );
        all.ShouldNotContain("other threads");
    }

    [Fact]
    public async Task a_quote_of_a_post_that_is_not_there_says_so_outlives_an_edit_and_is_whole_once_the_post_comes()
    {
        using var files = new DiscussionFile();
        await using var original = await TestDatabase.CreateAsync();
        await using var other = await TestDatabase.CreateAsync();
        await using var forum = await ForumHost.StartAsync(original);
        await using var second = await ForumHost.StartAsync(other);
        var (quoted, thread, reply) = await QuoteElsewhereAsync(forum);
        foreach (var id in (Guid[])[thread.Id, quoted.Id])
        {
            await ForumProcess.CommandAsync(original, "export", files.PathOf($"{id}"), "--thread", id.ToString());
        }

        var here = thread.Starter.At(second);
        await ForumProcess.CommandAsync(other, "import", files.PathOf($"{thread.Id}"));
        var post = (await here.Get($"/api/posts/{reply}")).ShouldBe(200).Json.GetProperty("post");
        State(post).ShouldBe("missing");
        post.GetProperty("html").GetString()!.ShouldContain("The quoted post is not in this forum");
        (await here.Edit(reply, post.GetProperty("body").GetString() + " And more.")).ShouldBe(200);
        State(await PostAsync()).ShouldBe("missing");

        await ForumProcess.CommandAsync(other, "import", files.PathOf($"{quoted.Id}"));
        post = await PostAsync();
        State(post).ShouldBe("exact");
        post.GetProperty("html").GetString()!.ShouldContain("First words.");
        post.GetProperty("html").GetString()!.ShouldContain("Here, too. And more.");

        async Task<JsonElement> PostAsync() =>
            (await here.Get($"/api/posts/{reply}")).ShouldBe(200).Json.GetProperty("post");

        static string? State(JsonElement post) => post.GetProperty("quotes")[0].GetProperty("state").GetString();
    }

    /// <summary>A thread in which a reply quotes the first post of another one.</summary>
    private static async Task<(TestThread Quoted, TestThread Thread, Guid Reply)> QuoteElsewhereAsync(ForumHost forum)
    {
        var quoted = await forum.NewThread("First words.");
        var thread = await forum.NewThread();
        var block = (await thread.Starter.Get($"/api/posts/{quoted.FirstPostId}/quotable"))
            .Json.GetProperty("block")
            .GetString();
        var reply = await thread.Starter.Reply(thread.Id, block + "\n\nHere, too.");
        return (quoted, thread, reply.ShouldBe(201).PostId);
    }

    /// <summary>Without tombstones: those only say that a position was given up.</summary>
    private static Task<IReadOnlyList<string>> EventsAsync(TestDatabase database) =>
        database.ColumnAsync<string>(
            "select to_jsonb(e)::text from forum.mt_events e where type <> 'tombstone' order by seq_id"
        );
}
