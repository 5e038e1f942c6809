using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Exchange.Sources;

/// <summary>A data dump comes in with every text that its posts had, and with what was done to them.</summary>
public sealed class StackExchangeTests
{
    private const string Planted = "planted-address";

    [Fact]
    public async Task questions_come_in_with_answers_comments_revisions_and_acts()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        var dump = Write(files);

        var printed = await ForumProcess.CommandAsync(
            database,
            "import",
            "--from",
            "stackexchange",
            dump,
            "--source",
            "tea.example"
        );

        printed.ShouldContain("read: 1 threads, 4 posts");
        printed.ShouldContain(
            "1 act-without-counterpart, 1 no-discussion, 1 no-history, 1 revision-without-text, 3 vote;"
        );
        (await File.ReadAllTextAsync(dump + ".defects.jsonl", TestContext.Current.CancellationToken)).ShouldContain(
            "2 votes as spam (2001-02-06 to 2001-02-07) brought about nothing"
        );
        (
            await database.ColumnAsync<string>(
                "select type || ': ' || coalesce(data ->> 'title', data ->> 'body', data ->> 'reason') from forum.mt_events where type not in ('member_registered', 'board_created') order by timestamp, version"
            )
        ).ShouldBe([
            "thread_started: Pot?",
            "reply_posted: The *brown* one.",
            "post_edited: Which **pot** is best?",
            "thread_renamed: Which pot?",
            "reply_posted: Why brown?",
            "reply_posted: @Cid No, the blue one.",
            "thread_locked: Reason 102 of tea.example.",
        ]);
        (await database.ColumnAsync<string>("select data ->> 'name' from forum.mt_doc_member order by 1")).ShouldBe([
            "Ann",
            "Cid",
            "tea.example",
            "user7",
        ]);
        (await database.TablesWithAsync(Planted)).ShouldBeEmpty();
        (
            await ForumProcess.CommandAsync(
                database,
                ["import", "--from", "stackexchange", dump, "--source", "tea.example"]
            )
        ).ShouldContain(" 0 events added");
    }

    [Fact]
    public async Task a_comment_hangs_below_the_one_that_it_names()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        var lines = files.PathOf("lines");

        await ForumProcess.CommandAsync(
            database,
            ["import", "--from", "stackexchange", Write(files), "--dry-run", "--keep-lines", lines]
        );

        File.ReadLines(Path.Combine(lines, "posts-001.jsonl"))
            .Select(line => System.Text.Json.JsonElement.Parse(line))
            .Select(line =>
                $"{line.GetProperty("post")} {(line.TryGetProperty("parent", out var parent) ? parent.GetString() : "-")}"
            )
            .ShouldBe(["p1 -", "p2 p1", "c1 p2", "c2 c1"]);
    }

    [Theory]
    [InlineData("no.xml", "<posts/>", "is no dump of Stack Exchange")]
    [InlineData("Posts.xml", "<posts><row Id=\"1\"", "Posts.xml is broken, or not in UTF-8.")]
    [InlineData("Posts.xml", "<posts/>", "holds no post that can come in")]
    public async Task a_folder_that_holds_something_else_is_refused(string name, string text, string why)
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        Directory.CreateDirectory(files.PathOf("dump"));
        await File.WriteAllTextAsync(files.PathOf("dump/" + name), text, TestContext.Current.CancellationToken);

        (
            await ForumProcess.RefusedAsync(database, "import", "--from", "stackexchange", files.PathOf("dump"))
        ).ShouldContain(why);
    }

    private static string Write(DiscussionFile files)
    {
        Directory.CreateDirectory(files.PathOf("dump"));
        files.WriteLines(
            "dump/Users.xml",
            "<users>",
            $"""<row Id="1" DisplayName="Ann" AboutMe="{Planted}" EmailHash="{Planted}" />""",
            """<row Id="2" DisplayName="Cid" />""",
            "</users>"
        );
        files.WriteLines(
            "dump/Posts.xml",
            "<posts>",
            """<row Id="1" PostTypeId="1" AcceptedAnswerId="2" CreationDate="2001-02-03T04:05:06.000" OwnerUserId="1" Title="Which pot?" Body="&lt;p&gt;Html.&lt;/p&gt;" Score="2" Tags="&lt;pots&gt;" />""",
            """<row Id="2" PostTypeId="2" ParentId="1" CreationDate="2001-02-03T05:05:06.000" OwnerUserId="7" Body="&lt;p&gt;The *brown* one.&lt;/p&gt;" Score="1" />""",
            """<row Id="3" PostTypeId="5" CreationDate="2001-02-03T05:05:06.000" OwnerUserId="1" Body="A tag." Score="1" />""",
            "</posts>"
        );
        files.WriteLines(
            "dump/PostHistory.xml",
            "<posthistory>",
            History(1, 1, "a", "03T04:05:06", "Pot?"),
            History(2, 2, "a", "03T04:05:06", "Which pot is best?"),
            History(3, 5, "b", "04T04:05:06", "Which **pot** is best?"),
            History(4, 4, "b", "04T04:05:06", "Which pot?"),
            History(5, 6, "c", "05T04:05:06", "&lt;pots&gt;"),
            History(
                6,
                10,
                "d",
                "06T04:05:06",
                "{&quot;Voters&quot;:[{&quot;Id&quot;:2,&quot;DisplayName&quot;:&quot;Cid&quot;}]}",
                "102"
            ),
            History(7, 16, "e", "06T04:05:06", ""),
            "</posthistory>"
        );
        files.WriteLines(
            "dump/Comments.xml",
            "<comments>",
            """<row Id="1" PostId="2" Score="0" Text="Why brown?" CreationDate="2001-02-05T04:05:06.000" UserId="2" />""",
            """<row Id="2" PostId="2" Score="0" Text="@Cid No, the blue one." CreationDate="2001-02-05T05:05:06.000" UserId="1" />""",
            "</comments>"
        );
        files.WriteLines(
            "dump/Votes.xml",
            "<votes>",
            Vote(1, 1, 2, "03"),
            Vote(2, 1, 6, "06"),
            Vote(3, 2, 12, "06"),
            Vote(4, 2, 12, "07"),
            Vote(5, 1, 10, "06"),
            Vote(6, 99, 10, "06"),
            """<row Id="7" PostId="2" VoteTypeId="4" />""",
            "</votes>"
        );
        return files.PathOf("dump");
    }

    private static string Vote(int id, int post, int type, string day) =>
        $"""<row Id="{id}" PostId="{post}" VoteTypeId="{type}" CreationDate="2001-02-{day}T00:00:00.000" />""";

    private static string History(int id, int type, string revision, string time, string text, string comment = "") =>
        $"""<row Id="{id}" PostHistoryTypeId="{type}" PostId="1" RevisionGUID="{revision}" CreationDate="2001-02-{time}.000" UserId="1" Comment="{comment}" Text="{text}" />""";
}
