using EventForum.Acceptance.Exchange;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Threads.Reading;

public sealed class RestoredPostTests
{
    [Fact]
    public async Task what_was_written_while_a_post_was_removed_is_part_of_its_history_when_it_is_back()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var files = new DiscussionFile();
        var posts = files.WriteLines(
            "posts.jsonl",
            """{"source":"s","thread":"t","thread_title":"Title","post":"a","author":"Ann","posted_at":"2001-02-03T04:05:00Z","body":"New words."}"""
        );
        var revisions = files.WriteLines(
            "revisions.jsonl",
            Revision(1, "Old words.", "04:05:00"),
            Revision(2, "New words.", "04:15:00")
        );
        var acts = files.WriteLines("acts.jsonl", Act("deleted", "04:10:00"), Act("undeleted", "04:20:00"));
        await ForumProcess.CommandAsync(database, "import", posts, acts, "--revisions", revisions);
        await using var forum = await ForumHost.StartAsync(database);
        var post = await database.ScalarAsync<Guid>(
            "select post_id from forum.posts where to_version is null and body = 'New words.'"
        );
        var reader = forum.Stranger();

        var diff = (await reader.Get($"/api/posts/{post}/diff")).ShouldBe(200).Json;

        diff.GetProperty("changes")
            .EnumerateArray()
            .Select(change => $"{change.GetProperty("kind")} {change.GetProperty("text")}")
            .ShouldBe(["removed Old", "added New", "same  words."]);
        (await reader.Get($"/api/posts/{post}/revisions"))
            .ShouldBe(200)
            .Json.GetProperty("revisions")
            .EnumerateArray()
            .Select(revision => revision.GetProperty("body").GetString())
            .ShouldBe(["Old words.", "New words."]);
        (await reader.Get($"/posts/{post}/history")).ShouldBe(200).Text.ShouldContain("New words.");
        (await reader.Get($"/posts/{post}/diff")).ShouldBe(200);
    }

    private static string Revision(int number, string text, string time) =>
        $$"""{"source":"s","thread":"t","post":"a","revision":{{number}},"author":"Ann","at":"2001-02-03T{{time}}Z","text":"{{text}}"}""";

    private static string Act(string what, string time) =>
        $$"""{"source":"s","thread":"t","post":"a","event":"{{what}}","actor":"Moira","at":"2001-02-03T{{time}}Z"}""";
}
