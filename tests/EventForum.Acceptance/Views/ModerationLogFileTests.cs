using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Views;

public sealed class ModerationLogFileTests(ForumHost forum)
{
    [Fact]
    public async Task the_log_comes_as_lines_and_as_a_table_that_holds_no_formula()
    {
        var thread = await forum.NewThread();
        var moderator = forum.Moderator();
        var last = (await moderator.Lock(thread.Id, "=1+1, \"quoted\"")).ShouldBe(200).Position;
        var path = $"/api/moderation/log?moderator={await moderator.Id()}&min-position={last}";

        var csv = (await moderator.Get($"{path}&format=csv")).ShouldBe(200).Text.Split("\r\n");
        csv[0].ShouldStartWith("position,batchId,at,kind,moderatorId,moderator,reason,");
        csv[1]
            .ShouldContain(
                $",lock-threads,{await moderator.Id()},{moderator.Name},\"'=1+1, \"\"quoted\"\"\",{thread.Id},"
            );
        csv.Length.ShouldBe(3);
        var line = (await moderator.Get($"{path}&format=jsonl")).ShouldBe(200).Text.TrimEnd('\n');
        System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("kind").GetString().ShouldBe("lock-threads");
        (await moderator.Get($"{path}&format=xml")).ShouldBeProblem(422, "format-unknown");
        (await forum.Member().Get($"{path}&format=csv")).ShouldBeProblem(403, "moderators-only");
    }

    [Fact]
    public async Task a_board_shows_everybody_what_moderators_did_and_nobodys_name()
    {
        var thread = await forum.NewThread();
        var moderator = forum.Moderator();
        (await moderator.RemovePosts(thread.FirstPostId)).ShouldBe(201);
        var last = (await moderator.Lock(thread.Id, "Settled.")).ShouldBe(200).Position;
        var path = $"/api/boards/{thread.BoardId}/moderation-log";
        var guest = forum.Stranger();
        (await guest.Get(path)).ShouldBeProblem(403, "moderation-log-not-public");
        (await moderator.PublishLog(thread.BoardId)).ShouldBeProblem(403);

        (await forum.Admin().PublishLog(thread.BoardId)).ShouldBe(200);

        var log = (await guest.Get($"{path}?min-position={last}")).ShouldBe(200);
        log.Json.GetProperty("rows").GetArrayLength().ShouldBe(2);
        log.Json.GetProperty("rows")[0].GetProperty("reason").GetString().ShouldBe("Settled.");
        log.Text.ShouldNotContain(moderator.Name);
        log.Text.ShouldNotContain(thread.Starter.Name);
        var older = await guest.Get(
            $"{path}?before={log.Json.GetProperty("rows")[0].GetProperty("batchId").GetGuid()}"
        );
        older.ShouldBe(200).Json.GetProperty("rows")[0].GetProperty("kind").GetString().ShouldBe("remove-posts");
        (await guest.Get($"{path}?format=csv")).ShouldBe(200).Text.ShouldStartWith("batchId,at,kind,reason,");
        (await guest.Get($"/boards/{thread.BoardId}/moderation-log")).ShouldBe(200).Text.ShouldContain("Settled.");
    }
}
