using System.Text.Json;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Audit;

public sealed class StoryTests(ForumHost forum)
{
    [Fact]
    public async Task a_post_is_followed_through_threads_quotes_reports_batches_and_undos()
    {
        // Reports are told to who moderates all boards.
        var moderator = forum.Admin();
        var (one, other) = (await forum.NewThread(), await forum.NewThread());
        var author = forum.Member();
        var post = (await author.Reply(one.Id, "Some words of mine.")).ShouldBe(201).PostId;
        (await author.Edit(post, "Some other words of mine.", "Clearer.")).ShouldBe(200);
        (await forum.Member().Quote(post, "So it is.")).ShouldBe(201);
        (await forum.Member().Report(post, "off-topic")).ShouldBe(201);
        (await moderator.Take(await moderator.CaseOf(post))).ShouldBe(200);
        var split = (await moderator.Split(one.Id, [post], "Split off")).ShouldBe(201);
        var thread = (await author.Get($"/api/posts/{post}")).ShouldBe(200).ThreadId;
        (
            await moderator.Batch(
                new
                {
                    kind = "merge-threads",
                    reason = "They are one.",
                    threads = (Guid[])[thread],
                    into = other.Id,
                }
            )
        ).ShouldBe(201);
        var known = await moderator.CaseOf(post);
        var removed = (await moderator.Resolve(known, post)).ShouldBe(201).Id("batchId");
        var last = (await moderator.Undo(removed)).ShouldBe(201).Position;

        var story = (await moderator.Get($"/api/audit/posts/{post}?min-position={last}")).ShouldBe(200);

        // What one command stores in several streams comes in the order of their ids.
        var types = Types(story);
        string.Join(' ', types.Take(5)).ShouldBe("reply_posted post_edited reply_posted post_reported case_taken");
        Together(types, 5, 3).ShouldBe("batch_applied posts_moved_in posts_moved_out", "split-thread");
        Together(types, 8, 3).ShouldBe("batch_applied posts_moved_in posts_moved_out", "merge-threads");
        Together(types, 11, 3).ShouldBe("batch_applied case_resolved post_removed", "remove-posts");
        Together(types, 14, 3).ShouldBe("batch_applied post_holds_restored", "undo");
        var entries = story.Json.GetProperty("entries").EnumerateArray().ToList();
        entries.Select(e => e.GetProperty("position").GetInt64()).ShouldBeInOrder();
        var out1 = entries.First(e => Type(e) == "posts_moved_out");
        Sentence(out1).ShouldBe($"{moderator.Name} moved this post (#2) to “Split off”");
        out1.GetProperty("reason").GetString().ShouldBe("Another matter.");
        out1.GetProperty("batchId").GetGuid().ShouldBe(split.Id("batchId"));
        out1.GetProperty("thread").GetProperty("title").GetString().ShouldBe(one.Title);
        entries[3].GetProperty("actor").ValueKind.ShouldBe(JsonValueKind.Null);
        entries[3].GetProperty("caseId").GetGuid().ShouldBe(known);
        story.Json.GetProperty("of").GetProperty("name").GetString().ShouldBe(author.Name);

        // A batch has a story of its own, and so have the threads and the member.
        Types(await moderator.Get($"/api/audit/batches/{removed}"))
            .Order(StringComparer.Ordinal)
            .ShouldBe(["batch_applied", "batch_applied", "batch_undone", "case_resolved", "post_removed"]);
        Types(await moderator.Get($"/api/audit/threads/{thread}")).ShouldContain(type => type == "thread_split_off");
        Types(await moderator.Get($"/api/audit/members/{await author.Id()}"))
            .ShouldContain(type => type == "post_removed");

        // Of a case a thread's story tells what happened while the post was there.
        CaseEvents(await moderator.Get($"/api/audit/threads/{one.Id}")).ShouldBe(["post_reported", "case_taken"]);
        CaseEvents(await moderator.Get($"/api/audit/threads/{thread}")).ShouldBeEmpty();
        CaseEvents(await moderator.Get($"/api/audit/threads/{other.Id}")).ShouldBe(["case_resolved"]);
    }

    [Fact]
    public async Task a_story_comes_in_pages_and_in_files_and_by_actor_type_and_time()
    {
        var moderator = forum.Moderator();
        var thread = await forum.NewThread();
        for (var i = 0; i < 6; i++)
        {
            (await thread.Starter.Edit(thread.FirstPostId, $"Edit {i}.", "=1+1")).ShouldBe(200);
        }

        var last = (await moderator.Lock(thread.Id, "Settled.")).ShouldBe(200).Position;
        var path = $"/api/audit/threads/{thread.Id}?min-position={last}";

        var whole = Types((await moderator.Get(path)).ShouldBe(200));
        whole.Count.ShouldBe(8);
        var paged = new List<string>();
        for (long? after = 0; after is not null; )
        {
            var page = (await moderator.Get($"{path}&limit=3&after={after}")).ShouldBe(200);
            paged.AddRange(Types(page));
            var next = page.Json.GetProperty("next");
            after = next.ValueKind == JsonValueKind.Null ? null : next.GetInt64();
        }

        paged.ShouldBe(whole);
        Types(await moderator.Get($"{path}&actor={Uri.EscapeDataString(moderator.Name)}")).ShouldBe(["thread_locked"]);
        Types(await moderator.Get($"{path}&types=post_edited&limit=2")).ShouldBe(["post_edited", "post_edited"]);
        Types(await moderator.Get($"{path}&to=2001-01-01T00:00:00Z")).ShouldBeEmpty();
        Types(await moderator.Get($"{path}&from=2001-01-01T00:00:00Z")).ShouldBe(whole);
        (await moderator.Get($"{path}&types=nothing")).ShouldBeProblem(422, "event-type-unknown");
        (await moderator.Get($"{path}&actor=nobody")).ShouldBeProblem(404, "member-not-found");
        (await moderator.Get($"{path}&format=xml")).ShouldBeProblem(422, "format-unknown");

        var lines = (await moderator.GetAs(path, "application/x-ndjson")).ShouldBe(200);
        lines.Text.TrimEnd('\n').Split('\n').Select(line => Type(JsonElement.Parse(line))).ShouldBe(whole);
        var csv = (await moderator.GetAs(path, "text/csv")).ShouldBe(200).Text.Split("\r\n");
        csv[0].ShouldStartWith("position,at,type,stream,streamId,version,actorId,actor,sentence,reason,batchId,");
        csv[2].ShouldContain(",'=1+1,");
        csv.Length.ShouldBe(10);
    }

    [Fact]
    public async Task stories_are_for_moderators_and_tell_nobody_who_reported()
    {
        var thread = await forum.NewThread();
        var reporter = forum.Member();
        (await reporter.Reply(thread.Id, "I was here.")).ShouldBe(201);
        var text = $"told{Guid.CreateVersion7():N}";
        (await reporter.Report(thread.FirstPostId, "other", text)).ShouldBe(201);
        var last = (await forum.Moderator().Lock(thread.Id)).ShouldBe(200).Position;
        string[] things =
        [
            $"posts/{thread.FirstPostId}",
            $"threads/{thread.Id}",
            $"members/{await reporter.Id()}",
            $"members/{await thread.Starter.Id()}",
            $"boards/{thread.BoardId}",
        ];

        foreach (var thing in things)
        {
            var path = $"/api/audit/{thing}?min-position={last}&limit=500";
            (await forum.Member().Get(path)).ShouldBeProblem(403, "moderators-only");
            (await forum.Stranger().Get(path)).ShouldBeProblem(403, "moderators-only");
            var story = (await forum.Admin().Get(path)).ShouldBe(200);
            story.Text.ShouldNotContain(text);
            foreach (var e in story.Json.GetProperty("entries").EnumerateArray().Where(e => Type(e) == "post_reported"))
            {
                e.GetProperty("actor").ValueKind.ShouldBe(JsonValueKind.Null);
                e.GetProperty("data").ValueKind.ShouldBe(JsonValueKind.Null);
            }
        }

        var own = $"/api/audit/members/{await reporter.Id()}?limit=500";
        Types(await forum.Admin().Get(own)).ShouldNotContain(type => type == "post_reported");
        Types(await forum.Admin().Get($"/api/audit/posts/{thread.FirstPostId}?actor={await reporter.Id()}"))
            .ShouldBeEmpty();
        (await forum.Admin().Get($"/api/audit/posts/{Guid.CreateVersion7()}")).ShouldBeProblem(404, "post-not-found");
        (await forum.Admin().Get($"/api/audit/batches/{Guid.CreateVersion7()}")).ShouldBeProblem(
            404,
            "batch-not-found"
        );
    }

    private static IEnumerable<string> CaseEvents(Answer story) =>
        Types(story)
            .Where(type =>
                type.Contains("report", StringComparison.Ordinal) || type.StartsWith("case", StringComparison.Ordinal)
            );

    private static string Together(List<string> types, int from, int count) =>
        string.Join(' ', types.Skip(from).Take(count).Order(StringComparer.Ordinal));

    private static List<string> Types(Answer story) =>
        [.. story.ShouldBe(200).Json.GetProperty("entries").EnumerateArray().Select(Type)];

    private static string Type(JsonElement entry) => entry.GetProperty("type").GetString()!;

    private static string Sentence(JsonElement entry) => entry.GetProperty("sentence").GetString()!;
}
