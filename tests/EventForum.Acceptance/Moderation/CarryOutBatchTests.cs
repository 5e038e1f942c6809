using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Moderation;

public sealed class CarryOutBatchTests(ForumHost forum)
{
    private static readonly string[] Nobody = ["nobody"];

    [Fact]
    public async Task a_members_posts_in_several_threads_are_removed_at_once_and_come_back_with_what_others_did()
    {
        var spammer = forum.Member();
        var moderator = forum.Moderator();
        var threads = new List<TestThread>();
        var posts = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            var thread = await forum.NewThread();
            threads.Add(thread);
            for (var j = 0; j < 10; j++)
            {
                posts.Add((await spammer.Reply(thread.Id, $"Buy {i} {j}.")).ShouldBe(201).PostId);
            }
        }

        (await spammer.Remove(posts[0])).ShouldBe(200);
        (await forum.Moderator().Remove(posts[1], "Noise.")).ShouldBe(200);
        var before = await PagesAsync();
        var request = new
        {
            kind = "remove-by-member",
            reason = "Spam.",
            memberId = await spammer.Id(),
        };

        var preview = (await moderator.Preview(request)).ShouldBe(200).Json;
        preview.GetProperty("posts").GetInt32().ShouldBe(30);
        preview.GetProperty("threads").GetInt32().ShouldBe(3);
        preview.GetProperty("members").GetInt32().ShouldBe(1);
        (await PagesAsync()).ShouldBe(before, "A preview changes nothing.");

        var batch = (await moderator.Batch(request)).ShouldBe(201);
        batch.Json.GetProperty("posts").GetInt32().ShouldBe(30);
        var removed = await PagesAsync();
        removed.ShouldAllBe(page => !page.Contains("Buy ", StringComparison.Ordinal));
        (await moderator.Batch(request)).ShouldBeProblem(409, "nothing-to-do");
        var left = (await moderator.Preview(request)).ShouldBe(200).Json;
        left.GetProperty("posts").GetInt32().ShouldBe(0);
        left.GetProperty("leftAlone").GetInt32().ShouldBe(30);

        var undo = (await moderator.Undo(batch.Id("batchId"))).ShouldBe(201);
        (await PagesAsync()).ShouldBe(before);
        (await moderator.Undo(batch.Id("batchId"))).ShouldBeProblem(409, "batch-undone");
        (await moderator.Undo(undo.Id("batchId"))).ShouldBe(201);
        (await PagesAsync()).ShouldBe(removed);

        // Posts as guests read them; the versions of their threads have gone on.
        async Task<IReadOnlyList<string>> PagesAsync()
        {
            var pages = new List<string>();
            foreach (var thread in threads)
            {
                pages.Add(
                    (await forum.Stranger().Get($"/api/threads/{thread.Id}"))
                        .ShouldBe(200)
                        .Json.GetProperty("posts")
                        .GetRawText()
                );
            }

            return pages;
        }
    }

    [Fact]
    public async Task what_a_moderator_did_by_another_command_is_a_batch_of_one()
    {
        var thread = await forum.NewThread();
        var moderator = forum.Moderator();
        (await thread.Starter.Edit(thread.FirstPostId, "Second.")).ShouldBe(200);
        var edit = (await moderator.Edit(thread.FirstPostId, "Third.", "Tidied up.")).ShouldBe(200);
        var rename = (await moderator.Rename(thread.Id, "Another title", "Clearer.")).ShouldBe(200);
        var locked = (await moderator.Lock(thread.Id)).ShouldBe(200);

        foreach (var position in (long[])[edit.Position, rename.Position, locked.Position])
        {
            (await moderator.Undo(await moderator.BatchOf(position))).ShouldBe(201);
        }

        var now = (await forum.Stranger().Get($"/api/threads/{thread.Id}")).ShouldBe(200).Json;
        now.GetProperty("title").GetString()!.ShouldNotContain("Another title");
        now.GetProperty("locked").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        var post = now.GetProperty("posts")[0];
        post.GetProperty("body").GetString().ShouldBe("Second.");
        post.GetProperty("revision").GetInt32().ShouldBe(4);

        // What an author did to a post of the author's own is no batch.
        var own = (await thread.Starter.Edit(thread.FirstPostId, "Fourth.")).ShouldBe(200);
        (await moderator.Undo(await moderator.BatchOf(own.Position))).ShouldBeProblem(404, "batch-not-found");
    }

    [Fact]
    public async Task a_post_goes_back_to_an_earlier_revision_and_says_so()
    {
        var thread = await forum.NewThread();
        (await thread.Starter.Edit(thread.FirstPostId, "Defaced.")).ShouldBe(200);
        var request = new
        {
            kind = "revert-post",
            reason = "Vandalism.",
            postId = thread.FirstPostId,
            revision = 1,
        };

        var batch = (await forum.Moderator().Batch(request)).ShouldBe(201);

        batch.Version.ShouldBe(3);
        var post = (await forum.Stranger().Get($"/api/posts/{thread.FirstPostId}"))
            .ShouldBe(200)
            .Json.GetProperty("post");
        post.GetProperty("body").GetString().ShouldBe("The first post.");
        post.GetProperty("revision").GetInt32().ShouldBe(3);
        (await forum.Moderator().Batch(request with { revision = 9 })).ShouldBeProblem(404, "revision-not-found");
        (await forum.Moderator().Batch(request with { revision = 3 })).ShouldBeProblem(409, "nothing-to-do");
    }

    [Fact]
    public async Task all_of_it_is_done_or_nothing_and_a_retry_does_it_once()
    {
        var thread = await forum.NewThread();
        var moderator = forum.Moderator();
        var hidden = await forum.NewThread();
        var nobody = new { roles = Nobody };
        (await forum.Admin().Permit(hidden.BoardId, see: nobody, moderate: nobody)).ShouldBe(200);

        var secret = (await forum.Admin().RemovePosts(hidden.FirstPostId)).ShouldBe(201).Id("batchId");
        (await moderator.Undo(secret)).ShouldBeProblem(404, "batch-not-found");
        (await moderator.Get($"/api/moderation/batches/{secret}")).ShouldBeProblem(404, "batch-not-found");

        (await moderator.RemovePosts(thread.FirstPostId, Guid.CreateVersion7())).ShouldBeProblem(404, "post-not-found");
        (await moderator.RemovePosts(thread.FirstPostId, hidden.FirstPostId)).ShouldBeProblem(404, "post-not-found");
        (await forum.Member().RemovePosts(thread.FirstPostId)).ShouldBeProblem(403, "moderators-only");
        (await forum.Stranger().RemovePosts(thread.FirstPostId)).ShouldBeProblem(401);
        (await moderator.Batch(new { kind = "remove-posts", reason = "Spam." })).ShouldBeProblem(
            422,
            "batch-incomplete"
        );
        (await moderator.Batch(new { kind = "bless-posts", reason = "Spam." })).ShouldBeProblem(
            422,
            "batch-kind-unknown"
        );
        (await moderator.Batch(new { kind = "remove-posts", posts = new[] { thread.FirstPostId } })).ShouldBeProblem(
            422,
            "reason-length"
        );
        (await forum.Database.CountEventsAsync(thread.Id)).ShouldBe(1);

        var request = new
        {
            kind = "lock-threads",
            reason = "Enough.",
            threads = new[] { thread.Id },
        };
        var key = Guid.CreateVersion7().ToString();
        var first = (await moderator.Batch(request, key)).ShouldBe(201);
        var again = (await moderator.Batch(request, key)).ShouldBe(201);
        again.Text.ShouldBe(first.Text);
        (await forum.Database.CountEventsAsync(thread.Id)).ShouldBe(2);
    }

    [Fact]
    public async Task moderators_who_act_on_the_same_posts_at_once_are_both_told_what_they_did()
    {
        var thread = await forum.NewThread();
        var posts = new List<Guid>();
        for (var i = 0; i < 6; i++)
        {
            posts.Add((await thread.Starter.Reply(thread.Id, $"Post {i}.")).ShouldBe(201).PostId);
        }

        TestMember[] moderators = [forum.Moderator(), forum.Moderator()];
        var work = moderators.Select(
            async (moderator, which) =>
            {
                for (var round = 0; round < 200; round++)
                {
                    var some = posts.Skip((round + which) % 3).Take(4).ToArray();
                    var batch = await moderator.RemovePosts(some);
                    batch.Status.ShouldBeOneOf(201, 409);
                    if (batch.Status == 201)
                    {
                        (await moderator.Undo(batch.Id("batchId"))).ShouldBe(201);
                    }
                }
            }
        );
        await Task.WhenAll(work);

        var now = (await forum.Stranger().Get($"/api/threads/{thread.Id}")).ShouldBe(200).Json;
        now.GetProperty("posts")
            .EnumerateArray()
            .ShouldAllBe(post => post.GetProperty("state").GetString() == "visible");
    }

    [Fact]
    public async Task the_log_and_the_batch_say_what_was_done()
    {
        var thread = await forum.NewThread();
        var moderator = forum.Moderator();
        var batch = (await moderator.RemovePosts(thread.FirstPostId)).ShouldBe(201);
        var undo = (await moderator.Undo(batch.Id("batchId"), "It was none.")).ShouldBe(201);
        var single = (await moderator.Pin(thread.Id, "Read this.")).ShouldBe(200);

        var log = (
            await moderator.Get($"/api/moderation/log?moderator={await moderator.Id()}&min-position={single.Position}")
        )
            .ShouldBe(200)
            .Json.GetProperty("rows")
            .EnumerateArray()
            .ToList();

        log.Select(row => row.GetProperty("kind").GetString()).ShouldBe(["pin-threads", "undo", "remove-posts"]);
        log.Select(row => row.GetProperty("isUndone").GetBoolean()).ShouldBe([false, false, true]);
        log[2].GetProperty("reason").GetString().ShouldBe("Spam.");
        log[2].GetProperty("members")[0].GetString().ShouldBe(thread.Starter.Name);
        log[1].GetProperty("undoneBatchId").GetGuid().ShouldBe(batch.Id("batchId"));
        var shown = (await moderator.Get($"/api/moderation/batches/{batch.Id("batchId")}")).ShouldBe(200);
        shown.Json.GetProperty("undoneBy").GetGuid().ShouldBe(undo.Id("batchId"));
        shown.Json.GetProperty("items")[0].GetProperty("postId").GetGuid().ShouldBe(thread.FirstPostId);
        (await forum.Member().Get($"/api/moderation/batches/{batch.Id("batchId")}")).ShouldBeProblem(403);
        (await forum.Member().Get("/api/moderation/log")).ShouldBeProblem(403);
        (await moderator.Get($"/api/moderation/batches/{Guid.CreateVersion7()}")).ShouldBeProblem(404);
    }

    [Fact]
    public async Task of_two_servers_that_undo_the_same_batch_one_is_too_late()
    {
        await using var other = await ForumHost.StartAsync(forum.Database);
        var thread = await forum.NewThread();
        var moderator = forum.Moderator();
        for (var i = 0; i < 5; i++)
        {
            var pin = (
                await moderator.Batch(
                    new
                    {
                        kind = "pin-threads",
                        reason = "Read this.",
                        threads = new[] { thread.Id },
                    }
                )
            ).ShouldBe(201);
            // Nothing is left for the undo to change.
            (await moderator.Unpin(thread.Id)).ShouldBe(200);

            var undone = await Task.WhenAll(
                moderator.Undo(pin.Id("batchId")),
                other.Moderator().Undo(pin.Id("batchId"))
            );

            undone.Select(answer => answer.Status).Order().ShouldBe([201, 409]);
        }
    }
}
