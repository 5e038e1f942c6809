using System.Collections.Concurrent;
using System.Diagnostics;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Platform;

/// <summary>A server alone on its database, so that no other one keeps the views up.</summary>
public sealed class TracedServer : IAsyncLifetime
{
    public ForumHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await ForumHost.StartAsync(null, ("Sample", "false"));

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}

public sealed class TelemetryTests(TracedServer traced, ForumHost shared) : IClassFixture<TracedServer>
{
    private readonly ForumHost forum = traced.Host;

    private static readonly string[] Sources = ["EventForum", "Microsoft.AspNetCore", "Npgsql", "Wolverine"];

    [Fact]
    public async Task the_trace_of_a_reply_leads_from_the_request_to_the_views()
    {
        var thread = await forum.NewThread();
        var member = forum.Member();
        using var trace = new Trace();

        (await member.Reply(thread.Id, "Traced.")).ShouldBe(201);

        var view = await trace.FindAsync("view BoardLists");
        var batch = await trace.FindAsync("batch");
        var command = await trace.FindAsync("command PostReply");
        view.ParentSpanId.ShouldBe(command.SpanId);
        batch.ParentSpanId.ShouldBe(command.SpanId);
        command.Links.ShouldContain(link => link.Context.SpanId == batch.SpanId);
        var statements = trace.Spans.Where(span => span.ParentSpanId == batch.SpanId).ToList();
        statements.ShouldAllBe(span => span.Source.Name == "Npgsql");
        statements.ShouldContain(span => Text(span).Contains("mt_quick_append_events", StringComparison.Ordinal));
        var message = trace.Spans.Single(span => span.SpanId == command.ParentSpanId);
        message.Source.Name.ShouldBe("Wolverine");
        trace.Spans.Single(span => span.SpanId == message.ParentSpanId).Source.Name.ShouldBe("Microsoft.AspNetCore");
    }

    [Fact]
    public async Task a_command_on_a_board_is_traced_to_the_views_too()
    {
        using var trace = new Trace();

        await forum.NewBoard();

        var command = await trace.FindAsync("command CreateBoard");
        (await trace.FindAsync("view BoardLists")).ParentSpanId.ShouldBe(command.SpanId);
    }

    [Fact]
    public async Task an_event_keeps_its_span_only_where_it_was_traced()
    {
        var thread = await forum.NewThread();
        using var trace = new Trace();
        (await forum.Member().Reply(thread.Id, "Traced.")).ShouldBe(201);
        var command = await trace.FindAsync("command PostReply");
        await trace.FindAsync("view BoardLists");

        var kept = await forum.Database.ColumnAsync<string>(
            "select coalesce(headers ->> 'traceparent', '') from forum.mt_events where stream_id = $1 order by version",
            thread.Id
        );

        kept.ShouldBe(["", command.Id!]);
    }

    [Fact]
    public async Task nothing_that_people_wrote_is_sent()
    {
        await using var collector = await Collector.StartAsync();
        await using var server = await ForumProcess.StartAsync(shared.Database, collector.Settings);
        var word = $"planted{Guid.CreateVersion7():N}";
        var member = server.As($"A {word}", "member", "moderator", "admin");

        var board = (await member.CreateBoard($"B {word}", $"C {word}")).ShouldBe(201).Id("boardId");
        var thread = (await member.StartThread(board, $"D {word}", $"E {word}", $"F {word}")).ShouldBe(201);
        var reply = (await member.Reply(thread.ThreadId, $"G {word}")).ShouldBe(201);
        (await member.Quote(reply.PostId, $"H {word}", word)).ShouldBe(201);
        (await member.Edit(reply.PostId, $"I {word}", $"J {word}")).ShouldBe(200);
        (await member.Remove(reply.PostId, $"K {word}")).ShouldBe(200);
        (await member.Rename(thread.ThreadId, $"L {word}", $"M {word}")).ShouldBe(200);
        (await member.Lock(thread.ThreadId, $"N {word}")).ShouldBe(200);
        (await member.Reply(thread.ThreadId, $"O {word}")).ShouldBeProblem(409, "thread-locked");
        (await member.CreateBoard($"B {word}")).Status.ShouldBe(409);
        (await member.Get($"/api/members?name={word}")).ShouldBe(200);
        (await member.Get($"/api/boards/{board}/threads?min-position={reply.Position}")).ShouldBe(200);
        (await server.StopAsync()).ShouldBe(0);

        var sent = collector.Sent;
        foreach (var expected in (string[])["command RemovePost", "eventforum.refusals", "mt_quick_append_events"])
        {
            sent.ShouldContain(expected, Case.Sensitive);
        }

        sent.Contains(word, StringComparison.OrdinalIgnoreCase).ShouldBeFalse();
        sent.Contains(member.Token!.Split('.')[2], StringComparison.Ordinal).ShouldBeFalse();
    }

    private static string Text(Activity span) => span.GetTagItem("db.query.text") as string ?? "";

    /// <summary>
    /// All spans of the requests that are sent while it lasts, and of nothing else in this process. Whoever ends it waits
    /// for its view first: else the next one's events may share a page with its own, and be linked only.
    /// </summary>
    private sealed class Trace : IDisposable
    {
        private readonly Activity root = new("test");
        private readonly ConcurrentQueue<Activity> spans = new();
        private readonly SemaphoreSlim arrived = new(0);
        private readonly ActivityListener listener;

        public Trace()
        {
            root.ActivityTraceFlags = ActivityTraceFlags.Recorded;
            root.Start();
            listener = new ActivityListener
            {
                ShouldListenTo = source => Sources.Contains(source.Name, StringComparer.Ordinal),
                Sample = (ref options) =>
                    options.Parent.TraceId == root.TraceId
                        ? ActivitySamplingResult.AllDataAndRecorded
                        : ActivitySamplingResult.None,
                ActivityStopped = span =>
                {
                    if (span.TraceId == root.TraceId)
                    {
                        spans.Enqueue(span);
                        arrived.Release();
                    }
                },
            };
            ActivitySource.AddActivityListener(listener);
        }

        public IEnumerable<Activity> Spans => spans;

        /// <summary>Waits for the span with this name.</summary>
        public async Task<Activity> FindAsync(string name)
        {
            using var patience = Patience.Begin();
            while (true)
            {
                if (spans.FirstOrDefault(span => span.OperationName == name) is { } span)
                {
                    return span;
                }

                await arrived.WaitAsync(patience.Token);
            }
        }

        public void Dispose()
        {
            listener.Dispose();
            root.Dispose();
            arrived.Dispose();
        }
    }
}
