using System.Text.Json;
using EventForum.Acceptance.Harness;
using EventForum.Acceptance.RealInput;

namespace EventForum.Acceptance.Exchange;

/// <summary>An export holds the whole forum: imported elsewhere it is the same forum, also in the past.</summary>
public sealed class ExportTests
{
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
        await ReadModels.CatchUpAsync(forum);
        await ForumProcess.CommandAsync(original, "export", export);

        (await ForumProcess.CommandAsync(copy, "import", export)).ShouldContain("no defects");
        (
            await copy.ScalarAsync<bool>(
                "select is_called and last_value = (select max(seq_id) from forum.mt_events) from forum.mt_events_sequence"
            )
        ).ShouldBeTrue("a position that nobody has drawn is skipped as lost, and the event that gets it with it");

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
    public async Task a_stream_that_went_another_way_is_left_alone()
    {
        using var files = new DiscussionFile();
        var export = files.PathOf("export.jsonl");
        await using var original = await TestDatabase.CreateAsync();
        await using var copy = await TestDatabase.CreateAsync();
        await using var forum = await ForumHost.StartAsync(original);
        var thread = await forum.NewThread();
        await ForumProcess.CommandAsync(original, "export", export);
        await ForumProcess.CommandAsync(copy, "import", export);
        await using var second = await ForumHost.StartAsync(copy);
        (await thread.Starter.At(second).Reply(thread.Id, "Only here.")).ShouldBe(201);
        await thread.Starter.Reply(thread.Id, "Only there.");
        await thread.Starter.Reply(thread.Id, "After it.");
        await ForumProcess.CommandAsync(original, "export", export);

        (await ForumProcess.CommandAsync(copy, "import", export)).ShouldContain("2 conflict");

        (await copy.RepliesAsync(thread.Id)).ShouldBe(["Only here."]);
        var lines = await File.ReadAllLinesAsync(export, TestContext.Current.CancellationToken);
        var told = Defects(export);
        told.ShouldAllBe(defect =>
            lines[defect.GetProperty("line").GetInt32() - 1].Contains(defect.GetProperty("original").GetString()!)
        );
        told[1].GetProperty("detail").GetString().ShouldBe("What comes before it is left out.");
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
    public async Task what_follows_an_event_that_was_changed_in_the_file_is_left_out()
    {
        using var files = new DiscussionFile();
        var export = files.PathOf("export.jsonl");
        await using var original = await TestDatabase.CreateAsync();
        await using var copy = await TestDatabase.CreateAsync();
        await using var forum = await ForumHost.StartAsync(original);
        var thread = await forum.NewThread();
        var elsewhere = await forum.NewThread("Another thread.");
        var reply = (await thread.Starter.Reply(thread.Id, "A reply.")).ShouldBe(201).PostId;
        await ForumProcess.CommandAsync(original, "export", export);
        await ForumProcess.CommandAsync(copy, "import", export);
        (await thread.Starter.Edit(reply, "Forged words.")).ShouldBe(200);
        await ForumProcess.CommandAsync(original, "export", export);
        var text = await File.ReadAllTextAsync(export, TestContext.Current.CancellationToken);
        var forged = Guid.CreateVersion7().ToString();
        await File.WriteAllTextAsync(
            export,
            text.Replace(reply.ToString(), forged, StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );

        (await ForumProcess.CommandAsync(copy, "import", export)).ShouldContain("1 changed, 1 conflict");
        (await copy.CountEventsAsync(thread.Id)).ShouldBe(2);

        await File.WriteAllTextAsync(
            export,
            text.Replace(reply.ToString(), elsewhere.FirstPostId.ToString(), StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );
        (await RefusedAsync(copy, "import", export)).ShouldContain("is that of line");
    }

    [Fact]
    public async Task an_event_whose_words_were_changed_in_the_file_is_told()
    {
        using var files = new DiscussionFile();
        var export = files.PathOf("export.jsonl");
        await using var database = await TestDatabase.CreateAsync();
        await using var forum = await ForumHost.StartAsync(database);
        var thread = await forum.NewThread();
        await thread.Starter.Reply(thread.Id, "As it was said.");
        await ForumProcess.CommandAsync(database, "export", export);
        var text = await File.ReadAllTextAsync(export, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            export,
            text.Replace("As it was said.", "As nobody said it.", StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );

        (await ForumProcess.CommandAsync(database, "import", export)).ShouldContain("defects: 1 changed;");

        Defects(export)
            .ShouldHaveSingleItem()
            .GetProperty("original")
            .GetString()
            .ShouldNotBeNull()
            .ShouldContain("As nobody said it.");
        (await database.RepliesAsync(thread.Id)).ShouldBe(["As it was said."]);
    }

    [Fact]
    public async Task names_that_others_have_are_told_before_anything_is_stored()
    {
        const string Ids = "select id from forum.mt_events";
        using var files = new DiscussionFile();
        var export = files.PathOf("export.jsonl");
        await using var original = await TestDatabase.CreateAsync();
        await using var other = await TestDatabase.CreateAsync();
        await using var forum = await ForumHost.StartAsync(original);
        await using var second = await ForumHost.StartAsync(other);
        var thread = await forum.NewThread();
        var elsewhere = await second.NewThread();
        (await thread.Starter.At(second).Reply(elsewhere.Id, "I am here, too.")).ShouldBe(201);
        (await forum.Admin().CreateBoard("A board of each")).ShouldBe(201);
        (await second.Admin().CreateBoard("A board of each")).ShouldBe(201);
        await ForumProcess.CommandAsync(original, "export", export);

        var told = await RefusedAsync(other, "import", export);

        told.ShouldContain("names of its members and boards are others' here");
        told.ShouldContain("Import it into a forum that has none of these");
        (await other.ColumnAsync<Guid>(Ids)).Intersect(await original.ColumnAsync<Guid>(Ids)).ShouldBeEmpty();
        var lines = await File.ReadAllLinesAsync(export, TestContext.Current.CancellationToken);
        var defects = Defects(export);
        defects.ShouldAllBe(defect => defect.GetProperty("kind").GetString() == "conflict");
        defects.ShouldAllBe(defect =>
            lines[defect.GetProperty("line").GetInt32() - 1].Contains(defect.GetProperty("original").GetString()!)
        );
        var details = string.Join('\n', defects.Select(defect => defect.GetProperty("detail").GetString()));
        details.ShouldContain($"The name {thread.Starter.Name} is another member's here.");
        details.ShouldContain("The name A board of each is another board's here.");
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

    [Theory]
    [InlineData("--thread", "Name a thread by its id.")]
    [InlineData("--board", "Name a board by its id.")]
    public async Task what_is_no_id_is_refused_with_a_sentence(string flag, string sentence)
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();

        (await RefusedAsync(database, "export", files.PathOf("export.jsonl"), flag, "xyz")).ShouldBe(sentence);
    }

    [Theory]
    [InlineData("\"actor\":\"", "\"actor\":\"nobody ")]
    [InlineData("\"data\":{", "\"data\":null,\"was\":{")]
    [InlineData("\"time\":\"2", "\"time\":\"3")]
    [InlineData("\"stream\":{", "\"thread\":{")]
    [InlineData("\"number\":2", "\"number\":\"two\"")]
    [InlineData("\"number\":2", "\"number\":2,\"number\":2")]
    public async Task an_export_with_a_broken_line_is_refused_before_anything_is_stored(string whole, string broken)
    {
        using var files = new DiscussionFile();
        var export = files.PathOf("export.jsonl");
        await using var original = await TestDatabase.CreateAsync();
        await using var other = await TestDatabase.CreateAsync();
        await using (var forum = await ForumHost.StartAsync(original))
        {
            var thread = await forum.NewThread();
            await forum.Member().Reply(thread.Id, "The last line.");
        }

        await ForumProcess.CommandAsync(original, "export", export);
        var lines = await File.ReadAllLinesAsync(export, TestContext.Current.CancellationToken);
        var last = Array.FindLastIndex(lines, line => line.Contains(whole, StringComparison.Ordinal));
        lines[last] = lines[last].Replace(whole, broken, StringComparison.Ordinal);
        await File.WriteAllLinesAsync(export, lines, TestContext.Current.CancellationToken);

        (await RefusedAsync(other, "import", export)).ShouldStartWith(
            $"This file cannot be imported: Line {last + 1}:"
        );
        (await other.ScalarAsync<long>("select count(*) from forum.mt_events")).ShouldBe(0);
    }

    /// <summary>Runs a command that ends with 1, and gives what it said about that.</summary>
    internal static async Task<string> RefusedAsync(TestDatabase database, params string[] arguments)
    {
        using var command = ForumProcess.Begin(database, arguments);
        var told = await command.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await command.WaitForExitAsync(TestContext.Current.CancellationToken);
        command.ExitCode.ShouldBe(1, told);
        return told.Trim();
    }

    private static List<JsonElement> Defects(string export) =>
        [.. File.ReadLines(export + ".defects.jsonl").Select(line => JsonElement.Parse(line))];

    /// <summary>Without tombstones: those only say that a position was given up.</summary>
    private static Task<IReadOnlyList<string>> EventsAsync(TestDatabase database) =>
        database.ColumnAsync<string>(
            "select to_jsonb(e)::text from forum.mt_events e where type <> 'tombstone' order by seq_id"
        );
}
