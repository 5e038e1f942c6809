using System.Text.Json;
using System.Text.RegularExpressions;
using EventForum.Acceptance.Harness;
using EventForum.Acceptance.RealInput;

namespace EventForum.Acceptance.Exchange;

/// <summary>What was written elsewhere comes in as it happened, once, whatever happens to the import.</summary>
public sealed partial class ImportTests
{
    [Fact]
    public async Task imported_threads_are_read_as_they_were_at_any_time()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        await ForumProcess.CommandAsync(database, "import", files.Write("posts.jsonl", 3, 30));
        IReadOnlyList<string> projections;
        await using (var forum = await ForumHost.StartAsync(database))
        {
            projections = await ReadModels.CatchUpAsync(forum);
            var reader = forum.Stranger();
            var thread = (
                await database.ColumnAsync<Guid>(
                    "select stream_id from forum.mt_events where data ->> 'title' = 'Thread 1'"
                )
            ).ShouldHaveSingleItem();

            var now = (await reader.Get($"/api/threads/{thread}?page=2")).ShouldBe(200).Json;
            now.GetProperty("postCount").GetInt32().ShouldBe(30);
            var post = now.GetProperty("posts")[0];
            post.GetProperty("number").GetInt32().ShouldBe(21);
            post.GetProperty("postedAt").GetDateTimeOffset().ShouldBe(new(2001, 2, 4, 4, 25, 6, TimeSpan.Zero));
            post.GetProperty("author").GetProperty("name").GetString().ShouldBe("Author 0");
            post.GetProperty("quotes").GetArrayLength().ShouldBe(1);

            var then = (await reader.Get($"/api/threads/{thread}?at=2001-02-04T04:10:00Z")).ShouldBe(200).Json;
            then.GetProperty("postCount").GetInt32().ShouldBe(5);
            (await reader.Get($"/api/threads/{thread}?at=2001-02-04T04:05:05Z")).ShouldBeProblem(
                404,
                "thread-not-started"
            );

            var boards = (await reader.Get("/api/boards")).ShouldBe(200).Json.EnumerateArray().ToList();
            boards
                .Select(board => board.GetProperty("name").GetString())
                .ShouldBe(["Section 0", "Section 1", "Section 2"]);
            boards.ShouldAllBe(board => board.GetProperty("postCount").GetInt32() == 30);
        }

        var e = (
            await database.ColumnAsync<string>(
                """
                select concat_ws(' ', headers #>> '{import,post}', headers #>> '{import,likes}', correlation_id is not null)
                  from forum.mt_events where headers #>> '{import,post}' = 'p1-7'
                """
            )
        ).ShouldHaveSingleItem();
        e.ShouldBe("p1-7 7 t");
        await ReadModels.ShouldEqualTheirRebuildAsync(database, projections);
    }

    [Fact]
    public async Task importing_again_changes_nothing()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        var file = files.Write("posts.jsonl", 5, 10);
        await ForumProcess.CommandAsync(database, "import", file);
        var before = await ContentAsync(database);
        var defects = await File.ReadAllTextAsync(file + ".defects.jsonl", TestContext.Current.CancellationToken);

        (await ForumProcess.CommandAsync(database, "import", file)).ShouldContain(" 0 events added");

        (await ContentAsync(database)).ShouldBe(before);
        (await File.ReadAllTextAsync(file + ".defects.jsonl", TestContext.Current.CancellationToken)).ShouldBe(defects);
    }

    [Fact]
    public async Task an_import_that_was_killed_goes_on_where_it_was()
    {
        using var files = new DiscussionFile();
        await using var whole = await TestDatabase.CreateAsync();
        await using var killed = await TestDatabase.CreateAsync();
        var file = files.Write("posts.jsonl", 400, 25);
        await ForumProcess.CommandAsync(whole, "import", file);

        using (var import = ForumProcess.Begin(killed, "import", file, "--defects", files.PathOf("killed")))
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
            using var patience = Patience.Begin();
            while (
                await killed.ScalarAsync<bool>("select to_regclass('forum.mt_events') is null")
                || await killed.ScalarAsync<long>("select count(*) from forum.mt_events") == 0
            )
            {
                await timer.WaitForNextTickAsync(patience.Token);
            }

            import.Kill();
            await import.WaitForExitAsync(patience.Token);
        }

        var left = await killed.ScalarAsync<long>("select count(*) from forum.mt_events");
        left.ShouldBeLessThan(await whole.ScalarAsync<long>("select count(*) from forum.mt_events"));

        await ForumProcess.CommandAsync(killed, "import", file);

        // Positions that were drawn before it was killed are lost.
        WithoutPositions(await ContentAsync(killed)).ShouldBe(WithoutPositions(await ContentAsync(whole)));
    }

    [Fact]
    public async Task strange_lines_come_in_and_are_told_in_the_defects_of_all_files()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        var defects = files.PathOf("defects");
        var first = files.WriteLines(
            "first.jsonl",
            """{"source":"s","thread":"a","thread_title":"Half \ud800 a pair","post":"1","author":"Ann","posted_at":"2001-02-03T04:05:06Z","body":"One.","section":"Odd \udc00","more":"\ud800"}""",
            $$"""{"source":"s","thread":"b","thread_title":"Title","post":"2","author":"{{new string('n', 100_000)}}","posted_at":"2001-02-03T04:05:06Z","body":"Two.","section":"Odd"}"""
        );
        var second = files.WriteLines(
            "second.jsonl",
            """{"source":"s","thread":"c","thread_title":"Title","post":"3","author":"\ufffe","posted_at":"2001-02-03T04:05:06Z","body":"Three.","section":"\ufffe"}""",
            """{"source":"s","thread":"d","thread_title":"Title","post":"4","author":"Ann","posted_at":"2999-02-03T04:05:06Z","body":"Four."}"""
        );
        var revisions = files.WriteLines(
            "revisions.jsonl",
            "no revision",
            """{"source":"s","thread":"z","post":"26","revision":1,"author":"Ann","at":"2001-02-03T04:05:06Z","text":"Of no post."}"""
        );

        await ForumProcess.CommandAsync(database, "import", first, second, revisions, "--defects", defects);

        (
            await database.ColumnAsync<string>(
                "select data ->> 'body' from forum.mt_events where type = 'thread_started' order by seq_id"
            )
        ).ShouldBe(["One.", "Two.", "Three."]);
        var told = await File.ReadAllTextAsync(defects, TestContext.Current.CancellationToken);
        told.ShouldContain("\"no-character\"");
        told.ShouldContain("\"file\":\"second.jsonl\"");
        told.ShouldContain("\"revision-without-post\"");
        told.ShouldContain("Its time is still to come.");
    }

    [Fact]
    public async Task a_post_that_came_with_other_words_before_stays_and_is_told()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        var defects = files.PathOf("defects");
        var first = Post("1", "The question.", "04:05:06");
        await ForumProcess.CommandAsync(
            database,
            "import",
            files.WriteLines("first.jsonl", first, Post("2", "The answer.", "04:06:06"))
        );

        var printed = await ForumProcess.CommandAsync(
            database,
            "import",
            files.WriteLines("second.jsonl", first, Post("2", "No answer.", "04:06:06")),
            "--defects",
            defects
        );

        printed.ShouldContain("2 were there already");
        printed.ShouldContain("defects: 1 changed;");
        var told = Read(defects).ShouldHaveSingleItem();
        told.GetProperty("file").GetString().ShouldBe("second.jsonl");
        told.GetProperty("line").GetInt32().ShouldBe(2);
        told.GetProperty("post").GetString().ShouldBe("2");
        told.GetProperty("original").GetString().ShouldNotBeNull().ShouldContain("No answer.");
        told.GetProperty("stored").GetString().ShouldNotBeNull().ShouldContain("The answer.");
        (
            await database.ColumnAsync<string>(
                "select data ->> 'body' from forum.mt_events where type = 'reply_posted'"
            )
        ).ShouldBe(["The answer."]);
    }

    [Theory]
    [InlineData("iso-8859-1", "Line 2 of posts.jsonl is not UTF-8.")]
    [InlineData("utf-16", "Line 1 of posts.jsonl is not UTF-8.")]
    [InlineData("utf-16BE", "Line 1 of posts.jsonl is not UTF-8.")]
    [InlineData("utf-8", null)]
    public async Task a_file_in_another_encoding_is_refused_whole(string encoding, string? why)
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        var file = files.PathOf("posts.jsonl");
        var text = System.Text.Encoding.GetEncoding(encoding);
        string[] lines =
        [
            """{"source":"s","thread":"a","thread_title":"Title","post":"1","author":"Ann","posted_at":"2001-02-03T04:05:06Z","body":"One."}""",
            """{"source":"s","thread":"b","thread_title":"Title","post":"2","author":"Zoë","posted_at":"2001-02-03T04:05:06Z","body":"Deux, s'il te plaît."}""",
        ];
        // With a byte order mark where the encoding has one.
        await File.WriteAllLinesAsync(file, lines, text, TestContext.Current.CancellationToken);

        if (why is null)
        {
            (await ForumProcess.CommandAsync(database, "import", file)).ShouldContain("read: 2 threads, 2 posts");
            return;
        }

        (await ExportTests.RefusedAsync(database, "import", file)).ShouldContain(why);
        (await database.ScalarAsync<bool>("select to_regclass('forum.mt_events') is null")).ShouldBe(
            why.StartsWith("Line 1", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task a_line_without_end_is_refused()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        var file = files.Write("posts.jsonl", 1, 1);
        await File.AppendAllTextAsync(
            file,
            new string(' ', 17 * 1024 * 1024) + "{}",
            TestContext.Current.CancellationToken
        );

        (await ExportTests.RefusedAsync(database, "import", file)).ShouldContain("has more than 16 MiB");
        (await database.ScalarAsync<long>("select count(*) from forum.mt_events")).ShouldBe(0);
    }

    [Fact]
    public async Task an_imported_post_with_a_quote_that_nobody_said_can_be_edited()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        var file = files.WriteLines(
            "posts.jsonl",
            """{"source":"s","thread":"a","thread_title":"Title","post":"1","author":"Ann","posted_at":"2001-02-03T04:05:06Z","body":"One."}""",
            """{"source":"s","thread":"a","thread_title":"Title","post":"2","author":"Ben","posted_at":"2001-02-04T04:05:06Z","body":"[quote=\"Ann, post:1\"]Nobody said that.[/quote]\n\nNo."}"""
        );
        await ForumProcess.CommandAsync(database, "import", file);
        await using var forum = await ForumHost.StartAsync(database);
        var id = await database.ScalarAsync<Guid>("select post_id from forum.posts where number = 2");
        var body = (await forum.Stranger().Get($"/api/posts/{id}"))
            .Json.GetProperty("post")
            .GetProperty("body")
            .GetString()!;
        body.ShouldContain("Nobody said that.");
        var moderator = forum.Moderator();

        (await moderator.Edit(id, body + " Indeed.", "Clearer.")).ShouldBe(200);
        await moderator.IsRefused(
            id,
            m => m.Edit(id, body.Replace("Nobody", "Somebody", StringComparison.Ordinal), "Clearer."),
            422,
            "misquote"
        );
    }

    [Fact]
    public async Task the_defects_never_overwrite_what_is_imported()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        var file = files.Write("posts.jsonl", 1, 1);
        var before = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);

        using var import = ForumProcess.Begin(database, "import", file, "--defects", file);
        await import.WaitForExitAsync(TestContext.Current.CancellationToken);

        import.ExitCode.ShouldNotBe(0);
        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldBe(before);
    }

    [Fact]
    public async Task a_file_that_cannot_be_read_is_named()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        var file = files.Write("posts.jsonl", 1, 1);
        await using var held = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        using var import = ForumProcess.Begin(database, "import", file);
        var told = await import.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await import.WaitForExitAsync(TestContext.Current.CancellationToken);

        import.ExitCode.ShouldNotBe(0);
        told.ShouldContain("The import is not complete:");
        told.ShouldContain(file);
        told.ShouldNotContain("   at ");
    }

    [Theory]
    [InlineData]
    [InlineData("No post.", "{}")]
    [InlineData("""{"source":"s","thread":"t","post":"p","author":"a","body":"Some day."}""")]
    public async Task a_file_without_a_single_post_is_refused(params string[] lines)
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        var file = files.WriteLines("posts.jsonl", lines);

        var told = await ExportTests.RefusedAsync(database, "import", file);

        told.ShouldStartWith($"This file cannot be imported: No line of {file} is a post");
        Read(file + ".defects.jsonl").Count.ShouldBe(lines.Length);
    }

    [Fact]
    public async Task a_folder_is_no_file()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();

        (await ExportTests.RefusedAsync(database, "import", files.PathOf("."))).ShouldEndWith(
            " is a folder: name the files in it, or say what it holds with --from."
        );
    }

    [Theory]
    [InlineData("newsgroups-threads.jsonl", 416, 5_049)]
    [InlineData("forum-threads.jsonl", 336, 3_834)]
    [InlineData("long-thread.jsonl", 1, 1_343)]
    [InlineData("discourse-threads.jsonl", 379, 3_824)]
    [InlineData("stackexchange-threads.jsonl", 418, 3_385)]
    public async Task real_discussions_come_in_whole(string name, int threads, int posts)
    {
        var file = RealData.Require(name);
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        string[] revisions = name.StartsWith("stack", StringComparison.Ordinal)
            ? [RealData.Require("revisions.jsonl")]
            : [];

        var printed = await ForumProcess.CommandAsync(
            database,
            ["import", file, .. revisions, "--defects", files.PathOf("defects")]
        );

        RealData.Report($"import {name}", $"{printed.Trim()}");
        (await CountAsync("thread_started")).ShouldBe(threads);
        (await CountAsync("thread_started") + await CountAsync("reply_posted")).ShouldBe(posts);
        (await database.ScalarAsync<long>("select count(*) from forum.posts where to_version is null")).ShouldBe(posts);
        (
            await ForumProcess.CommandAsync(
                database,
                ["import", file, .. revisions, "--defects", files.PathOf("defects-of-the-second")]
            )
        ).ShouldContain(" 0 events added");
        (await DefectsAsync("defects-of-the-second")).ShouldBe(await DefectsAsync("defects"));
        (
            await database.ScalarAsync<long>(
                "select count(*) from (select timestamp < lag(timestamp) over (partition by stream_id order by version) as back from forum.mt_events) e where back"
            )
        ).ShouldBe(0, "a thread's past is searched by time");

        Task<string> DefectsAsync(string path) =>
            File.ReadAllTextAsync(files.PathOf(path), TestContext.Current.CancellationToken);

        Task<long> CountAsync(string type) =>
            database.ScalarAsync<long>("select count(*) from forum.mt_events where type = $1", type);
    }

    [Fact]
    public async Task what_moderators_did_comes_in_at_its_own_time()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        var posts = files.WriteLines(
            "posts.jsonl",
            Post("a", "First.", "04:05:00"),
            Post("b", "Second.", "04:10:00"),
            Post("c", "Third.", "04:20:00")
        );
        var acts = files.WriteLines(
            "acts.jsonl",
            Act("t", null, "closed.enabled", "04:12:00"),
            Act("t", "b", "deleted", "04:15:00"),
            Act("t", null, "split_topic", "04:16:00"),
            Act("t", "b", "undeleted", "04:30:00"),
            Act("elsewhere", null, "closed.enabled", "04:12:00")
        );
        var defects = files.PathOf("defects");

        await ForumProcess.CommandAsync(database, "import", posts, acts, "--defects", defects);

        Read(defects)
            .Select(defect => defect.GetProperty("kind").GetString())
            .ShouldBe(["act-without-counterpart", "act-without-thread"]);
        (
            await database.ColumnAsync<string>(
                "select type || ' ' || to_char(timestamp at time zone 'utc', 'HH24:MI') from forum.mt_events where type not in ('member_registered', 'board_created') order by version"
            )
        ).ShouldBe([
            "thread_started 04:05",
            "reply_posted 04:10",
            "thread_locked 04:12",
            "post_removed 04:15",
            "reply_posted 04:20",
            "post_restored 04:30",
        ]);
        (await ForumProcess.CommandAsync(database, "import", posts, acts, "--defects", defects)).ShouldContain(
            " 0 events added"
        );
    }

    [Fact]
    public async Task real_acts_come_in_between_the_posts()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        string[] import =
        [
            "import",
            RealData.Require("discourse-threads.jsonl"),
            RealData.Require("stackexchange-threads.jsonl"),
            RealData.Require("moderation.jsonl"),
            "--defects",
            files.PathOf("defects"),
        ];

        var printed = await ForumProcess.CommandAsync(database, import);

        RealData.Report("import acts", $"{printed.Trim()}");
        (await CountAsync("thread_locked")).ShouldBeGreaterThan(40);
        (await CountAsync("thread_unlocked")).ShouldBeGreaterThan(0);
        (await CountAsync("thread_pinned")).ShouldBe(2);
        (await CountAsync("post_removed")).ShouldBe(2);
        (await CountAsync("post_restored")).ShouldBe(2);
        (await ForumProcess.CommandAsync(database, import)).ShouldContain(" 0 events added");

        Task<long> CountAsync(string type) =>
            database.ScalarAsync<long>("select count(*) from forum.mt_events where type = $1", type);
    }

    private static string Act(string thread, string? post, string what, string time) =>
        $$"""{"source":"source","thread":"{{thread}}",{{(post is null ? "" : $"\"post\":\"{post}\",")}}"event":"{{what}}","actor":"Moira","at":"2001-02-03T{{time}}Z"}""";

    private static string Post(string id, string body, string time) =>
        $$"""{"source":"source","thread":"t","thread_title":"Title","post":"{{id}}","author":"Ann","posted_at":"2001-02-03T{{time}}Z","body":"{{body}}"}""";

    private static IReadOnlyList<JsonElement> Read(string defects) =>
        [.. File.ReadLines(defects).Select(line => JsonElement.Parse(line))];

    /// <summary>All events and all that is made of them at once, but for the positions.</summary>
    private static async Task<IReadOnlyList<string>> ContentAsync(TestDatabase database)
    {
        var content = (await ReadModels.DumpAsync(database)).Values.SelectMany(rows => rows).ToList();
        content.AddRange(
            await database.ColumnAsync<string>("select to_jsonb(e)::text from forum.mt_events e order by seq_id")
        );
        return content;
    }

    private static IEnumerable<string> WithoutPositions(IEnumerable<string> rows) =>
        rows.Select(row => Position().Replace(row, "")).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"""(seq_id|position)"": [0-9]+", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Position();
}
