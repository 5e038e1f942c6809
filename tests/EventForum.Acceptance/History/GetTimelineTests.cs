using System.Text.Json;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.History;

public sealed class GetTimelineTests(ForumHost forum)
{
    private readonly TestMember moderator = forum.Moderator();

    [Fact]
    public async Task a_timeline_counts_every_post_and_marks_every_other_event()
    {
        var thread = await forum.NewThread();
        var reply = (await thread.Starter.Reply(thread.Id, "A reply.")).ShouldBe(201);
        (await thread.Starter.Edit(reply.PostId, "A better reply.", "typo")).ShouldBe(200);
        (await moderator.Remove(reply.PostId, "Rude.")).ShouldBe(200);
        (await moderator.Restore(reply.PostId, "Not rude.")).ShouldBe(200);
        (await moderator.Rename(thread.Id, "Another title", "Clearer.")).ShouldBe(200);
        (await moderator.Lock(thread.Id, "Enough.")).ShouldBe(200);
        (await moderator.Unlock(thread.Id, "Go on.")).ShouldBe(200);
        (await thread.Starter.Reply(thread.Id, "Another.")).ShouldBe(201);

        var timeline = await TimelineOf(thread.Id);

        timeline.GetProperty("version").GetInt64().ShouldBe(9);
        var buckets = timeline.GetProperty("buckets").EnumerateArray().ToList();
        buckets.Sum(bucket => bucket.GetProperty("posts").GetInt32()).ShouldBe(3);
        buckets[0].GetProperty("firstVersion").GetInt64().ShouldBe(1);
        buckets[^1].GetProperty("lastVersion").GetInt64().ShouldBe(9);
        buckets[0].GetProperty("from").GetDateTimeOffset().ShouldBe(timeline.GetProperty("from").GetDateTimeOffset());
        buckets[^1].GetProperty("to").GetDateTimeOffset().ShouldBe(timeline.GetProperty("to").GetDateTimeOffset());
        var marks = timeline.GetProperty("marks").EnumerateArray().ToList();
        marks.Sum(mark => mark.GetProperty("count").GetInt32()).ShouldBe(6);
        var renamed = marks.Single(mark => mark.GetProperty("type").GetString() == "thread_renamed");
        renamed.GetProperty("version").GetInt64().ShouldBe(6);
        renamed
            .GetProperty("sentence")
            .GetString()
            .ShouldBe($"{moderator.Name} renamed the thread to “Another title”: Clearer.");
    }

    [Fact]
    public async Task a_timeline_names_boards_and_threads_only_to_who_sees_them()
    {
        var admin = forum.Admin();
        var thread = await forum.NewThread();
        var hidden = await forum.NewThread();
        (await admin.Permit(hidden.BoardId, see: new { roles = (string[])["staff"] })).ShouldBe(200);
        var board = (await admin.Get($"/api/boards/{hidden.BoardId}/threads")).ShouldBe(200).Json;
        var name = board.GetProperty("name").GetString()!;
        (await admin.Move(hidden.BoardId, thread.Id)).ShouldBe(201);
        (await admin.Move(thread.BoardId, thread.Id)).ShouldBe(201);
        (await admin.MovePosts(thread.Id, [hidden.FirstPostId])).ShouldBe(201);
        var path = $"/api/threads/{thread.Id}/timeline";

        (await admin.Get(path)).ShouldBe(200).Text.ShouldContain(name);
        foreach (var address in (string[])[path, $"/threads/{thread.Id}/timeline", $"/threads/{thread.Id}?version=1"])
        {
            var answer = (await forum.Stranger().Get(address)).ShouldBe(200).Text;
            answer.ShouldNotContain(name);
            answer.ShouldNotContain(hidden.Title);
        }
    }

    [Fact]
    public async Task a_timeline_is_bounded_however_much_happens_at_once()
    {
        var thread = await forum.NewThread();
        for (var i = 0; i < 30; i++)
        {
            (await thread.Starter.Edit(thread.FirstPostId, $"Version {i}.")).ShouldBe(200);
        }

        await forum.Database.ExecuteAsync(
            "update forum.mt_events set timestamp = '2006-02-21T16:21:00Z' where stream_id = $1",
            thread.Id
        );
        var atOnce = await TimelineOf(thread.Id);

        atOnce.GetProperty("buckets").GetArrayLength().ShouldBe(1);
        var mark = atOnce.GetProperty("marks").EnumerateArray().ShouldHaveSingleItem();
        mark.GetProperty("count").GetInt32().ShouldBe(30);
        mark.GetProperty("version").GetInt64().ShouldBe(31);
        mark.GetProperty("sentence").GetString().ShouldBe($"{thread.Starter.Name} edited post 1, and 29 more before");
    }

    [Fact]
    public async Task a_timeline_follows_the_thread_and_has_a_tag()
    {
        var thread = await forum.NewThread();
        var path = $"/api/threads/{thread.Id}/timeline";
        var first = (await thread.Starter.Get(path)).ShouldBe(200);
        (await thread.Starter.GetUnless(path, first.Headers.ETag!)).ShouldBe(304);

        (await thread.Starter.Reply(thread.Id, "A reply.")).ShouldBe(201);

        (await TimelineOf(thread.Id)).GetProperty("version").GetInt64().ShouldBe(2);
        (await thread.Starter.GetUnless(path, first.Headers.ETag!)).ShouldBe(200);
    }

    [Fact]
    public async Task a_thread_that_there_is_not_has_no_timeline() =>
        (await forum.Stranger().Get($"/api/threads/{Guid.CreateVersion7()}/timeline")).ShouldBeProblem(
            404,
            "thread-not-found"
        );

    private async Task<JsonElement> TimelineOf(Guid thread) =>
        (await forum.Stranger().Get($"/api/threads/{thread}/timeline")).ShouldBe(200).Json;
}
