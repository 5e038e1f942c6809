using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Members;

/// <summary>A title in the past counts the posts up to then, in whatever order they were told.</summary>
public sealed class FirstPostsTests
{
    [Fact]
    public async Task posts_of_years_ago_that_are_told_late_count_from_their_own_time()
    {
        var clock = new ShiftedClock();
        await using var own = await ForumHost.StartAsync(clock);
        var board = await own.NewBoard();
        var member = own.Member();
        var recent = (await member.StartThread(board, "Recent", "Text.")).ShouldBe(201).ThreadId;
        for (var i = 2; i <= 4; i++)
        {
            (await member.Reply(recent, $"Post {i}.")).ShouldBe(201);
        }

        var last = (await member.Reply(recent, "Post 5.")).ShouldBe(201).Position;
        (await TitlesAsync(recent)).ShouldBe(["New member", "New member", "New member", "New member", "Member"]);

        clock.Shift = TimeSpan.FromDays(-1000);
        var old = (await member.StartThread(board, "Old", "Text.")).ShouldBe(201).ThreadId;
        last = (await member.Reply(old, "Post 2.")).ShouldBe(201).Position;
        clock.Shift = TimeSpan.Zero;

        (await TitlesAsync(recent)).ShouldBe(["New member", "New member", "Member", "Member", "Member"]);
        (await TitlesAsync(old)).ShouldBe(["New member", "New member"]);

        async Task<List<string>> TitlesAsync(Guid thread)
        {
            var titles = new List<string>();
            var path = $"/api/threads/{thread}?min-position={last}";
            var versions = (await own.Stranger().Get(path)).ShouldBe(200).Json.GetProperty("version").GetInt32();
            for (var version = 1; version <= versions; version++)
            {
                var page = (await own.Stranger().Get($"{path}&version={version}")).ShouldBe(200).Json;
                titles.Add(page.GetProperty("starter").GetProperty("title").GetString()!);
            }

            return titles;
        }
    }
}
