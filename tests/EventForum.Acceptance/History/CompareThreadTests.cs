using System.Text.Json;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.History;

public sealed class CompareThreadTests(ForumHost forum)
{
    private readonly TestMember moderator = forum.Moderator();

    [Fact]
    public async Task two_moments_differ_in_what_was_added_edited_removed_restored_renamed_locked_and_pinned()
    {
        var thread = await forum.NewThread("The old words.");
        var member = forum.Member();
        var removed = (await member.Reply(thread.Id, "To be removed.")).ShouldBe(201).PostId;
        var restored = (await member.Reply(thread.Id, "To be restored.")).ShouldBe(201).PostId;
        (await member.Remove(restored)).ShouldBe(200);
        var from = (await member.Reply(thread.Id, "To be left alone.")).ShouldBe(201).Version;
        (await thread.Starter.Edit(thread.FirstPostId, "The newer words.", "Draft.")).ShouldBe(200);
        (await thread.Starter.Edit(thread.FirstPostId, "The new words.", "Clearer.")).ShouldBe(200);
        (await moderator.Remove(removed, "Rude.")).ShouldBe(200);
        (await member.Restore(restored)).ShouldBe(200);
        var added = (await member.Reply(thread.Id, "Added.")).ShouldBe(201).PostId;
        (await moderator.Rename(thread.Id, "Another title", "Clearer.")).ShouldBe(200);
        (await moderator.Lock(thread.Id, "For a while.")).ShouldBe(200);
        (await moderator.Unlock(thread.Id)).ShouldBe(200);
        (await moderator.Lock(thread.Id, "Enough.")).ShouldBe(200);
        (await moderator.Pin(thread.Id, "Worth reading.")).ShouldBe(200);

        var answer = (await forum.Stranger().Get($"/api/threads/{thread.Id}/compare?from={from}")).ShouldBe(200);

        var changes = answer.Json.GetProperty("changes").EnumerateArray().ToList();
        changes
            .Select(c => c.GetProperty("kind").GetString())
            .ShouldBe(["edited", "removed", "restored", "added", "renamed", "locked", "pinned"]);
        changes.Select(c => c.GetProperty("version").GetInt64()).ShouldBe([7, 8, 9, 10, 11, 14, 15]);
        changes[0].GetProperty("fromRevision").GetInt32().ShouldBe(1);
        changes[0].GetProperty("toRevision").GetInt32().ShouldBe(3);
        changes[0].GetProperty("reason").GetString().ShouldBe("Clearer.");
        changes[0].GetProperty("by").GetProperty("name").GetString().ShouldBe(thread.Starter.Name);
        changes[0]
            .GetProperty("words")
            .EnumerateArray()
            .Select(w => $"{w.GetProperty("kind").GetString()}:{w.GetProperty("text").GetString()}")
            .ShouldBe(["same:The ", "removed:old", "added:new", "same: words."]);
        changes[1].GetProperty("reason").GetString().ShouldBe("Rude.");
        changes[1].GetProperty("post").GetProperty("id").GetGuid().ShouldBe(removed);
        changes[2].GetProperty("post").GetProperty("id").GetGuid().ShouldBe(restored);
        changes[3].GetProperty("post").GetProperty("id").GetGuid().ShouldBe(added);
        changes[3].GetProperty("body").GetString().ShouldBe("Added.");
        changes[4].GetProperty("before").GetString().ShouldBe(thread.Title);
        changes[4].GetProperty("after").GetString().ShouldBe("Another title");
        changes[5].GetProperty("after").GetString().ShouldBe("Enough.");
        changes[6].GetProperty("reason").GetString().ShouldBe("Worth reading.");
        answer.Json.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task a_change_is_told_of_who_made_it_whatever_happened_to_the_post_around_it()
    {
        var thread = await forum.NewThread("Old words.");
        var edited = thread.FirstPostId;
        var restored = (await thread.Starter.Reply(thread.Id, "To be restored.")).ShouldBe(201).PostId;
        var from = (await moderator.Remove(restored, "Rude.")).ShouldBe(200).Version;
        (await thread.Starter.Edit(edited, "New words.", "A typo.")).ShouldBe(200);
        (await moderator.Remove(edited, "Off topic.")).ShouldBe(200);
        (await moderator.Restore(edited, "On topic.")).ShouldBe(200);
        (await moderator.Restore(restored, "Not rude.")).ShouldBe(200);
        (await thread.Starter.Edit(restored, "Politely.", "Nicer.")).ShouldBe(200);

        var answer = (await forum.Stranger().Get($"/api/threads/{thread.Id}/compare?from={from}")).ShouldBe(200);

        answer
            .Json.GetProperty("changes")
            .EnumerateArray()
            .Select(c =>
                (
                    c.GetProperty("post").GetProperty("id").GetGuid(),
                    c.GetProperty("kind").GetString(),
                    c.GetProperty("by").GetProperty("name").GetString(),
                    c.GetProperty("reason").GetString()
                )
            )
            .ShouldBe([
                (edited, "edited", thread.Starter.Name, "A typo."),
                (restored, "restored", moderator.Name, "Not rude."),
            ]);
    }

    [Fact]
    public async Task what_was_changed_back_is_no_difference_and_what_was_removed_is_withheld()
    {
        var thread = await forum.NewThread("Kept.");
        var gone = (await thread.Starter.Reply(thread.Id, "A secret.")).ShouldBe(201).PostId;
        (await thread.Starter.Remove(thread.FirstPostId)).ShouldBe(200);
        (await thread.Starter.Restore(thread.FirstPostId)).ShouldBe(200);
        (await moderator.Lock(thread.Id)).ShouldBe(200);
        (await moderator.Unlock(thread.Id)).ShouldBe(200);
        (await moderator.Pin(thread.Id)).ShouldBe(200);
        (await moderator.Unpin(thread.Id)).ShouldBe(200);
        (await moderator.Rename(thread.Id, "For a while", "Try.")).ShouldBe(200);
        (await moderator.Rename(thread.Id, thread.Title, "Back.")).ShouldBe(200);
        (await thread.Starter.Edit(gone, "Another secret.")).ShouldBe(200);

        (await Kinds("from=2&to=10")).ShouldBeEmpty();
        (await Kinds("from=7&to=8")).ShouldBe(["unpinned"]);
        (await Kinds("from=2&to=3")).ShouldBe(["removed"]);
        (await Kinds("from=0&to=2")).ShouldBe(["added", "added"]);
        (await forum.Stranger().Get($"/api/threads/{thread.Id}/compare?from=2&to=11")).Text.ShouldContain("secret");
        (await moderator.Remove(gone, "Indiscreet.")).ShouldBe(200);

        foreach (var query in (string[])["from=0&to=2", "from=1&to=11", "from=2&to=11", "from=2", "from=0"])
        {
            (await forum.Stranger().Get($"/api/threads/{thread.Id}/compare?{query}"))
                .ShouldBe(200)
                .Text.ShouldNotContain("secret");
        }

        (await moderator.Get($"/api/threads/{thread.Id}/compare?from=2&to=11"))
            .ShouldBe(200)
            .Text.ShouldContain("secret");

        async Task<List<string?>> Kinds(string query) =>
            [
                .. (await forum.Stranger().Get($"/api/threads/{thread.Id}/compare?{query}"))
                    .ShouldBe(200)
                    .Json.GetProperty("changes")
                    .EnumerateArray()
                    .Select(c => c.GetProperty("kind").GetString()),
            ];
    }

    [Fact]
    public async Task moments_may_be_times_and_differences_come_in_pages()
    {
        var thread = await forum.NewThread();
        var member = forum.Member();
        for (var i = 0; i < 9; i++)
        {
            (await member.Reply(thread.Id, $"Reply {i}.")).ShouldBe(201);
        }

        await Task.WhenAll(Enumerable.Range(0, 21).Select(i => member.Reply(thread.Id, $"Answer {i}.")));
        var events = (await member.Get($"/api/threads/{thread.Id}/events")).Json.GetProperty("events");
        var time = events[9].GetProperty("at").GetString()!;
        var path = $"/api/threads/{thread.Id}/compare?from={Uri.EscapeDataString(time)}&limit=7";
        var numbers = new List<int>();
        long? after = 0;
        while (after is { } cursor)
        {
            var page = (await member.Get($"{path}&after={cursor}")).ShouldBe(200);
            page.Json.GetProperty("from").GetProperty("version").GetInt64().ShouldBe(10);
            page.Json.GetProperty("changes").GetArrayLength().ShouldBeLessThanOrEqualTo(7);
            numbers.AddRange(
                page.Json.GetProperty("changes")
                    .EnumerateArray()
                    .Select(c => c.GetProperty("post").GetProperty("number").GetInt32())
            );
            after = page.Json.GetProperty("next") is { ValueKind: JsonValueKind.Number } next ? next.GetInt64() : null;
        }

        numbers.ShouldBe(Enumerable.Range(11, 21));
        (await member.Get($"/api/threads/{thread.Id}/compare?from=1999-01-01T00:00:00Z&to=1")).ShouldBe(200);
        (await member.Get($"/api/threads/{thread.Id}/compare?from=1999-01-01T00:00:00%2B02:00&to=1")).ShouldBe(200);
    }

    [Fact]
    public async Task texts_are_compared_as_they_were_read_with_what_they_quote()
    {
        var thread = await forum.NewThread("The **quoted** words.");
        var member = forum.Member();
        var post = (await member.Quote(thread.FirstPostId, "An *old* answer.")).ShouldBe(201);
        (await member.Edit(post.PostId, "A *new* answer.")).ShouldBe(200);
        (await member.Edit(post.PostId, "A **new** answer.")).ShouldBe(200);

        var added = await Change("from=1&to=2");
        var edited = await Change("from=2&to=3");
        var formatted = await Change("from=3&to=4");

        added
            .GetProperty("body")
            .GetString()
            .ShouldBe($"{thread.Starter.Name} wrote:\n\n    The quoted words.\n\nAn old answer.");
        Words(edited)
            .ShouldBe([
                $"removed:{thread.Starter.Name} wrote:\n\n    The quoted words.\n\nAn old",
                "added:A new",
                "same: answer.",
            ]);
        Words(formatted).ShouldBe(["same:A new answer."]);

        async Task<JsonElement> Change(string query) =>
            (await forum.Stranger().Get($"/api/threads/{thread.Id}/compare?{query}"))
                .ShouldBe(200)
                .Json.GetProperty("changes")[0];

        static IEnumerable<string> Words(JsonElement change) =>
            change
                .GetProperty("words")
                .EnumerateArray()
                .Select(w => $"{w.GetProperty("kind").GetString()}:{w.GetProperty("text").GetString()}");
    }

    [Theory]
    [InlineData("", 400, "moment-missing")]
    [InlineData("?from=yesterday", 400, "moment-missing")]
    [InlineData("?from=1&to=99", 404, "version-not-found")]
    [InlineData("?from=1&to=0", 422, "moments-reversed")]
    [InlineData("?from=1999-01-01&to=1999-01-02", 404, "thread-not-started")]
    [InlineData("?from=2100-01-01T00:00:00Z&to=0", 422, "moments-reversed")]
    public async Task moments_that_make_no_sense_are_refused(string query, int status, string type)
    {
        var thread = await forum.NewThread();

        (await forum.Stranger().Get($"/api/threads/{thread.Id}/compare{query}")).ShouldBeProblem(status, type);
    }
}
