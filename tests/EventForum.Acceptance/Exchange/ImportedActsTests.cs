using EventForum.Acceptance.Harness;
using EventForum.Acceptance.RealInput;

namespace EventForum.Acceptance.Exchange;

/// <summary>What moderators did elsewhere comes in between the posts that it was done to.</summary>
public sealed class ImportedActsTests
{
    [Fact]
    public async Task what_moderators_did_comes_in_at_its_own_time()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        var posts = files.WriteLines(
            "posts.jsonl",
            DiscussionFile.Post("a", "First.", "04:05:00"),
            DiscussionFile.Post("b", "Second.", "04:10:00"),
            DiscussionFile.Post("c", "Third.", "04:20:00")
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

        DiscussionFile
            .Defects(defects)
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
}
