using EventForum.Acceptance.Harness;
using EventForum.Acceptance.Transparency;

namespace EventForum.Acceptance.Moderation;

public sealed class RedactRevisionTests(ForumHost forum)
{
    [Fact]
    public async Task redacted_words_are_in_no_table_and_no_answer_any_more()
    {
        var (admin, moderator, author, other) = (forum.Admin(), forum.Moderator(), forum.Member(), forum.Member());
        var word = "w" + Guid.CreateVersion7().ToString("N");
        var thread = await forum.NewThread();
        var post = (await author.Reply(thread.Id, $"They live at {word}.")).ShouldBe(201);
        var then = (await author.Get($"/api/threads/{thread.Id}")).ShouldBe(200).Json.GetProperty("version").GetInt64();
        var elsewhere = await forum.NewThread();
        var words = $"[quote=\"post:{post.PostId}\"]\nThey live at {word}.\n[/quote]\n\nReally?";
        var quote = (await other.Reply(elsewhere.Id, words)).ShouldBe(201);
        var report = (await other.Report(post.PostId, "illegal", "Their address.")).ShouldBe(201);
        (await author.Edit(post.PostId, "They live somewhere.")).ShouldBe(200);
        (await moderator.Batch(Revert(post.PostId, 1))).ShouldBe(201);
        (await author.Edit(post.PostId, "They live far away.")).ShouldBe(200);
        (await moderator.MovePosts(elsewhere.Id, [post.PostId])).ShouldBe(201);
        var caseId = await moderator.CaseOf(post.PostId);
        string[] routes =
        [
            $"/api/threads/{thread.Id}",
            $"/api/threads/{thread.Id}?version={then}",
            $"/threads/{thread.Id}?version={then}",
            $"/api/threads/{elsewhere.Id}",
            $"/threads/{elsewhere.Id}",
            $"/api/posts/{post.PostId}",
            $"/api/posts/{quote.PostId}",
            $"/api/posts/{post.PostId}/revisions",
            $"/posts/{post.PostId}/history",
            $"/api/posts/{post.PostId}/diff?from=1&to=2",
            $"/posts/{post.PostId}/diff?from=2&to=3",
            $"/api/threads/{thread.Id}/events",
            $"/api/threads/{thread.Id}/replay",
            $"/api/threads/{thread.Id}/compare?from=1&to={then}",
            $"/api/events?after={thread.Position - 1}&limit=500",
            $"/api/moderation/cases/{caseId}",
            $"/moderation/cases/{caseId}",
        ];
        (await forum.Database.TablesWithAsync(word)).ShouldNotBeEmpty();
        var before = new List<string>();
        foreach (var route in routes)
        {
            before.Add((await admin.Get(route)).ShouldBe(200).Text);
        }

        before.Count(text => text.Contains(word, StringComparison.Ordinal)).ShouldBeGreaterThan(12);

        (await moderator.Redact(post.PostId, 1)).ShouldBeProblem(403, "admins-only");
        (await admin.Preview(Desk.Redaction(post.PostId, 1)))
            .ShouldBe(200)
            .Json.GetProperty("posts")
            .GetInt32()
            .ShouldBe(1);
        var redaction = (await admin.Redact(post.PostId, 1)).ShouldBe(201);

        foreach (var route in routes)
        {
            (await admin.Get(route)).ShouldBe(200).Text.ShouldNotContain(word, Case.Sensitive, route);
        }

        (await forum.Database.TablesWithAsync(word)).ShouldBeEmpty();
        var revisions = (await author.Get($"/api/posts/{post.PostId}/revisions"))
            .ShouldBe(200)
            .Json.GetProperty("revisions")
            .EnumerateArray()
            .ToList();
        revisions
            .Select(one => one.TryGetProperty("redacted", out var redacted) && redacted.GetBoolean())
            .ShouldBe([true, false, true, false]);
        (await other.Get($"/api/posts/{quote.PostId}"))
            .ShouldBe(200)
            .Json.GetProperty("post")
            .GetProperty("quotes")[0]
            .GetProperty("state")
            .GetString()
            .ShouldBe("erased");
        (await other.GetText($"/api/threads/{elsewhere.Id}"))
            .ShouldBe(200)
            .Text.ShouldContain("(the quoted words are gone)");
        (await admin.Get($"/api/views/most-quoted/lost?limit=100&min-position={redaction.Position}"))
            .ShouldBe(200)
            .Json.GetProperty("rows")
            .EnumerateArray()
            .Single(one => one.GetProperty("sourcePostId").GetGuid() == post.PostId)
            .GetProperty("state")
            .GetString()
            .ShouldBe("erased");
        (await admin.Undo(redaction.Id("batchId"))).ShouldBeProblem(409, "redaction-final");
        (await admin.Redact(post.PostId, 3)).ShouldBeProblem(409, "nothing-to-do");
        (await admin.Redact(post.PostId, 9)).ShouldBeProblem(404, "revision-not-found");
        (await moderator.Batch(Revert(post.PostId, 1))).ShouldBeProblem(409, "nothing-to-do");
        report.Position.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task a_post_whose_current_text_is_redacted_says_so_and_can_be_written_anew()
    {
        var (admin, author) = (forum.Admin(), forum.Member());
        var thread = await forum.NewThread();
        var post = (await author.Reply(thread.Id, "Not for everyone.")).ShouldBe(201).PostId;
        (await admin.Redact(post, 1)).ShouldBe(201);

        var redacted = (await author.Get($"/api/posts/{post}")).ShouldBe(200).Json.GetProperty("post");
        redacted.GetProperty("redacted").GetBoolean().ShouldBeTrue();
        redacted.GetProperty("body").GetString().ShouldBeEmpty();
        (await author.Get($"/threads/{thread.Id}")).ShouldBe(200).Text.ShouldContain("were <strong>redacted</strong>");
        (await author.GetText($"/api/threads/{thread.Id}")).ShouldBe(200).Text.ShouldContain("(redacted)");
        (await author.Quote(post, "What?")).ShouldBeProblem(409, "post-redacted");
        (await author.Edit(post, "For everyone.")).ShouldBe(200);
        var anew = (await author.Get($"/api/posts/{post}")).ShouldBe(200).Json.GetProperty("post");
        anew.TryGetProperty("redacted", out _).ShouldBeFalse();
        anew.GetProperty("body").GetString().ShouldBe("For everyone.");
    }

    [Fact]
    public async Task a_revert_and_a_merge_at_the_same_moment_do_not_bring_redacted_words_back()
    {
        var (admin, moderator, author) = (forum.Admin(), forum.Moderator(), forum.Member());
        var thread = await forum.NewThread();
        var word = "w" + Guid.CreateVersion7().ToString("N");
        for (var round = 0; round < 20; round++)
        {
            var post = (await author.Reply(thread.Id, $"They live at {word}.")).ShouldBe(201).PostId;
            if (round % 2 == 0)
            {
                (await author.Edit(post, "They live somewhere.")).ShouldBe(200);
            }

            var other = (await author.Reply(thread.Id, "Another one.")).ShouldBe(201).PostId;
            var merge = new
            {
                kind = "merge-posts",
                reason = "One after the other.",
                posts = (Guid[])[other, post],
            };
            var redaction = Task.Run(() => admin.Redact(post, 1));

            var answer = await moderator.Batch(round % 2 == 0 ? Revert(post, 1) : merge);

            (await redaction).ShouldBe(201);
            answer.Status.ShouldBeOneOf(201, 409);
            if (round % 2 == 1 && answer.Status == 201)
            {
                // It came first: the words are in the other post's revision, too, which is redacted by itself.
                var merged = (await moderator.Get($"/api/posts/{other}")).ShouldBe(200).Json.GetProperty("post");
                if (merged.GetProperty("body").GetString()!.Contains(word, StringComparison.Ordinal))
                {
                    (await admin.Redact(other, 2)).ShouldBe(201);
                }
            }
        }

        (await forum.Database.TablesWithAsync(word)).ShouldBeEmpty();
    }

    [Fact]
    public async Task an_undo_that_would_bring_redacted_words_back_is_refused()
    {
        var (admin, moderator, author) = (forum.Admin(), forum.Moderator(), forum.Member());
        var thread = await forum.NewThread();
        var post = (await author.Reply(thread.Id, "One.")).ShouldBe(201).PostId;
        (await author.Edit(post, "Two.")).ShouldBe(200);
        var reverted = (await moderator.Batch(Revert(post, 1))).ShouldBe(201).Id("batchId");
        (await admin.Redact(post, 2)).ShouldBe(201);

        (await moderator.Undo(reverted)).ShouldBeProblem(409, "words-redacted");
        (await moderator.Get($"/api/posts/{post}/revisions"))
            .ShouldBe(200)
            .Json.GetProperty("count")
            .GetInt32()
            .ShouldBe(3);
    }

    [Fact]
    public async Task the_transparency_log_still_verifies_and_a_redaction_without_a_batch_is_found()
    {
        await using var own = await ForumHost.StartAsync(settings: ("Sample", "false"));
        var thread = await own.NewThread("Regretted words.");
        var other = await own.NewThread("Other words.");
        await own.Database.LogsEverythingAsync();

        (await own.Admin().Redact(thread.FirstPostId, 1)).ShouldBe(201);

        await own.Database.LogsEverythingAsync();
        (await own.Database.VerifyAsync(own.Key().Verifier)).Flaws.ShouldBeEmpty();
        await own.Database.ExecuteAsync(
            """
            update forum.mt_events set data = data || '{"body": "", "mask": {"why": "redacted", "length": 12}}' where seq_id = $1
            """,
            other.Position
        );
        (await own.Database.VerifyAsync(own.Key().Verifier))
            .Flaws.Select(flaw => flaw.Position)
            .Distinct()
            .ShouldBe([other.Position]);
    }

    private static object Revert(Guid postId, int revision) =>
        new
        {
            kind = "revert-post",
            reason = "Vandalism.",
            postId,
            revision,
        };
}
