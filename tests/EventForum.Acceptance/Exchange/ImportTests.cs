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
