using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Exchange;

/// <summary>What comes in otherwise than it was, or not at all, is told; what is no file of discussions is refused whole.</summary>
public sealed class ImportDefectTests
{
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

        (
            await ForumProcess.CommandAsync(
                database,
                ["import", first, second, revisions, "--dry-run", "--defects", files.PathOf("tried")]
            )
        ).ShouldContain("1 revision-without-post");
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
    public async Task a_post_of_a_source_stands_in_one_thread_and_what_was_imported_can_be_imported_elsewhere()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        await using var copy = await TestDatabase.CreateAsync();
        var (defects, exported) = (files.PathOf("defects"), files.PathOf("export.jsonl"));
        var file = files.WriteLines(
            "first.jsonl",
            """{"source":"s","thread":"a","thread_title":"A title","section":"Odd","post":"1","author":"Ann","posted_at":"2001-02-03T04:05:06Z","body":"One."}""",
            """{"source":"s","thread":"b","thread_title":"B title","section":"Odd","post":"1","author":"Ben","posted_at":"2001-02-03T04:05:06Z","body":"Another one."}""",
            """{"source":"s","thread":"b","thread_title":"B title","section":"Odd","post":"2","author":"Ben","posted_at":"2001-02-03T04:05:06Z","body":"Two."}""",
            """{"source":"s","thread":"c","thread_title":"C title","section":"Odd","post":"2","author":"Ben","posted_at":"2001-02-03T04:05:06Z","body":"Another two."}"""
        );

        (await ForumProcess.CommandAsync(database, "import", file, "--dry-run")).ShouldContain("2 post-twice");
        var printed = await ForumProcess.CommandAsync(database, "import", file, "--defects", defects);

        printed.ShouldContain("2 post-twice");
        var told = DiscussionFile.Defects(defects);
        told.Select(defect => (defect.GetProperty("kind").GetString(), defect.GetProperty("line").GetInt32()))
            .ShouldBe([("post-twice", 2), ("post-twice", 4)]);
        (
            await database.ColumnAsync<string>(
                "select data ->> 'body' from forum.mt_events where type in ('thread_started', 'reply_posted') order by seq_id"
            )
        ).ShouldBe(["One.", "Two."]);
        (await ForumProcess.CommandAsync(database, "import", file)).ShouldContain(" 0 events added");
        await ForumProcess.CommandAsync(database, "export", exported);
        await ForumProcess.CommandAsync(copy, "import", exported);
    }

    [Fact]
    public async Task a_post_that_came_with_other_words_before_stays_and_is_told()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        var defects = files.PathOf("defects");
        var first = DiscussionFile.Post("1", "The question.", "04:05:06");
        await ForumProcess.CommandAsync(
            database,
            "import",
            files.WriteLines("first.jsonl", first, DiscussionFile.Post("2", "The answer.", "04:06:06"))
        );

        var printed = await ForumProcess.CommandAsync(
            database,
            "import",
            files.WriteLines("second.jsonl", first, DiscussionFile.Post("2", "No answer.", "04:06:06")),
            "--defects",
            defects
        );

        printed.ShouldContain("2 were there already");
        printed.ShouldContain("defects: 1 changed;");
        var told = DiscussionFile.Defects(defects).ShouldHaveSingleItem();
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

        (await ForumProcess.RefusedAsync(database, "import", file)).ShouldContain(why);
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

        (await ForumProcess.RefusedAsync(database, "import", file)).ShouldContain("has more than 16 MiB");
        (await database.ScalarAsync<long>("select count(*) from forum.mt_events")).ShouldBe(0);
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

        var told = await ForumProcess.RefusedAsync(database, "import", file);

        told.ShouldStartWith($"This file cannot be imported: No line of {file} is a post");
        DiscussionFile.Defects(file + ".defects.jsonl").Count.ShouldBe(lines.Length);
    }

    [Fact]
    public async Task a_folder_is_no_file()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();

        (await ForumProcess.RefusedAsync(database, "import", files.PathOf("."))).ShouldEndWith(
            " is a folder: name the files in it, or say what it holds with --from."
        );
    }
}
