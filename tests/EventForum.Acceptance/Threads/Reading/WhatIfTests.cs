using System.Text.Json;
using System.Text.Json.Nodes;
using EventForum.Acceptance.Harness;
using Npgsql;

namespace EventForum.Acceptance.Threads.Reading;

public sealed class WhatIfTests(ForumHost forum)
{
    [Fact]
    public async Task without_a_member_the_thread_reads_as_if_the_member_had_never_been_there()
    {
        var thread = await forum.NewThread("The first.");
        var ben = forum.Member();
        var second = (await ben.Reply(thread.Id, "The second.")).ShouldBe(201);
        (await forum.Member().Quote(second.PostId, "The third.", "second")).ShouldBe(201);
        (await ben.Edit(second.PostId, "The second, edited.")).ShouldBe(200);
        var before = await forum.Database.ScalarAsync<long>(
            "select count(*) from forum.mt_events where stream_id = $1",
            thread.Id
        );

        var answer = (await Without(thread.Id, $"member:{ben.Name}")).ShouldBe(200);

        var whatIf = answer.Json.GetProperty("whatIf");
        whatIf.GetProperty("without")[0].GetString().ShouldBe($"member:{ben.Name}");
        whatIf.GetProperty("leftOutEvents").GetInt32().ShouldBe(2);
        whatIf.GetProperty("leftOutPosts").GetInt32().ShouldBe(1);
        whatIf.GetProperty("orphanedQuotes").GetInt32().ShouldBe(1);
        whatIf.GetProperty("orphanedReplies").GetInt32().ShouldBe(1);
        whatIf.TryGetProperty("stoppedAt", out _).ShouldBeFalse();
        var posts = answer.Json.GetProperty("posts").EnumerateArray().ToList();
        posts.Select(post => post.GetProperty("number").GetInt32()).ShouldBe([1, 3]);
        var orphan = posts[1];
        orphan.GetProperty("orphaned").GetBoolean().ShouldBeTrue();
        orphan.GetProperty("quotes")[0].GetProperty("state").GetString().ShouldBe("orphaned");
        orphan.GetProperty("quotes")[0].GetProperty("text").ValueKind.ShouldBe(JsonValueKind.Null);
        orphan.GetProperty("html").GetString()!.ShouldNotContain("second");
        (answer.Headers.CacheControl?.NoStore).ShouldBe(true);
        answer.Headers.ETag.ShouldBeNull();
        (
            await forum.Database.ScalarAsync<long>(
                "select count(*) from forum.mt_events where stream_id = $1",
                thread.Id
            )
        ).ShouldBe(before);
        (await forum.Stranger().Get($"/api/threads/{thread.Id}")).Json.TryGetProperty("whatIf", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task it_goes_together_with_a_moment_and_reads_as_text()
    {
        var thread = await forum.NewThread("The first.");
        var second = (await forum.Member().Reply(thread.Id, "The second.")).ShouldBe(201);
        (await forum.Member().Reply(thread.Id, "The third.")).ShouldBe(201);

        var then = (await forum.Stranger().Get($"/api/threads/{thread.Id}?version=2&without=event:1")).ShouldBe(200);
        var text = await forum
            .Stranger()
            .GetText($"/api/threads/{thread.Id}?without=post:{second.PostId}&without=event:1");

        then.Json.GetProperty("posts").GetArrayLength().ShouldBe(1);
        text.Text.ShouldStartWith("(a what-if, without");
        text.Text.ShouldContain("The third.");
        text.Text.ShouldNotContain("The second.");
        text.Text.ShouldNotContain("The first.");
    }

    [Fact]
    public async Task with_nothing_left_out_it_equals_the_real_thread()
    {
        var thread = await forum.NewThread("The *first*.");
        var nobody = forum.Member();
        (await nobody.Reply((await forum.NewThread()).Id, "Elsewhere.")).ShouldBe(201);
        var quoted = (await forum.Member().Quote(thread.FirstPostId, "Quoted.")).ShouldBe(201);
        (await forum.Member().Quote(quoted.PostId, "Quoted again.")).ShouldBe(201);
        (await thread.Starter.Edit(thread.FirstPostId, "The *first*, edited.")).ShouldBe(200);
        (await forum.Moderator().Remove(quoted.PostId, "Off topic.")).ShouldBe(200);
        var last = (await forum.Moderator().Lock(thread.Id)).ShouldBe(200);

        foreach (var reader in (TestMember[])[forum.Stranger(), forum.Moderator()])
        {
            var real = await reader.Get(
                $"/api/threads/{thread.Id}?version={last.Version}&min-position={last.Position}"
            );
            var supposed = await reader.Get(
                $"/api/threads/{thread.Id}?version={last.Version}&without=member:{nobody.Name}"
            );

            Core(supposed.ShouldBe(200)).ShouldBe(Core(real.ShouldBe(200)));
        }

        static string Core(Answer answer)
        {
            var page = JsonNode.Parse(answer.Text)!.AsObject();
            page.Remove("whatIf");
            page.Remove("permalink");
            return page.ToJsonString();
        }
    }

    [Fact]
    public async Task a_removal_left_out_shows_a_stranger_nothing_that_is_removed()
    {
        var thread = await forum.NewThread("The first.");
        var second = (await forum.Member().Reply(thread.Id, "Secret words.")).ShouldBe(201);
        var removed = (await forum.Moderator().Remove(second.PostId, "Private.")).ShouldBe(200);

        var stranger = await Without(thread.Id, $"event:{removed.Version}");
        var moderator = await forum.Moderator().Get($"/api/threads/{thread.Id}?without=event:{removed.Version}");

        stranger.ShouldBe(200).Text.ShouldNotContain("Secret words.");
        stranger.Json.GetProperty("posts")[1].GetProperty("withheld").GetBoolean().ShouldBeTrue();
        moderator.Json.GetProperty("posts")[1].GetProperty("body").GetString().ShouldBe("Secret words.");
    }

    [Fact]
    public async Task what_cannot_be_left_out_is_refused()
    {
        var thread = await forum.NewThread();

        (await Without(thread.Id, "everything")).ShouldBeProblem(400, "without-invalid");
        (await Without(thread.Id, "member:nobody has this name")).ShouldBeProblem(404, "member-not-found");
        (await Without(thread.Id, "event:2")).ShouldBeProblem(404, "version-not-found");
        var elsewhere = await forum.NewThread();
        (await Without(thread.Id, $"post:{elsewhere.FirstPostId}")).ShouldBeProblem(404, "post-not-found");
        (await Without(Guid.CreateVersion7(), "event:1")).ShouldBeProblem(404, "thread-not-found");
    }

    /// <summary>The lock holds up those that are being told, for as long as the test needs.</summary>
    [Fact]
    public async Task more_than_may_wait_for_their_turn_are_sent_back_for_later()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var own = await ForumHost.StartAsync(
            database,
            ("Limits:DearReadsAtOnce", "1"),
            ("Limits:DearReadsWaiting", "1")
        );
        var thread = await own.NewThread();
        var path = $"/api/threads/{thread.Id}?without=event:1";
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var held = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var lockIt = new NpgsqlCommand("lock table forum.mt_events", connection, held);
        await lockIt.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var asked = Enumerable.Range(0, 3).Select(_ => own.Stranger().Get(path)).ToList();
        var refused = await await Task.WhenAny(asked);
        var page = await own.Stranger().Get($"/threads/{thread.Id}?without=event:1");
        await held.RollbackAsync(TestContext.Current.CancellationToken);
        var answers = await Task.WhenAll(asked);

        foreach (var answer in (Answer[])[refused, page])
        {
            answer.ShouldBeProblem(503, "busy");
            answer.Headers.RetryAfter.ShouldNotBeNull().Delta.ShouldBe(TimeSpan.FromSeconds(3));
        }

        answers.Count(answer => answer.Status == 200).ShouldBe(2);
        (await own.Stranger().Get(path)).ShouldBe(200);
    }

    private Task<Answer> Without(Guid thread, string term) =>
        forum.Stranger().Get($"/api/threads/{thread}?without={Uri.EscapeDataString(term)}");
}
