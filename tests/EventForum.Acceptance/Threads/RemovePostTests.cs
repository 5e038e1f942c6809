using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Threads;

public sealed class RemovePostTests(ForumHost forum)
{
    [Theory]
    [InlineData("/api/threads/{0}")]
    [InlineData("/api/threads/{0}?version=2")]
    [InlineData("/api/threads/{0}/events")]
    [InlineData("/api/threads/{0}/compare?from=1&to=2")]
    [InlineData("/api/threads/{0}/compare?from=1")]
    [InlineData("/api/threads/{0}/timeline")]
    [InlineData("/api/posts/{1}")]
    [InlineData("/api/posts/{1}/answers")]
    [InlineData("/threads/{0}")]
    [InlineData("/threads/{0}?version=2")]
    [InlineData("/threads/{0}/timeline?version=2")]
    [InlineData("/threads/{0}/compare?from=1&to=2")]
    public async Task the_reason_of_an_edit_is_hidden_with_its_post(string path)
    {
        var thread = await forum.NewThread();
        (await thread.Starter.Edit(thread.FirstPostId, "Other words.", "Added the secret.")).ShouldBe(200);
        var address = string.Format(null, path, thread.Id, thread.FirstPostId);
        (await forum.Stranger().Get(address)).ShouldBe(200).Text.ShouldContain("Added the secret.");

        (await forum.Moderator().Remove(thread.FirstPostId, "Indiscreet.")).ShouldBe(200);

        (await forum.Stranger().Get(address)).ShouldBe(200).Text.ShouldNotContain("Added the secret.");
    }

    [Fact]
    public async Task an_author_removes_a_post_and_it_keeps_its_number()
    {
        var thread = await forum.NewThread();
        var member = forum.Member();
        var reply = await member.Reply(thread.Id, "Oops.");

        var removed = (await member.Remove(reply.PostId)).ShouldBe(200);
        var next = (await member.Reply(thread.Id, "Now properly.")).ShouldBe(201);

        removed.PostId.ShouldBe(reply.PostId);
        removed.Number.ShouldBe(2);
        removed.Version.ShouldBe(3);
        next.Number.ShouldBe(3);
        (await forum.Database.EventsOfAsync(thread.Id)).ShouldBe([
            "thread_started",
            "reply_posted",
            "post_removed",
            "reply_posted",
        ]);
    }

    [Fact]
    public async Task someone_elses_post_takes_a_moderator_and_a_reason()
    {
        var thread = await forum.NewThread();
        var post = thread.FirstPostId;

        await forum.Member().IsRefused(thread.Id, m => m.Remove(post, "Wrong."), 403, "not-your-post");
        await forum.Moderator().IsRefused(thread.Id, m => m.Remove(post), 422, "reason-needed");
        (await forum.Moderator().Remove(post, "Spam.")).ShouldBe(200);
    }

    [Fact]
    public async Task a_removed_post_is_not_removed_again()
    {
        var thread = await forum.NewThread();
        (await thread.Starter.Remove(thread.FirstPostId)).ShouldBe(200);

        await thread.Starter.IsRefused(thread.Id, m => m.Remove(thread.FirstPostId), 409, "post-removed");
    }

    [Fact]
    public async Task a_moderator_removes_what_its_author_removed_first_and_it_comes_back_once_both_are_lifted()
    {
        var thread = await forum.NewThread("Rude words.");
        var moderator = forum.Moderator();
        (await thread.Starter.Remove(thread.FirstPostId, "Sorry.")).ShouldBe(200);
        (await moderator.Remove(thread.FirstPostId, "Rude.")).ShouldBe(200);
        await forum.Moderator().IsRefused(thread.Id, m => m.Remove(thread.FirstPostId, "Rude."), 409, "post-removed");
        await ShouldBeRemovedBy(moderator.Name, "Rude.", alsoByAuthor: true);

        (await thread.Starter.Restore(thread.FirstPostId)).ShouldBe(200);
        await ShouldBeRemovedBy(moderator.Name, "Rude.", alsoByAuthor: false);
        await thread.Starter.IsRefused(thread.Id, m => m.Restore(thread.FirstPostId), 403, "removed-by-moderator");

        (await thread.Starter.Remove(thread.FirstPostId, "Better so.")).ShouldBe(200);
        await ShouldBeRemovedBy(moderator.Name, "Rude.", alsoByAuthor: true);
        (await moderator.Restore(thread.FirstPostId, "Forgiven.")).ShouldBe(200);
        await ShouldBeRemovedBy(thread.Starter.Name, "Better so.", alsoByAuthor: false);

        (await thread.Starter.Restore(thread.FirstPostId)).ShouldBe(200);
        (await Post()).GetProperty("body").GetString().ShouldBe("Rude words.");

        async Task ShouldBeRemovedBy(string name, string reason, bool alsoByAuthor)
        {
            foreach (var without in (string[])["", "?page=1"])
            {
                var post = await Post(without);
                post.GetProperty("body").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
                var removal = post.GetProperty("removal");
                removal.GetProperty("by").GetProperty("name").GetString().ShouldBe(name);
                removal.GetProperty("reason").GetString().ShouldBe(reason);
                removal.TryGetProperty("alsoByAuthor", out _).ShouldBe(alsoByAuthor);
            }
        }

        async Task<System.Text.Json.JsonElement> Post(string query = "") =>
            (await forum.Stranger().Get($"/api/threads/{thread.Id}{query}")).ShouldBe(200).Json.GetProperty("posts")[0];
    }

    [Fact]
    public async Task in_a_locked_thread_only_moderators_remove()
    {
        var thread = await forum.NewThread();
        (await forum.Moderator().Lock(thread.Id)).ShouldBe(200);

        await thread.Starter.IsRefused(thread.Id, m => m.Remove(thread.FirstPostId), 409, "thread-locked");
        (await forum.Moderator().Remove(thread.FirstPostId, "Spam.")).ShouldBe(200);
    }

    [Fact]
    public async Task a_post_that_is_not_there_is_not_removed()
    {
        var thread = await forum.NewThread();

        await forum.Member().IsRefused(thread.Id, m => m.Remove(Guid.CreateVersion7()), 404, "post-not-found");
    }
}
