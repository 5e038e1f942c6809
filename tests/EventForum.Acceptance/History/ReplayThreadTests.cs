using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.History;

public sealed class ReplayThreadTests(ForumHost forum)
{
    [Fact]
    public async Task a_replay_shows_every_event_with_the_post_as_it_was_then()
    {
        var thread = await forum.NewThread("The *first* text.");
        var replier = forum.Member();
        var reply = (await replier.Quote(thread.FirstPostId, "Well said.", "text.")).ShouldBe(201);
        (await thread.Starter.Edit(thread.FirstPostId, "The *second* text.")).ShouldBe(200);
        (await replier.Remove(reply.PostId)).ShouldBe(200);
        (await replier.Restore(reply.PostId)).ShouldBe(200);

        var (events, end) = await ReplayAsync(thread.Id, "speed=100000");

        events.Select(e => e.Id).ShouldBe(["1", "2", "3", "4", "5"]);
        Html(events[0].Data).ShouldNotBeNull().ShouldContain("<em>first</em>");
        Html(events[1].Data).ShouldNotBeNull().ShouldContain("data-state=\"exact\"");
        Html(events[2].Data).ShouldNotBeNull().ShouldContain("<em>second</em>");
        Html(events[3].Data).ShouldBeNull();
        Html(events[4].Data).ShouldNotBeNull().ShouldContain("data-state=\"edited-since\"");
        events[3].Data.GetProperty("sentence").GetString().ShouldBe($"{replier.Name} removed post 2");
        end.GetProperty("version").GetInt64().ShouldBe(5);
        var history = (await forum.Stranger().Get($"/api/threads/{thread.Id}/events")).Json.GetProperty("events");
        events
            .Select(e => e.Data.GetProperty("position").GetInt64())
            .ShouldBe(history.EnumerateArray().Select(e => e.GetProperty("position").GetInt64()));
    }

    [Fact]
    public async Task a_replay_keeps_what_was_removed_from_those_who_may_not_see_it()
    {
        var thread = await forum.NewThread("A secret.");
        (await forum.Member().Quote(thread.FirstPostId, "Really?")).ShouldBe(201);
        (await thread.Starter.Remove(thread.FirstPostId)).ShouldBe(200);

        var (events, _) = await ReplayAsync(thread.Id, "speed=100000");

        events.ShouldAllBe(e => !e.Data.ToString().Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task a_replay_goes_on_over_the_redaction_of_an_earlier_revision()
    {
        var thread = await forum.NewThread("A secret.");
        (await thread.Starter.Edit(thread.FirstPostId, "No secret.")).ShouldBe(200);
        (await forum.Admin().Redact(thread.FirstPostId, 1)).ShouldBe(201);
        (await thread.Starter.Reply(thread.Id, "Good.")).ShouldBe(201);

        var (events, end) = await ReplayAsync(thread.Id, "speed=100000");
        var (later, _) = await ReplayAsync(thread.Id, "speed=100000&from=3");

        Html(events[1].Data).ShouldNotBeNull().ShouldContain("No secret.");
        Html(events[2].Data).ShouldBeNull();
        events[2].Data.GetProperty("type").GetString().ShouldBe("revision_redacted");
        Html(events[3].Data).ShouldNotBeNull().ShouldContain("Good.");
        end.GetProperty("version").GetInt64().ShouldBe(4);
        later.Select(e => e.Id).ShouldBe(["3", "4"]);
    }

    [Fact]
    public async Task a_replay_can_start_anywhere_and_go_on_after_a_break()
    {
        var thread = await forum.NewThread();
        var member = forum.Member();
        await Task.WhenAll(Enumerable.Range(0, 9).Select(i => member.Reply(thread.Id, $"Reply {i}.")));

        (await ReplayAsync(thread.Id, "speed=100000&from=8")).Events.Select(e => e.Id).ShouldBe(["8", "9", "10"]);
        (await ReplayAsync(thread.Id, "speed=100000&from=2", "7")).Events.Select(e => e.Id).ShouldBe(["8", "9", "10"]);
        (await forum.Stranger().Get($"/api/threads/{thread.Id}/replay?from=11")).ShouldBeProblem(
            404,
            "version-not-found"
        );
        (await forum.Stranger().Get($"/api/threads/{thread.Id}/replay?speed=0")).ShouldBeProblem(
            422,
            "speed-out-of-range"
        );
        (await forum.Stranger().Get($"/api/threads/{Guid.CreateVersion7()}/replay")).ShouldBeProblem(
            404,
            "thread-not-found"
        );
        using var client = forum.Client(null);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/threads/{thread.Id}/replay");
        request.Headers.Add("Last-Event-ID", "10");
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        ((int)response.StatusCode).ShouldBe(204);
    }

    [Fact]
    public async Task the_command_line_shows_a_replay_as_plain_lines_in_a_pipe()
    {
        var thread = await forum.NewThread("The first text.");
        (await forum.Moderator().Lock(thread.Id, "Enough.")).ShouldBe(200);

        var printed = await ForumProcess.CommandAsync(
            forum.Database,
            "replay",
            thread.Id.ToString(),
            "--speed",
            "1000x",
            "--url",
            forum.Address.ToString()
        );

        var lines = printed.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(3, printed);
        lines[0].ShouldEndWith($"{thread.Starter.Name} started the thread “{thread.Title}”");
        lines[1].ShouldBe("The first text.");
        lines[2].ShouldEndWith("locked the thread: Enough.");
        printed.ShouldNotContain("\u001b");
    }

    [Fact]
    public async Task the_command_line_takes_up_a_replay_that_ended_before_the_thread()
    {
        const string Ended = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
        const string Over = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";

        (await ReplayFromAsync(Ended, Over)).ShouldBe((0, ""));
    }

    [Fact]
    public async Task the_command_line_says_what_to_do_when_a_replay_breaks_before_anything_came()
    {
        const string Broken =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 100\r\n\r\n: begun";

        var (exitCode, told) = await ReplayFromAsync(Broken);

        exitCode.ShouldNotBe(0);
        told.ShouldContain("Run it again");
        told.ShouldNotContain("   at ");
    }

    /// <summary>Replays from a server that gives each connection one answer and closes it.</summary>
    private async Task<(int ExitCode, string Told)> ReplayFromAsync(params string[] answers)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var replay = ForumProcess.Begin(
            forum.Database,
            "replay",
            Guid.CreateVersion7().ToString(),
            "--url",
            $"http://{listener.LocalEndpoint}"
        );
        foreach (var answer in answers)
        {
            using var client = await listener.AcceptTcpClientAsync(cancellation);
            await using var stream = client.GetStream();
            using var request = new StreamReader(stream);
            while (!string.IsNullOrEmpty(await request.ReadLineAsync(cancellation))) { }

            await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), cancellation);
        }

        var told = await replay.StandardError.ReadToEndAsync(cancellation);
        await replay.WaitForExitAsync(cancellation);
        return (replay.ExitCode, told);
    }

    private async Task<(List<(string Id, JsonElement Data)> Events, JsonElement End)> ReplayAsync(
        Guid threadId,
        string query,
        string? lastId = null
    )
    {
        using var patience = Patience.Begin();
        var events = new List<(string, JsonElement)>();
        await foreach (
            var item in EventStreamReader.FollowAsync(
                forum,
                $"/api/threads/{threadId}/replay?{query}",
                lastId,
                patience.Token
            )
        )
        {
            if (item.EventType == "end")
            {
                return (events, item.Data);
            }

            item.EventId.ShouldBe(item.Data.GetProperty("version").GetInt64().ToString(CultureInfo.InvariantCulture));
            events.Add((item.EventId!, item.Data));
        }

        throw new InvalidOperationException("The replay has no end.");
    }

    private static string? Html(JsonElement entry) =>
        entry.TryGetProperty("html", out var html) ? html.GetString() : null;
}
