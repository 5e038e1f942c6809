using System.Text.Json;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.History;

public sealed class GetThreadEventsTests(ForumHost forum)
{
    private readonly TestMember moderator = forum.Moderator();

    [Fact]
    public async Task a_threads_history_says_who_did_what_when_and_why()
    {
        var thread = await forum.NewThread("A claim.");
        var replier = forum.Member();
        var reply = (await replier.Quote(thread.FirstPostId, "I doubt it.", "claim")).ShouldBe(201);
        (await replier.Edit(reply.PostId, "I doubt it very much.")).ShouldBe(200);
        (await moderator.Remove(reply.PostId, "Rude.")).ShouldBe(200);
        (await moderator.Restore(reply.PostId, "Not so rude.")).ShouldBe(200);
        (await moderator.Lock(thread.Id, "Enough.")).ShouldBe(200);

        var page = (await forum.Stranger().Get($"/api/threads/{thread.Id}/events")).ShouldBe(200);

        page.Version.ShouldBe(6);
        page.Json.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
        var events = Events(page);
        events.Select(e => e.GetProperty("version").GetInt64()).ShouldBe([1, 2, 3, 4, 5, 6]);
        events.Select(Type).ShouldBe(await forum.Database.EventsOfAsync(thread.Id));
        events
            .Select(e => e.GetProperty("sentence").GetString())
            .ShouldBe([
                $"{thread.Starter.Name} started the thread “{thread.Title}”",
                $"{replier.Name} wrote post 2, quoting post 1 by {thread.Starter.Name}",
                $"{replier.Name} edited post 2",
                $"{moderator.Name} removed post 2 by {replier.Name}: Rude.",
                $"{moderator.Name} restored post 2 by {replier.Name}: Not so rude.",
                $"{moderator.Name} locked the thread: Enough.",
            ]);
        var removal = events[3];
        removal.GetProperty("actor").GetProperty("id").GetGuid().ShouldBe(await moderator.Id());
        removal.GetProperty("post").GetProperty("number").GetInt32().ShouldBe(2);
        removal.GetProperty("post").GetProperty("id").GetGuid().ShouldBe(reply.PostId);
        removal.GetProperty("data").GetProperty("reason").GetString().ShouldBe("Rude.");
        removal.GetProperty("stream").GetString().ShouldBe("thread");
        removal.GetProperty("streamId").GetGuid().ShouldBe(thread.Id);
        removal
            .GetProperty("at")
            .GetDateTimeOffset()
            .ShouldBeGreaterThan(events[2].GetProperty("at").GetDateTimeOffset());
        events.ShouldAllBe(e => !string.IsNullOrEmpty(e.GetProperty("correlationId").GetString()));
        events
            .Select(e => e.GetProperty("causationId").GetString())
            .Distinct(StringComparer.Ordinal)
            .Count()
            .ShouldBe(6);
        events[1].GetProperty("position").GetInt64().ShouldBe(reply.Position);
        events[2].GetProperty("data").GetProperty("body").GetString().ShouldBe("I doubt it very much.");
    }

    [Fact]
    public async Task the_words_of_a_removed_post_are_withheld_in_every_event_that_carries_them()
    {
        var thread = await forum.NewThread("A secret.");
        (await thread.Starter.Edit(thread.FirstPostId, "Another secret.", "Typing.")).ShouldBe(200);
        (await moderator.Remove(thread.FirstPostId, "Indiscreet.")).ShouldBe(200);
        var path = $"/api/threads/{thread.Id}/events";

        foreach (var reader in (TestMember[])[forum.Stranger(), forum.Member(), thread.Starter])
        {
            var seen = (await reader.Get(path)).ShouldBe(200);
            seen.Text.ShouldNotContain("secret");
            seen.Text.ShouldContain("Indiscreet.");
            seen.Text.ShouldNotContain("Typing.");
            Events(seen).Select(e => e.GetProperty("withheld").GetBoolean()).ShouldBe([true, true, false]);
        }

        var all = (await moderator.Get(path)).ShouldBe(200);
        all.Text.ShouldContain("A secret.");
        all.Text.ShouldContain("Another secret.");
        all.Text.ShouldContain("Typing.");
        (await moderator.Restore(thread.FirstPostId, "Harmless.")).ShouldBe(200);
        (await forum.Stranger().Get(path)).ShouldBe(200).Text.ShouldContain("Another secret.");
    }

    [Fact]
    public async Task pages_follow_each_other_by_version()
    {
        var thread = await forum.NewThread();
        var member = forum.Member();
        await Task.WhenAll(Enumerable.Range(0, 24).Select(i => member.Reply(thread.Id, $"Reply {i}.")));
        var versions = new List<long>();
        long? after = 0;
        while (after is { } cursor)
        {
            var page = (await member.Get($"/api/threads/{thread.Id}/events?after={cursor}&limit=10")).ShouldBe(200);
            versions.AddRange(Events(page).Select(e => e.GetProperty("version").GetInt64()));
            after = page.Json.GetProperty("next") is { ValueKind: JsonValueKind.Number } next ? next.GetInt64() : null;
        }

        versions.ShouldBe(Enumerable.Range(1, 25).Select(i => (long)i));
    }

    [Fact]
    public async Task a_history_can_be_filtered_by_type_actor_and_post()
    {
        var thread = await forum.NewThread();
        var one = forum.Member();
        var other = forum.Member();
        var post = (await one.Reply(thread.Id, "One.")).ShouldBe(201).PostId;
        (await other.Reply(thread.Id, "Other.")).ShouldBe(201);
        (await one.Edit(post, "One, better.")).ShouldBe(200);
        (await moderator.Remove(post, "Why not.")).ShouldBe(200);

        (await Versions("types=reply_posted")).ShouldBe([2, 3]);
        (await Versions("types=post_edited,post_removed")).ShouldBe([4, 5]);
        (await Versions($"actor={Uri.EscapeDataString(one.Name.ToUpperInvariant())}")).ShouldBe([2, 4]);
        (await Versions($"actor={await other.Id()}")).ShouldBe([3]);
        (await Versions($"post={post}")).ShouldBe([2, 4, 5]);
        (await Versions("post=2")).ShouldBe([2, 4, 5]);
        (await Versions($"post=2&actor={await one.Id()}&types=post_edited")).ShouldBe([4]);
        (await Versions($"types=reply_posted&after={long.MaxValue}")).ShouldBeEmpty();
        (await Get("types=post_eaten")).ShouldBeProblem(422, "event-type-unknown");
        (await Get("post=99")).ShouldBeProblem(404, "post-not-found");
        (await Get("actor=nobody%20at%20all")).ShouldBeProblem(404);

        Task<Answer> Get(string query) => forum.Stranger().Get($"/api/threads/{thread.Id}/events?{query}");

        async Task<List<long>> Versions(string query) =>
            [.. Events((await Get(query)).ShouldBe(200)).Select(e => e.GetProperty("version").GetInt64())];
    }

    [Fact]
    public async Task an_unchanged_history_is_304()
    {
        var thread = await forum.NewThread();
        var reader = forum.Stranger();
        var path = $"/api/threads/{thread.Id}/events";
        var tag = (await reader.Get(path)).ShouldBe(200).Headers.ETag.ShouldNotBeNull();

        (await reader.GetUnless(path, tag)).ShouldBe(304);
        (await forum.Member().Reply(thread.Id, "News.")).ShouldBe(201);
        (await reader.GetUnless(path, tag)).ShouldBe(200);
    }

    [Fact]
    public async Task a_thread_that_is_not_there_has_no_history()
    {
        (await forum.Stranger().Get($"/api/threads/{Guid.CreateVersion7()}/events")).ShouldBeProblem(
            404,
            "thread-not-found"
        );
        (await forum.Stranger().Get($"/api/threads/{await moderatorId()}/events")).ShouldBeProblem(404);

        async Task<Guid> moderatorId() => await (await forum.NewThread()).Starter.Id();
    }

    private static List<JsonElement> Events(Answer page) => [.. page.Json.GetProperty("events").EnumerateArray()];

    private static string? Type(JsonElement e) => e.GetProperty("type").GetString();
}
