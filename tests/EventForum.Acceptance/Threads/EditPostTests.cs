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

    [Fact]
    public async Task a_post_with_101_quotes_is_edited_as_it_is_shown()
    {
        var thread = await forum.NewThread("The quoted words.");
        var member = forum.Member();
        var post = (await member.Quote(thread.FirstPostId, "Teh answer.", "quoted")).ShouldBe(201);
        await forum.Database.ExecuteAsync(
            "update forum.posts set quotes = to_jsonb(array(select quotes -> 0 from generate_series(1, 101))) where post_id = $1",
            post.PostId
        );
        var shown = (await member.Get($"/api/posts/{post.PostId}")).ShouldBe(200).Json.GetProperty("post");

        var body = shown.GetProperty("body").GetString()!.Replace("Teh", "The", StringComparison.Ordinal);
        (await member.Edit(post.PostId, body)).ShouldBe(200);

        var edited = (await member.Get($"/api/posts/{post.PostId}")).ShouldBe(200).Json.GetProperty("post");
        edited.GetProperty("body").GetString().ShouldBe(body);
        edited
            .GetProperty("quotes")
            .EnumerateArray()
            .Count(q => q.GetProperty("text").GetString() == "quoted")
            .ShouldBe(101);
    }

    [Theory]
    [InlineData("post:1")]
    [InlineData("post:ID")]
    [InlineData("NAME")]
    public async Task whether_words_stand_in_a_removed_post_is_not_to_be_found_out(string named)
    {
        var member = forum.Member();

        (await Answers("555 0199")).ShouldBe(await Answers("555 0198"));

        async Task<List<string>> Answers(string guess)
        {
            var thread = await forum.NewThread("Call me at 555 0199.");
            var quoting = (await member.Quote(thread.FirstPostId, "Call.", "555 0199")).ShouldBe(201).PostId;
            var other = (await member.Quote(quoting, "Indeed.")).ShouldBe(201).PostId;
            (await forum.Moderator().Remove(thread.FirstPostId, "Rules.")).ShouldBe(200);
            var name = named.Replace("ID", $"{thread.FirstPostId}").Replace("NAME", thread.Starter.Name);
            var body = $"[quote=\"{name}\"]{guess}[/quote]\nIndeed.";

            var answers = new[]
            {
                await member.Reply(thread.Id, body),
                await member.Quote(other, body),
                await member.Quote(thread.FirstPostId, "Indeed.", guess),
                await member.Edit(other, body),
                await member.Edit(quoting, body),
            };

            var shown = (await member.Get($"/api/posts/{quoting}")).ShouldBe(200).Json.GetProperty("post");
            return
            [
                .. answers.Select(answer =>
                    answer.Status < 300 ? $"{answer.Status}" : $"{answer.Status} {Type(answer)}"
                ),
                .. shown
                    .GetProperty("quotes")
                    .EnumerateArray()
                    .Select(q => $"{q.GetProperty("state")} {q.GetProperty("text")}"),
                shown
                    .GetProperty("body")
                    .GetString()!
                    .Replace(guess, "")
                    .Replace($"{thread.FirstPostId}", "ID")
                    .Replace(thread.Starter.Name, "NAME"),
            ];
        }

        static string Type(Answer answer) =>
            $"{answer.Json.GetProperty("type")} {answer.Json.GetProperty("title")} {answer.Json.GetProperty("detail")}";
    }
}
