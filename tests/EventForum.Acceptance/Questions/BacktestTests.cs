using System.Text.Json;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Questions;

/// <summary>A policy is tried on what was written, and compared with what moderators removed.</summary>
public sealed class BacktestTests : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("eventforum-policy-");

    [Fact]
    public async Task a_policy_is_compared_with_what_moderators_removed()
    {
        await using var forum = await ForumHost.StartAsync(null, ("Sample", "false"));
        var moderator = forum.Moderator();
        var thread = await forum.NewThread("Nothing to see.");
        var spammer = forum.Member();
        var first = (await spammer.Reply(thread.Id, "Visit the\u009b31m CASINO\r\nof your dreams.")).ShouldBe(201);
        var second = (await spammer.Reply(thread.Id, "Innocent.")).ShouldBe(201);
        (await spammer.Edit(second.PostId, "The casino, again.")).ShouldBe(200);
        var third = (await spammer.Reply(thread.Id, "An advertisement without the word.")).ShouldBe(201);
        var own = (await thread.Starter.Reply(thread.Id, "A casino is a house of cards.")).ShouldBe(201);
        (await moderator.Remove(first.PostId, "Spam.")).ShouldBe(200);
        (await moderator.Remove(third.PostId, "Spam.")).ShouldBe(200);
        (await thread.Starter.Remove(own.PostId)).ShouldBe(200);
        // What waits since its author is silenced, nobody has decided about.
        var silenced = forum.Member();
        (await silenced.Reply(thread.Id, "Aloud.")).ShouldBe(201);
        (await moderator.Silence(silenced)).ShouldBe(201);
        (await silenced.Reply(thread.Id, "Unheard.")).ShouldBe(201);
        var policy = await PolicyAsync("""{"words":["casino"]}""");
        var before = await forum.Database.ScalarAsync<long>("select max(seq_id) from forum.mt_events");

        var said = await ForumProcess.CommandAsync(forum.Database, "views", "backtest", policy);

        said.ShouldContain("Caught:      3 of 7 posts (42.8");
        said.ShouldContain("in 3 texts: 3 by words");
        said.ShouldContain("Members:     2 of 3 who wrote");
        said.ShouldContain("Moderators:  removed 2 of the posts, of which 1 are caught");
        said.ShouldContain("Precision:   33.3");
        said.ShouldContain("Recall:      50.0");
        said.ShouldContain("Visit the31m CASINO of your dreams.");
        said.ShouldNotContain("\u009b");

        var rows = JsonElement
            .Parse(await ForumProcess.CommandAsync(forum.Database, "backtest", policy, "--json", "--last", "1d"))
            .EnumerateArray()
            .ToList();
        rows.Select(row => row.GetProperty("post").GetInt32()).ShouldBe([2, 3, 5]);
        rows.Select(row => row.GetProperty("isEdit").GetBoolean()).ShouldBe([false, true, false]);
        rows.Select(row => row.GetProperty("removalReason").GetString()).ShouldBe(["Spam.", null, null]);
        rows.ShouldAllBe(row => row.GetProperty("thread").GetString() == thread.Title);
        rows[0].GetProperty("member").GetString().ShouldBe(spammer.Name);
        rows[0].GetProperty("removedBy").GetString().ShouldBe(moderator.Name);
        (await ForumProcess.CommandAsync(forum.Database, "backtest", policy, "--csv")).Split('\n').Length.ShouldBe(5);
        (await ForumProcess.CommandAsync(forum.Database, "backtest", policy, "--to", "2001-01-01")).ShouldContain(
            "Caught:      0 of 0 posts"
        );
        (await forum.Database.ScalarAsync<long>("select max(seq_id) from forum.mt_events")).ShouldBe(before);
    }

    [Fact]
    public async Task a_file_that_is_no_policy_is_said()
    {
        await using var database = await TestDatabase.CreateAsync();
        var policy = await PolicyAsync("""{"words":"casino"}""");

        var (code, said) = await ForumProcess.TryCommandAsync(database, "backtest", policy);

        code.ShouldBe(1);
        said.Trim()
            .ShouldBe("policy.json is no policy: \"words\" must be a list of 1 to 1,000 texts, as [\"casino\"].");
    }

    [Fact]
    public async Task a_database_without_a_forum_is_said_and_stays_empty()
    {
        await using var database = await TestDatabase.CreateAsync();

        var (code, said) = await ForumProcess.TryCommandAsync(
            database,
            "backtest",
            await PolicyAsync("""{"words":["casino"]}""")
        );

        code.ShouldBe(1);
        said.Trim().ShouldBe("This database holds no forum yet: start one on it, or import something.");
        (await database.ScalarAsync<bool>("select to_regclass('forum.mt_events') is null")).ShouldBeTrue();
    }

    public ValueTask DisposeAsync()
    {
        folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task<string> PolicyAsync(string json)
    {
        var path = Path.Combine(folder.FullName, "policy.json");
        await File.WriteAllTextAsync(path, json);
        return path;
    }
}
