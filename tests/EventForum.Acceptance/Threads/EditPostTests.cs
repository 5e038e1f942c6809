using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Threads;

public sealed class EditPostTests(ForumHost forum)
{
    [Fact]
    public async Task an_edit_makes_the_next_revision()
    {
        var thread = await forum.NewThread();

        var answer = (await thread.Starter.Edit(thread.FirstPostId, "Better words.")).ShouldBe(200);

        answer.PostId.ShouldBe(thread.FirstPostId);
        answer.Number.ShouldBe(1);
        answer.Revision.ShouldBe(2);
        answer.Version.ShouldBe(2);
        (await forum.Database.EventsOfAsync(thread.Id)).ShouldBe(["thread_started", "post_edited"]);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("\"1\"")]
    public async Task an_edit_of_the_current_revision_is_taken(string ifMatch)
    {
        var thread = await forum.NewThread();

        (await thread.Starter.Edit(thread.FirstPostId, "Better.", ifMatch: ifMatch)).ShouldBe(200);
    }

    [Fact]
    public async Task an_edit_of_a_revision_that_is_gone_is_refused_with_the_current_one()
    {
        var thread = await forum.NewThread();
        (await thread.Starter.Edit(thread.FirstPostId, "Better.")).ShouldBe(200);
        (await thread.Starter.Edit(thread.FirstPostId, "Best.")).ShouldBe(200);

        var answer = await thread.Starter.IsRefused(
            thread.Id,
            m => m.Edit(thread.FirstPostId, "Worse.", ifMatch: "\"1\""),
            412,
            "stale-revision"
        );

        answer.Json.GetProperty("currentRevision").GetInt32().ShouldBe(3);
    }

    [Theory]
    [InlineData("*x")]
    [InlineData("\"one\"")]
    [InlineData("-1")]
    [InlineData("99999999999")]
    public async Task an_if_match_that_is_no_revision_is_refused(string ifMatch)
    {
        var thread = await forum.NewThread();

        await thread.Starter.IsRefused(
            thread.Id,
            m => m.Edit(thread.FirstPostId, "Better.", ifMatch: ifMatch),
            400,
            "if-match-invalid"
        );
    }

    [Fact]
    public async Task of_twenty_edits_of_one_revision_one_is_taken()
    {
        var thread = await forum.NewThread();

        var answers = await Task.WhenAll(
            Enumerable.Range(1, 20).Select(i => thread.Starter.Edit(thread.FirstPostId, $"Take {i}.", ifMatch: "1"))
        );

        answers.Count(answer => answer.Status == 200).ShouldBe(1);
        foreach (var answer in answers.Where(answer => answer.Status != 200))
        {
            answer.ShouldBeProblem(412, "stale-revision");
            answer.Json.GetProperty("currentRevision").GetInt32().ShouldBe(2);
        }

        (await forum.Database.CountEventsAsync(thread.Id)).ShouldBe(2);
    }

    [Fact]
    public async Task an_edit_that_changes_nothing_is_refused()
    {
        var thread = await forum.NewThread("The same.");

        await thread.Starter.IsRefused(
            thread.Id,
            m => m.Edit(thread.FirstPostId, "\n \nThe same. \r\n"),
            409,
            "nothing-changed"
        );
    }

    [Fact]
    public async Task someone_elses_post_takes_a_moderator_and_a_reason()
    {
        var thread = await forum.NewThread();
        var post = thread.FirstPostId;

        await forum.Member().IsRefused(thread.Id, m => m.Edit(post, "Mine now.", "Because."), 403, "not-your-post");
        await forum.Moderator().IsRefused(thread.Id, m => m.Edit(post, "Better."), 422, "reason-needed");
        await forum.Moderator().IsRefused(thread.Id, m => m.Edit(post, "Better.", "  "), 422, "reason-needed");
        (await forum.Moderator().Edit(post, "Better.", " Spelling. ")).ShouldBe(200);

        (
            await forum.Database.ScalarAsync<string>(
                "select data ->> 'reason' from forum.mt_events where stream_id = $1 and version = 2",
                thread.Id
            )
        ).ShouldBe("Spelling.");
    }

    [Fact]
    public async Task in_a_locked_thread_only_moderators_edit()
    {
        var thread = await forum.NewThread();
        (await forum.Moderator().Lock(thread.Id)).ShouldBe(200);

        await thread.Starter.IsRefused(thread.Id, m => m.Edit(thread.FirstPostId, "Better."), 409, "thread-locked");
        (await forum.Moderator().Edit(thread.FirstPostId, "Better.", "Spelling.")).ShouldBe(200);
    }

    [Fact]
    public async Task a_removed_post_is_not_edited()
    {
        var thread = await forum.NewThread();
        (await thread.Starter.Remove(thread.FirstPostId)).ShouldBe(200);

        await thread.Starter.IsRefused(thread.Id, m => m.Edit(thread.FirstPostId, "Better."), 409, "post-removed");
    }

    [Fact]
    public async Task a_post_that_is_not_there_is_not_edited()
    {
        var thread = await forum.NewThread();

        await forum.Member().IsRefused(thread.Id, m => m.Edit(Guid.CreateVersion7(), "Better."), 404, "post-not-found");
        await forum.Member().IsRefused(thread.Id, m => m.Edit(thread.Id, "Better."), 404, "post-not-found");
    }
}
