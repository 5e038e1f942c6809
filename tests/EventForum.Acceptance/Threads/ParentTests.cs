using System.Text.Json;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Threads;

/// <summary>Whom a post answers is kept, shown and read as a tree, now and at any moment.</summary>
public sealed class ParentTests(ForumHost forum)
{
    [Fact]
    public async Task a_post_says_whom_it_answers()
    {
        var thread = await forum.NewThread();
        var ben = forum.Member();
        var reply = (await ben.Reply(thread.Id, "Yes.", parentId: thread.FirstPostId)).ShouldBe(201);
        var quote = (await ben.Quote(thread.FirstPostId, "Indeed.")).ShouldBe(201);
        var plain = (await ben.Reply(thread.Id, "To nobody.")).ShouldBe(201);

        foreach (var id in (Guid[])[reply.PostId, quote.PostId])
        {
            var post = await PostAsync(forum, id);
            post.GetProperty("parentId").GetGuid().ShouldBe(thread.FirstPostId);
            var parent = post.GetProperty("parent");
            parent.GetProperty("number").GetInt32().ShouldBe(1);
            parent.GetProperty("threadId").GetGuid().ShouldBe(thread.Id);
            parent.GetProperty("author").GetProperty("name").GetString().ShouldBe(thread.Starter.Name);
        }

        (await PostAsync(forum, plain.PostId)).GetProperty("parentId").ValueKind.ShouldBe(JsonValueKind.Null);
        var text = (await ben.GetText($"/api/threads/{thread.Id}")).ShouldBe(200).Text;
        text.ShouldContain($"(answers #1 by {thread.Starter.Name})\n\nYes.");
        text.Split("(answers ").Length.ShouldBe(2, "who quotes what it answers says so already");
        var html = (await ben.GetText($"/threads/{thread.Id}")).ShouldBe(200).Text;
        html.ShouldContain($"answers <a href=\"/posts/{thread.FirstPostId}\">#1 by");
        (
            await forum.Database.ColumnAsync<string>(
                "select coalesce(data ->> 'parentId', 'none') from forum.mt_events where stream_id = $1 order by version",
                thread.Id
            )
        ).ShouldBe(["none", $"{thread.FirstPostId}", $"{thread.FirstPostId}", "none"]);
    }

    [Fact]
    public async Task what_is_no_post_of_the_thread_or_removed_is_not_answered()
    {
        var thread = await forum.NewThread();
        var other = await forum.NewThread();
        var removed = (await thread.Starter.Reply(thread.Id, "Gone.")).ShouldBe(201);
        (await thread.Starter.Remove(removed.PostId)).ShouldBe(200);

        foreach (var parent in (Guid[])[other.FirstPostId, Guid.CreateVersion7()])
        {
            await thread.Starter.IsRefused(
                thread.Id,
                member => member.Reply(thread.Id, "Text.", parentId: parent),
                422,
                "parent-not-found"
            );
        }

        await thread.Starter.IsRefused(
            thread.Id,
            member => member.Reply(thread.Id, "Text.", parentId: removed.PostId),
            409,
            "parent-removed"
        );
        await thread.Starter.IsRefused(
            thread.Id,
            member =>
                member.Send(
                    HttpMethod.Post,
                    $"/api/posts/{thread.FirstPostId}/quotes",
                    new { body = "Text.", parentId = other.FirstPostId }
                ),
            422,
            "parent-not-found"
        );
    }

    [Fact]
    public async Task a_thread_is_read_as_a_tree_now_and_at_any_version()
    {
        var (thread, posts) = await TreeAsync();

        (await TreeOf(thread.Id)).ShouldBe([(1, 0), (2, 1), (4, 2), (5, 1), (3, 0)]);
        (await TreeOf(thread.Id, "version=4")).ShouldBe([(1, 0), (2, 1), (4, 2), (3, 0)]);
        (await TreeOf(thread.Id, $"without=post:{posts[2]}")).ShouldBe([(1, 0), (5, 1), (3, 0), (4, 0)]);
        var asText = (await forum.Stranger().GetText($"/api/threads/{thread.Id}?order=tree")).ShouldBe(200).Text;
        asText
            .IndexOf("Four.", StringComparison.Ordinal)
            .ShouldBeLessThan(asText.IndexOf("Three.", StringComparison.Ordinal));
        var page = (await forum.Stranger().GetText($"/threads/{thread.Id}?order=tree")).ShouldBe(200).Text;
        page.ShouldContain("data-depth=\"2\" id=\"p4\"");
        (await forum.Stranger().Get($"/api/threads/{thread.Id}?order=shrub")).ShouldBeProblem(400, "order-unknown");
        (await forum.Stranger().Get($"/api/threads/{thread.Id}")).Json.TryGetProperty("order", out _).ShouldBeFalse();

        // What was read is kept; what is new stands in its place, what is edited says its new words.
        (await thread.Starter.Reply(thread.Id, "Six.", parentId: posts[2])).ShouldBe(201);
        (await thread.Starter.Edit(thread.FirstPostId, "Edited.")).ShouldBe(200);
        (await TreeOf(thread.Id)).ShouldBe([(1, 0), (2, 1), (4, 2), (6, 2), (5, 1), (3, 0)]);
        (await forum.Stranger().Get($"/api/threads/{thread.Id}?order=tree"))
            .Json.GetProperty("posts")[0]
            .GetProperty("body")
            .GetString()
            .ShouldBe("Edited.");
    }

    [Fact]
    public async Task pages_of_a_tree_have_twenty_posts()
    {
        var thread = await forum.NewThread();
        for (var i = 2; i <= 25; i++)
        {
            (await thread.Starter.Reply(thread.Id, $"{i}", parentId: i % 2 == 0 ? thread.FirstPostId : null)).ShouldBe(
                201
            );
        }

        var first = (await forum.Stranger().Get($"/api/threads/{thread.Id}?order=tree")).ShouldBe(200).Json;
        first.GetProperty("pageCount").GetInt32().ShouldBe(2);
        var all = (await TreeOf(thread.Id))
            .Concat(await TreeOf(thread.Id, "page=2"))
            .Select(place => place.Number)
            .ToList();
        all.ShouldBe([
            1,
            .. Enumerable.Range(1, 12).Select(i => 2 * i),
            .. Enumerable.Range(1, 12).Select(i => 2 * i + 1),
        ]);
        (await forum.Stranger().Get($"/api/threads/{thread.Id}?order=tree&page=3")).ShouldBeProblem(
            404,
            "page-not-found"
        );
    }

    [Fact]
    public async Task a_post_that_moves_still_says_whom_it_answers()
    {
        var (thread, posts) = await TreeAsync();
        var moderator = forum.Moderator();
        var target = await forum.NewThread();
        (
            await moderator.Send(
                HttpMethod.Post,
                "/api/moderation/batches",
                new
                {
                    kind = "move-posts",
                    reason = "Elsewhere.",
                    posts = (Guid[])[posts[4]],
                    threadId = target.Id,
                }
            )
        ).ShouldBe(201);

        var post = await PostAsync(forum, posts[4]);
        post.GetProperty("parentId").GetGuid().ShouldBe(posts[2]);
        post.GetProperty("parent").GetProperty("threadId").GetGuid().ShouldBe(thread.Id);
        (await TreeOf(target.Id)).ShouldAllBe(place => place.Depth == 0);
        (await TreeOf(thread.Id)).ShouldBe([(1, 0), (2, 1), (5, 1), (3, 0)]);
        (await TreeOf(thread.Id, "version=5")).ShouldBe([(1, 0), (2, 1), (4, 2), (5, 1), (3, 0)]);
        (await forum.Stranger().GetText($"/threads/{target.Id}")).Text.ShouldContain("</a> in another thread");
    }

    [Fact]
    public async Task posts_of_a_database_without_parents_answer_nobody()
    {
        await using var database = await TestDatabase.CreateAsync();
        TestThread thread;
        await using (var earlier = await ForumHost.StartAsync(database, ("Sample", "false")))
        {
            thread = await earlier.NewThread("One");
        }

        await database.ExecuteAsync("alter table forum.posts drop column parent_id cascade");
        await using var upgraded = await ForumHost.StartAsync(database, ("Sample", "false"));

        (await PostAsync(upgraded, thread.FirstPostId)).GetProperty("parentId").ValueKind.ShouldBe(JsonValueKind.Null);
        var starter = thread.Starter.At(upgraded);
        (await starter.Reply(thread.Id, "two", parentId: thread.FirstPostId)).ShouldBe(201);
        (
            await database.ColumnAsync<Guid?>(
                "select parent from history.posts where thread = $1 order by number",
                thread.Id
            )
        ).ShouldBe([null, thread.FirstPostId]);
    }

    /// <summary>Five posts: 2 and 5 answer 1, 4 answers 2, 3 answers nobody.</summary>
    private async Task<(TestThread Thread, Dictionary<int, Guid> Posts)> TreeAsync()
    {
        var thread = await forum.NewThread("One.");
        var posts = new Dictionary<int, Guid> { [1] = thread.FirstPostId };
        foreach (var (text, parent) in ((string, int)[])[("Two.", 1), ("Three.", 0), ("Four.", 2), ("Five.", 1)])
        {
            posts[posts.Count + 1] = (
                await thread.Starter.Reply(thread.Id, text, parentId: parent == 0 ? null : posts[parent])
            )
                .ShouldBe(201)
                .PostId;
        }

        return (thread, posts);
    }

    private async Task<List<(int Number, int Depth)>> TreeOf(Guid threadId, string query = "") =>
        [
            .. (await forum.Stranger().Get($"/api/threads/{threadId}?order=tree&{query}"))
                .ShouldBe(200)
                .Json.GetProperty("posts")
                .EnumerateArray()
                .Select(post => (post.GetProperty("number").GetInt32(), post.GetProperty("depth").GetInt32())),
        ];

    private static async Task<JsonElement> PostAsync(ForumHost forum, Guid id) =>
        (await forum.Stranger().Get($"/api/posts/{id}")).ShouldBe(200).Json.GetProperty("post");
}
