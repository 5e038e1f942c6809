using System.Text.Json;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Cases;

/// <summary>From a report to the last decision, over HTTP.</summary>
public sealed class CaseTests(ForumHost forum)
{
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

        (await moderator.Resolve(known, (await forum.NewThread()).FirstPostId)).ShouldBeProblem(
            422,
            "batch-not-about-case"
        );
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

    private static async Task<JsonElement> Reported(TestMember reporter) =>
        (await reporter.Get("/api/me/reports"))
            .ShouldBe(200)
            .Json.GetProperty("reports")
            .EnumerateArray()
            .ShouldHaveSingleItem();
}
