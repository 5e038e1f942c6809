using System.Text.Json;
using System.Text.Json.Nodes;
using EventForum.Acceptance.Harness;
using EventForum.Acceptance.RealInput;

namespace EventForum.Acceptance.Exchange;

/// <summary>A later export of the same source brings what is new in it, and nothing that is here changes.</summary>
public sealed class GrownArchiveTests
{
    private const string Written =
        "select number || ' ' || body from forum.posts where to_version is null order by number";

    [Fact]
    public async Task a_post_that_comes_late_stands_behind_those_that_are_here_and_says_so()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        var (one, two, three) = (
            Post("1", "One.", 1),
            Post("2", "Two.", 2, parent: "1"),
            Post("3", "Three.", 3, parent: "2")
        );
        await Import(database, files, one, three);

        var four = Post("4", "[quote=\\\"Ann\\\"]Three.[/quote]Four.", 4, parent: "2");
        (await Import(database, files, one, two, three, four)).ShouldBe((2, ""));

        (await database.ColumnAsync<string>(Written)).ShouldBe(["1 One.", "2 Three.", "3 Two.", "4 Four."]);
        (
            await database.ColumnAsync<string>(
                "select to_char(timestamp at time zone 'utc', 'HH24:MI') || ' ' || coalesce(data ->> 'late', 'false') || ' ' || coalesce(data ->> 'answeredVersion', '') from forum.mt_events where type in ('thread_started', 'reply_posted') order by version"
            )
        ).ShouldBe(["04:01 false ", "04:03 false 1", "04:02 true 1", "04:04 false 3"]);
        IReadOnlyList<string> projections;
        await using (var forum = await ForumHost.StartAsync(database, ("Sample", "false")))
        {
            var thread = await database.ScalarAsync<Guid>("select thread_id from forum.posts limit 1");
            var reader = forum.Stranger();
            var tree = (await reader.Get($"/api/threads/{thread}?order=tree")).ShouldBe(200).Json;
            tree.GetProperty("posts")
                .EnumerateArray()
                .Select(post => $"{post.GetProperty("number")} {post.GetProperty("depth")}")
                .ShouldBe(["1 0", "3 1", "2 2", "4 2"]);
            var late = (await reader.Get($"/api/threads/{thread}")).Json.GetProperty("posts")[2];
            late.GetProperty("late").GetBoolean().ShouldBeTrue();
            (await reader.GetText($"/threads/{thread}")).Text.ShouldContain("came in late: written on");
            (await reader.GetText($"/api/threads/{thread}")).Text.ShouldContain(
                "(came in late: written on 3 February 2001)"
            );
            // It is shown as of what is here before it, and no search by time is led astray.
            foreach (var (minute, seen) in ((string, int)[])[("01", 1), ("02", 1), ("03", 3), ("04", 4)])
            {
                (await reader.Get($"/api/threads/{thread}?at=2001-02-03T04:{minute}:30Z"))
                    .ShouldBe(200)
                    .Json.GetProperty("postCount")
                    .GetInt32()
                    .ShouldBe(seen, minute);
            }

            projections = await ReadModels.CatchUpAsync(forum);
        }

        (await Import(database, files, one, two, three, four)).ShouldBe((0, ""));
        (await Import(database, files, one, three)).ShouldBe((0, ""));
        (await Import(database, files, one, Post("5", "Five.", 2), two, three, four)).ShouldBe((1, ""));
        await using (var again = await ForumHost.StartAsync(database, ("Sample", "false")))
        {
            projections = await ReadModels.CatchUpAsync(again);
        }

        await ReadModels.ShouldEqualTheirRebuildAsync(database, projections);
        await using var copy = await TestDatabase.CreateAsync();
        var export = files.PathOf("export.jsonl");
        await ForumProcess.CommandAsync(database, "export", export);
        (await ForumProcess.CommandAsync(copy, "import", export)).ShouldContain("no defects");
        (await copy.ColumnAsync<string>(Written)).ShouldBe(await database.ColumnAsync<string>(Written));
    }

    [Fact]
    public async Task edits_come_in_as_edits_whatever_was_known_of_the_post()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        var (one, quote) = (
            Post("1", "First words.", 1),
            Post("2", "[quote=\\\"Ann\\\"]First words.[/quote]\\n\\nYes.", 2)
        );
        await Import(database, files, one, quote);

        var edited = Post("1", "Second words.", 1, edited: 5);
        (await Import(database, files, edited, quote)).ShouldBe((1, ""));
        var again = Post("1", "Third words.", 1, edited: 7);
        (await Import(database, files, again, quote)).ShouldBe((1, ""));
        (await Import(database, files, again, quote)).ShouldBe((0, ""));

        (await Texts(database)).ShouldBe(["First words.", "Yes.", "Second words.", "Third words."]);
        (
            await database.ColumnAsync<string>("select quotes -> 0 ->> 'revision' from forum.posts where number = 2")
        ).ShouldBe(["1"]);
    }

    [Fact]
    public async Task a_post_whose_first_text_was_not_known_gets_later_edits()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        var late = Post("2", "[quote=\\\"Ann\\\"]Second words.[/quote]\\n\\nYes.", 2);
        await Import(database, files, Post("1", "Second words.", 1, edited: 5), Post("3", "Three.", 3));

        (await Import(database, files, Post("1", "Third words.", 1, edited: 7), late, Post("3", "Three.", 3))).ShouldBe(
            (2, "")
        );

        (await Texts(database)).ShouldBe(["", "Three.", "Second words.", "Yes.", "Third words."]);
        (
            await database.ColumnAsync<string>("select quotes -> 0 ->> 'revision' from forum.posts where number = 3")
        ).ShouldBe(["2"]);
        (await Import(database, files, Post("1", "Third words.", 1, edited: 7), late, Post("3", "Three.", 3))).ShouldBe(
            (0, "")
        );
    }

    [Fact]
    public async Task a_line_that_was_broken_comes_in_when_it_is_repaired()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        var (one, two) = (Post("1", "One.", 1), Post("2", "Two.", 2));
        (await Import(database, files, one, two[..^5])).Defects.ShouldBe("unreadable");

        (await Import(database, files, one, two)).ShouldBe((1, ""));
        (await Import(database, files, one, two)).ShouldBe((0, ""));
        (await database.ColumnAsync<string>(Written)).ShouldBe(["1 One.", "2 Two."]);
    }

    [Fact]
    public async Task what_quoted_a_post_that_was_not_here_stays_as_it_is_when_that_comes()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        var (one, two) = (Post("1", "One.", 1), Post("2", "The words of Ben.", 2, author: "Ben"));
        var three = Post("3", "[quote=\\\"Ben\\\"]words of Ben[/quote]\\n\\nNo.", 3);
        await Import(database, files, one, three);

        (await Import(database, files, one, two, three)).ShouldBe((2, ""));
        var four = Post("4", "[quote=\\\"Ben\\\"]words of Ben[/quote]\\n\\nNo, no.", 4);
        (await Import(database, files, one, two, three, four)).ShouldBe((1, ""));
        (
            await database.ColumnAsync<int>(
                "select jsonb_array_length(quotes) from forum.posts where to_version is null order by number"
            )
        ).ShouldBe([0, 0, 0, 1]);
    }

    [Fact]
    public async Task what_was_done_here_meanwhile_stays()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        var (one, two) = (Post("1", "One.", 1), Post("2", "Two.", 2));
        await Import(database, files, one, two);
        await using (var forum = await ForumHost.StartAsync(database, ("Sample", "false")))
        {
            var (thread, first) = (
                await database.ScalarAsync<Guid>("select thread_id from forum.posts limit 1"),
                await database.ScalarAsync<Guid>("select post_id from forum.posts where number = 1")
            );
            (await forum.Moderator().Edit(first, "Edited here.", "Rules.")).ShouldBe(200);
            (await forum.Member().Reply(thread, "Written here.")).ShouldBe(201);
        }

        (await Import(database, files, Post("1", "Edited there.", 1, edited: 6), two, Post("3", "Three.", 3))).ShouldBe(
            (1, "late-edit")
        );

        (await database.ColumnAsync<string>(Written)).ShouldBe([
            "1 Edited here.",
            "2 Two.",
            "3 Written here.",
            "4 Three.",
        ]);
    }

    [Fact]
    public async Task what_differs_is_told_and_so_is_a_post_of_another_thread()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        var (one, two) = (Post("1", "One.", 1), Post("2", "Two.", 2));
        await Import(database, files, one, two);

        (await Import(database, files, one, Post("2", "Other words.", 2))).ShouldBe((0, "changed"));
        (
            await Import(
                database,
                files,
                one,
                two,
                Post("9", "Nine.", 9, thread: "u"),
                Post("2", "Two.", 2, thread: "u")
            )
        ).Defects.ShouldBe("time-order conflict");
        (await database.ScalarAsync<long>("select count(*) from forum.posts")).ShouldBe(3);
    }

    [Fact]
    public async Task a_quote_that_an_older_version_did_not_find_is_no_difference()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        string[] lines =
        [
            Post("1", "It isn't so, I fear, at the weir.", 1),
            Post("2", "[quote]It isn’t so, I fear, at the weir[/quote]\\n\\nNo.", 2),
        ];
        await Import(database, files, lines);
        // As a version stored it that knew no typography.
        await database.ExecuteAsync(
            """
            update forum.mt_events
               set data = data || jsonb_build_object('quotes', '[]'::jsonb, 'body', E'[quote]It isn’t so, I fear, at the weir[/quote]\n\nNo.')
             where type = 'reply_posted'
            """
        );

        (await Import(database, files, lines)).ShouldBe((0, ""));
        (await Import(database, files, lines[0], Post("2", "Other words.", 2))).ShouldBe((0, "changed"));
    }

    [Theory]
    [InlineData("newsgroups-threads.jsonl")]
    [InlineData("discourse-threads.jsonl")]
    [InlineData("long-thread.jsonl")]
    public async Task of_real_discussions_what_was_left_out_comes_in_by_another_run(string name)
    {
        var lines = await File.ReadAllLinesAsync(RealData.Require(name), TestContext.Current.CancellationToken);
        using var files = new DiscussionFile();
        await using var whole = await TestDatabase.CreateAsync();
        await using var grown = await TestDatabase.CreateAsync();
        // Every seventh post is not there yet, and of every third one nobody knows that it was edited.
        var first = lines.Where((_, i) => i % 7 != 3).Select((line, i) => i % 3 == 0 ? Unedited(line) : line).ToArray();
        await Import(grown, files, first);

        var (added, defects) = await Import(grown, files, lines);

        RealData.Report(
            $"grown {name}",
            $"{added} events added, defects: {string.Join(", ", defects.Split(' ').CountBy(kind => kind))}"
        );
        defects.ShouldNotContain("conflict");
        defects.ShouldNotContain("changed");
        (await grown.ScalarAsync<long>("select count(*) from forum.posts where to_version is null")).ShouldBe(
            lines.Length
        );
        (await Import(grown, files, lines)).Added.ShouldBe(0);
        await Import(whole, files, lines);
        const string Texts =
            "select md5(string_agg(post_id::text || parent_id::text, ',' order by post_id)) from forum.posts where to_version is null";
        (await grown.ScalarAsync<string>(Texts)).ShouldBe(await whole.ScalarAsync<string>(Texts));
    }

    private static string Unedited(string line)
    {
        var json = JsonNode.Parse(line)!.AsObject();
        json.Remove("edited_at");
        return json.ToJsonString();
    }

    private static Task<IReadOnlyList<string>> Texts(TestDatabase database) =>
        database.ColumnAsync<string>(
            "select data ->> 'body' from forum.mt_events where type in ('thread_started', 'reply_posted', 'post_edited') order by version"
        );

    private static async Task<(int Added, string Defects)> Import(
        TestDatabase database,
        DiscussionFile files,
        params string[] lines
    )
    {
        var (file, defects) = (files.WriteLines("posts.jsonl", lines), files.PathOf("defects"));
        var printed = await ForumProcess.CommandAsync(database, "import", file, "--defects", defects);
        var told = File.ReadLines(defects).Select(line => JsonElement.Parse(line).GetProperty("kind").GetString()!);
        var added = printed.Split(" events added")[0].Split(' ')[^1].Replace(",", "", StringComparison.Ordinal);
        return (int.Parse(added, System.Globalization.CultureInfo.InvariantCulture), string.Join(' ', told));
    }

    private static string Post(
        string id,
        string body,
        int minute,
        string author = "Ann",
        string? parent = null,
        int? edited = null,
        string thread = "t"
    ) =>
        $$"""{"source":"source","thread":"{{thread}}","thread_title":"Title","post":"{{id}}","author":"{{author}}","posted_at":"2001-02-03T04:0{{minute}}:00Z",{{(parent is null ? "" : $"\"parent\":\"{parent}\",")}}{{(edited is null ? "" : $"\"edited_at\":\"2001-02-03T04:0{edited}:00Z\",")}}"body":"{{body}}"}""";
}
