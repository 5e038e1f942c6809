using System.Text.Json;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Cases;

/// <summary>From a report to the last decision, over HTTP.</summary>
public sealed class CaseTests(ForumHost forum)
{
    private static readonly string[] Nobody = ["nobody"];

    [Fact]
    public async Task reports_of_a_post_are_one_case_with_the_post_as_it_was_and_as_it_is()
    {
        var thread = await forum.NewThread("Buy my books.");
        var (one, other, moderator) = (forum.Member(), forum.Member(), forum.Moderator());

        (await one.Report(thread.FirstPostId, "spam", "An advertisement.\r\nTwice.")).ShouldBe(201);
        (await thread.Starter.Edit(thread.FirstPostId, "Read my books.")).ShouldBe(200);
        (await other.Report(thread.FirstPostId, "illegal")).ShouldBe(201);
        (await one.Report(thread.FirstPostId, "other")).ShouldBeProblem(409, "already-reported");

        var known = await moderator.CaseOf(thread.FirstPostId);
        (await moderator.Take(known)).ShouldBe(200);
        (await moderator.Note(known, "Not the first time.")).ShouldBe(201);
        var view = (await moderator.Get($"/api/moderation/cases/{known}")).ShouldBe(200).Json;
        var summary = view.GetProperty("case");
        summary.GetProperty("reports").GetInt32().ShouldBe(2);
        summary
            .GetProperty("reasons")
            .EnumerateArray()
            .Select(reason => reason.GetString())
            .ShouldBe(["spam", "illegal"]);
        summary.GetProperty("takenBy").GetProperty("name").GetString().ShouldBe(moderator.Name);
        summary.GetProperty("state").GetString().ShouldBe("open");
        view.GetProperty("reported").GetProperty("body").GetString().ShouldBe("Buy my books.");
        view.GetProperty("now").GetProperty("body").GetString().ShouldBe("Read my books.");
        view.GetProperty("changes")
            .EnumerateArray()
            .Select(change => change.GetProperty("kind").GetString())
            .ShouldContain(kind => kind == "removed");
        var entries = view.GetProperty("entries").EnumerateArray().ToList();
        entries
            .Select(entry => entry.GetProperty("type").GetString())
            .ShouldBe(["post_reported", "post_reported", "case_taken", "case_noted"]);
        entries[0].GetProperty("by").GetProperty("name").GetString().ShouldBe(one.Name);
        entries[0].GetProperty("text").GetString().ShouldBe("An advertisement.\nTwice.");
        entries[1].GetProperty("revision").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task a_case_is_resolved_by_a_batch_and_its_author_reads_why_and_appeals_once()
    {
        var thread = await forum.NewThread();
        var (reporter, moderator, other) = (forum.Member(), forum.Moderator(), forum.Moderator());
        (await reporter.Report(thread.FirstPostId, "spam", "Look at it.")).ShouldBe(201);
        var known = await moderator.CaseOf(thread.FirstPostId);
        (await thread.Starter.Get($"/api/cases/{known}/statement")).ShouldBeProblem(404, "decision-not-found");
        (await thread.Starter.Appeal(known)).ShouldBeProblem(404, "decision-not-found");

        var batch = (await moderator.Resolve(known, thread.FirstPostId, "It sells something.")).ShouldBe(201);

        batch.Json.GetProperty("version").GetInt64().ShouldBe(2);
        (await moderator.Get($"/api/moderation/batches/{batch.Id("batchId")}"))
            .ShouldBe(200)
            .Json.GetProperty("caseId")
            .GetGuid()
            .ShouldBe(known);
        var statement = (await thread.Starter.Get($"/api/cases/{known}/statement")).ShouldBe(200);
        statement.Json.GetProperty("kind").GetString().ShouldBe("remove-posts");
        statement.Json.GetProperty("facts").GetString().ShouldBe("It sells something.");
        statement.Json.GetProperty("reason").GetProperty("label").GetString().ShouldBe("Spam or advertising");
        statement.Json.GetProperty("decidedBy").GetProperty("name").GetString().ShouldBe(moderator.Name);
        statement.Json.GetProperty("isAutomatic").GetBoolean().ShouldBeFalse();
        statement.Json.GetProperty("howToAppeal").GetString().ShouldNotBeNull();
        statement.Text.ShouldNotContain(reporter.Name);
        statement.Text.ShouldNotContain("Look at it.");
        (await forum.Member().Get($"/api/cases/{known}/statement")).ShouldBeProblem(404, "decision-not-found");
        (await Reported(reporter)).GetProperty("outcome").GetString().ShouldBe("resolved");

        (await thread.Starter.Appeal(known, "")).ShouldBeProblem(422, "text-length");
        (await thread.Starter.Appeal(known, "It is none.")).ShouldBe(201);
        (await thread.Starter.Appeal(known)).ShouldBeProblem(409, "already-appealed");
        (await moderator.CaseOf(thread.FirstPostId)).ShouldBe(known, "An appeal waits in the queue.");
        (await moderator.DecideAppeal(known, "upheld")).ShouldBeProblem(403, "another-moderator-decides");
        (await moderator.Take(known)).ShouldBeProblem(403, "another-moderator-decides");
        (await other.DecideAppeal(known, "perhaps")).ShouldBeProblem(422, "outcome-unknown");
        (await other.DecideAppeal(known, "overturned", "")).ShouldBeProblem(422, "explanation-length");

        (await other.DecideAppeal(known, "overturned", "It was no spam.")).ShouldBe(200);

        (await forum.Stranger().Get($"/api/posts/{thread.FirstPostId}"))
            .ShouldBe(200)
            .Text.ShouldContain("The first post.");
        (await other.DecideAppeal(known, "upheld")).ShouldBeProblem(409, "not-appealed");
        var decision = (await thread.Starter.Get("/api/me/decisions"))
            .ShouldBe(200)
            .Json.GetProperty("decisions")
            .EnumerateArray()
            .ShouldHaveSingleItem();
        decision.GetProperty("state").GetString().ShouldBe("overturned");
        decision.GetProperty("isUndone").GetBoolean().ShouldBeTrue();
        decision.GetProperty("appeal").GetProperty("explanation").GetString().ShouldBe("It was no spam.");
        var log = (
            await moderator.Get($"/api/moderation/log?moderator={await moderator.Id()}&min-position={batch.Position}")
        )
            .ShouldBe(200)
            .Json.GetProperty("rows")[0];
        log.GetProperty("caseId").GetGuid().ShouldBe(known);
    }

    [Fact]
    public async Task a_dismissed_case_is_explained_to_its_reporter_and_a_new_report_begins_another()
    {
        var thread = await forum.NewThread();
        var (reporter, moderator) = (forum.Member(), forum.Moderator());
        (await reporter.Report(thread.FirstPostId)).ShouldBe(201);
        var known = await moderator.CaseOf(thread.FirstPostId);
        var other = forum.Moderator();
        (await other.Take(known)).ShouldBe(200);
        (await moderator.Dismiss(known)).ShouldBeProblem(409, "case-taken-by-another");
        (await moderator.Resolve(known, thread.FirstPostId)).ShouldBeProblem(409, "case-taken-by-another");
        (await other.Dismiss(known, "")).ShouldBeProblem(422, "explanation-length");

        (await other.Dismiss(known, "It is a joke.")).ShouldBe(200);

        (await other.Dismiss(known)).ShouldBeProblem(409, "case-closed");
        (await Reported(reporter)).GetProperty("explanation").GetString().ShouldBe("It is a joke.");
        (await thread.Starter.Get("/api/me/decisions")).Json.GetProperty("decisions").GetArrayLength().ShouldBe(0);
        (await thread.Starter.Get($"/api/cases/{known}/statement")).ShouldBeProblem(404);
        (await reporter.Report(thread.FirstPostId, "other")).ShouldBe(201);
        (await moderator.CaseOf(thread.FirstPostId)).ShouldNotBe(known);
        var closed = (await moderator.Get($"/api/moderation/cases?state=closed&boardId={thread.BoardId}")).ShouldBe(
            200
        );
        closed
            .Json.GetProperty("cases")
            .EnumerateArray()
            .ShouldHaveSingleItem()
            .GetProperty("caseId")
            .GetGuid()
            .ShouldBe(known);
    }

    [Fact]
    public async Task twenty_reports_at_once_make_one_case()
    {
        var thread = await forum.NewThread();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => forum.Member().Report(thread.FirstPostId))
        );

        answers.ShouldAllBe(answer => answer.Status == 201);
        (
            await forum.Database.ScalarAsync<long>(
                "select count(*) from forum.mt_doc_case where post_id = $1",
                thread.FirstPostId
            )
        ).ShouldBe(1);
        var known = await forum.Moderator().CaseOf(thread.FirstPostId);
        (await forum.Database.CountEventsAsync(known)).ShouldBe(20);
    }

    [Fact]
    public async Task two_servers_that_hear_of_a_post_at_once_make_one_case()
    {
        await using var second = await ForumHost.StartAsync(forum.Database, ("Sample", "false"));
        for (var i = 0; i < 5; i++)
        {
            var thread = await forum.NewThread();
            var answers = await Task.WhenAll(
                Enumerable
                    .Range(0, 8)
                    .Select(n => (n % 2 == 0 ? forum : (ForumServer)second).Member().Report(thread.FirstPostId))
            );
            answers.ShouldAllBe(answer => answer.Status == 201);
            (await forum.Database.CountEventsAsync(await forum.Moderator().CaseOf(thread.FirstPostId))).ShouldBe(8);
        }
    }

    [Fact]
    public async Task a_report_is_refused_that_says_nothing_useful()
    {
        var thread = await forum.NewThread();
        var member = forum.Member();

        (await member.Report(thread.FirstPostId, "ugly")).ShouldBeProblem(422, "report-reason-unknown");
        (await member.Report(thread.FirstPostId, "spam", new string('x', 1001))).ShouldBeProblem(422, "text-length");
        (await member.Report(thread.FirstPostId, "spam", "A \u0007 bell.")).ShouldBeProblem(422, "text-characters");
        (await member.Report(Guid.CreateVersion7())).ShouldBeProblem(404, "post-not-found");
        (await thread.Starter.Report(thread.FirstPostId)).ShouldBeProblem(403, "own-post");
        (await forum.Stranger().Report(thread.FirstPostId)).ShouldBeProblem(401);
        (await forum.Moderator().Remove(thread.FirstPostId, "Spam.")).ShouldBe(200);
        (await member.Report(thread.FirstPostId)).ShouldBeProblem(409, "post-removed");
        (await forum.Stranger().Get("/api/reports/reasons"))
            .ShouldBe(200)
            .Json[0]
            .GetProperty("key")
            .GetString()
            .ShouldBe("spam");

        var key = Guid.CreateVersion7().ToString();
        var other = await forum.NewThread();
        var first = (await member.Report(other.FirstPostId, key: key)).ShouldBe(201);
        (await member.Report(other.FirstPostId, key: key)).ShouldBe(201).Text.ShouldBe(first.Text);
    }

    [Fact]
    public async Task who_is_suspended_reports_nothing_and_may_appeal()
    {
        var thread = await forum.NewThread();
        var other = await forum.NewThread();
        var moderator = forum.Moderator();
        (await forum.Member().Report(thread.FirstPostId, "insult")).ShouldBe(201);
        var known = await moderator.CaseOf(thread.FirstPostId);
        var suspend = new
        {
            kind = "suspend-member",
            reason = "Insults.",
            memberId = await thread.Starter.Id(),
            caseId = known,
            rule = "insult",
        };
        (await moderator.Batch(suspend with { rule = "ugly" })).ShouldBeProblem(422, "report-reason-unknown");
        (await moderator.Batch(suspend with { caseId = Guid.CreateVersion7() })).ShouldBeProblem(404, "case-not-found");
        (await moderator.Batch(suspend)).ShouldBe(201);

        (await thread.Starter.Report(other.FirstPostId)).ShouldBeProblem(403, "suspended");
        (await thread.Starter.Get($"/api/cases/{known}/statement"))
            .ShouldBe(200)
            .Json.GetProperty("facts")
            .GetString()
            .ShouldBe("Insults.");
        (await thread.Starter.Appeal(known)).ShouldBe(201);
        (await forum.Moderator().DecideAppeal(known, "overturned")).ShouldBe(200);
        (await thread.Starter.Reply(thread.Id, "Thank you.")).ShouldBe(201);
    }

    [Fact]
    public async Task a_decision_that_has_been_undone_is_overturned_without_another_undo()
    {
        var thread = await forum.NewThread();
        var moderator = forum.Moderator();
        (await forum.Member().Report(thread.FirstPostId)).ShouldBe(201);
        var known = await moderator.CaseOf(thread.FirstPostId);
        var batch = (await moderator.Resolve(known, thread.FirstPostId)).ShouldBe(201);
        (await thread.Starter.Appeal(known)).ShouldBe(201);
        (await moderator.Undo(batch.Id("batchId"))).ShouldBe(201);

        (await forum.Moderator().DecideAppeal(known, "overturned")).ShouldBe(200);

        var last = (await moderator.Get($"/api/moderation/cases/{known}"))
            .Json.GetProperty("entries")
            .EnumerateArray()
            .Last();
        last.GetProperty("type").GetString().ShouldBe("appeal_decided");
        last.GetProperty("batchId").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task a_case_is_for_who_moderates_its_board_and_not_for_its_author()
    {
        var thread = await forum.NewThread();
        var (moderator, author, admin) = (forum.Moderator(), forum.Moderator(), forum.Admin());
        var post = (await author.Reply(thread.Id, "By a moderator.")).ShouldBe(201).PostId;
        (await forum.Member().Report(post, "insult", "Rude.")).ShouldBe(201);
        var known = await moderator.CaseOf(post);

        foreach (var somebody in (TestMember[])[author, forum.Member(), forum.Stranger()])
        {
            var answer = await somebody.Get($"/api/moderation/cases/{known}");
            answer.Status.ShouldBeOneOf(403, 404);
            answer.Text.ShouldNotContain("Rude.");
        }

        foreach (
            var send in (Func<TestMember, Task<Answer>>[])
                [
                    who => who.Take(known),
                    who => who.Note(known, "Mine."),
                    who => who.Dismiss(known),
                    who => who.Resolve(known, post),
                    who => who.DecideAppeal(known, "upheld"),
                ]
        )
        {
            await author.IsRefused(known, send, 404, "case-not-found");
            await forum.Member().IsRefused(known, send, 403, "moderators-only");
            await forum.Stranger().IsRefused(known, send, 401);
        }

        (await author.Get($"/api/moderation/cases?boardId={thread.BoardId}"))
            .ShouldBe(200)
            .Json.GetProperty("cases")
            .GetArrayLength()
            .ShouldBe(0);
        (await forum.Member().Get("/api/moderation/cases")).ShouldBeProblem(403, "moderators-only");
        (await moderator.Get("/api/moderation/cases?state=lost")).ShouldBeProblem(422, "case-state-unknown");
        (await moderator.Get("/api/moderation/cases?after=x")).ShouldBeProblem(400, "cursor-invalid");

        var nobody = new { roles = Nobody };
        (await admin.Permit(thread.BoardId, see: nobody, moderate: nobody)).ShouldBe(200);
        (await moderator.Get($"/api/moderation/cases/{known}")).ShouldBeProblem(404, "case-not-found");
        await moderator.IsRefused(known, who => who.Take(known), 404, "case-not-found");
        (await moderator.Get($"/api/moderation/cases?boardId={thread.BoardId}"))
            .Json.GetProperty("cases")
            .GetArrayLength()
            .ShouldBe(0);
        (await admin.Get($"/api/moderation/cases/{known}")).ShouldBe(200);
    }

    [Fact]
    public async Task the_feed_says_that_there_was_a_report_and_neither_by_whom_nor_what()
    {
        var thread = await forum.NewThread();
        var reporter = forum.Member();
        var report = (await reporter.Report(thread.FirstPostId, "spam", "Secret words.")).ShouldBe(201);

        var entry = await forum.Admin().EventAt(report.Position);

        entry.GetProperty("type").GetString().ShouldBe("post_reported");
        entry.GetProperty("actor").ValueKind.ShouldBe(JsonValueKind.Null);
        entry.GetRawText().ShouldNotContain("Secret words.");
        entry.GetRawText().ShouldNotContain(await reporter.Id() + "");
        (await forum.Member().Get($"/api/events?after={report.Position - 1}&limit=1"))
            .ShouldBe(200)
            .Text.ShouldNotContain("post_reported");
    }

    [Fact]
    public async Task the_queue_goes_from_the_oldest_to_the_newest_by_pages()
    {
        var thread = await forum.NewThread();
        var moderator = forum.Moderator();
        var posts = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            posts.Add((await thread.Starter.Reply(thread.Id, $"Post {i}.")).ShouldBe(201).PostId);
            (await moderator.Report(posts[i], "off-topic")).ShouldBe(201);
        }

        (await PagesAsync("open")).ShouldBe(posts);
        (await moderator.Take(await moderator.CaseOf(posts[3]))).ShouldBe(200);
        (await PagesAsync("mine")).ShouldBe([posts[3]]);
        foreach (var post in (Guid[])[posts[4], posts[1]])
        {
            (await moderator.Dismiss(await moderator.CaseOf(post))).ShouldBe(200);
        }

        (await PagesAsync("open")).ShouldBe([posts[0], posts[2], posts[3]]);
        (await PagesAsync("closed")).ShouldBe([posts[1], posts[4]]);

        async Task<IReadOnlyList<Guid>> PagesAsync(string state)
        {
            var found = new List<Guid>();
            for (var after = ""; ; )
            {
                var page = (
                    await moderator.Get($"/api/moderation/cases?state={state}&boardId={thread.BoardId}&limit=2{after}")
                )
                    .ShouldBe(200)
                    .Json;
                found.AddRange(
                    page.GetProperty("cases").EnumerateArray().Select(one => one.GetProperty("postId").GetGuid())
                );
                if (page.GetProperty("next").GetString() is not { } next)
                {
                    return found;
                }

                after = $"&after={next}";
            }
        }
    }

    [Fact]
    public async Task what_waits_and_what_somebody_reported_stand_in_indexes_of_their_own()
    {
        var indexes = await forum.Database.ColumnAsync<string>(
            "select indexdef from pg_indexes where tablename in ('mt_doc_case', 'mt_events')"
        );

        indexes.ShouldContain(index =>
            index.EndsWith("(opened_at) WHERE (closed_at IS NULL)", StringComparison.Ordinal)
        );
        indexes.ShouldContain(index =>
            index.Contains("(user_name, seq_id) WHERE", StringComparison.Ordinal)
            && index.Contains("post_reported", StringComparison.Ordinal)
        );
    }

    private static async Task<JsonElement> Reported(TestMember reporter) =>
        (await reporter.Get("/api/me/reports"))
            .ShouldBe(200)
            .Json.GetProperty("reports")
            .EnumerateArray()
            .ShouldHaveSingleItem();
}
