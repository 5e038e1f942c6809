using System.Text.Json;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Cases;

/// <summary>Who reports a post, what a report may say, and that reports of one post are one case.</summary>
public sealed class ReportTests(ForumHost forum)
{
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
}
