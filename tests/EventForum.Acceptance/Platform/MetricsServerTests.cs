using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Platform;

/// <summary>A server that shows its metrics: a process of its own, since metrics are a process's.</summary>
public sealed class MeasuredServer(ForumHost forum) : IAsyncLifetime
{
    public ForumProcess Process { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        Process = await ForumProcess.StartAsync(forum.Database, ("Metrics:Url", "http://127.0.0.1:0"));

    public async Task<PrometheusText> Metrics()
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, Process.Metrics);
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse("text/plain;version=0.0.4"));
        using var answer = await client.SendAsync(request);
        answer.Content.Headers.ContentType?.MediaType.ShouldBe("text/plain");
        return PrometheusText.Parse(await answer.Content.ReadAsStringAsync());
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}

public sealed partial class MetricsServerTests(MeasuredServer measured) : IClassFixture<MeasuredServer>
{
    private readonly ForumProcess server = measured.Process;

    [Fact]
    public async Task metrics_are_shown_at_their_own_address_only()
    {
        using var elsewhere = new HttpClient();

        (await server.Stranger().Get("/metrics")).ShouldBeProblem(404, "not-found");
        using var answer = await elsewhere.GetAsync(
            new Uri(server.Metrics!, "/api/boards"),
            TestContext.Current.CancellationToken
        );

        ((int)answer.StatusCode).ShouldBe(404);
        (await measured.Metrics()).Names.ShouldContain("eventforum_command_pending", StringComparer.Ordinal);
        (await measured.Metrics()).Names.ShouldContain("eventforum_log_behind_seconds", StringComparer.Ordinal);
        (await measured.Metrics()).Names.ShouldContain("eventforum_log_still_seconds", StringComparer.Ordinal);
        (await measured.Metrics()).Names.ShouldContain("eventforum_log_events_behind", StringComparer.Ordinal);
    }

    [Fact]
    public async Task a_refusal_is_counted_by_its_type_once()
    {
        var before = await RefusedAsync();

        (await server.Member().Reply(Guid.CreateVersion7(), "Nowhere.")).ShouldBeProblem(404, "thread-not-found");
        await UntilAsync(async () => await RefusedAsync() > before);
        using var browser = new HttpClient { BaseAddress = server.Address };
        browser.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        using var page = await browser.GetAsync(
            new Uri($"/threads/{Guid.CreateVersion7()}", UriKind.Relative),
            TestContext.Current.CancellationToken
        );
        await UntilAsync(async () => await RefusedAsync() > before + 1);

        (await RefusedAsync()).ShouldBe(before + 2);

        async Task<double> RefusedAsync() =>
            (await measured.Metrics()).Sum("eventforum_refusals_total", "type", "thread-not-found");
    }

    [Fact]
    public async Task everything_that_the_board_and_the_alerts_ask_for_is_shown()
    {
        var reader = server.Member();
        var thread = await server.NewThread();
        (await reader.Reply(thread.Id, "A reply.")).ShouldBe(201);
        (await reader.Get($"/api/threads/{thread.Id}")).ShouldBe(200);
        (await reader.Get($"/api/threads/{thread.Id}/timeline")).ShouldBe(200);
        (await reader.Get($"/api/threads/{Guid.CreateVersion7()}")).ShouldBe(404);
        using var patience = Patience.Begin();
        await using var news = reader
            .Listen($"/api/threads/{thread.Id}/live", patience.Token)
            .GetAsyncEnumerator(patience.Token);
        (await news.MoveNextAsync()).ShouldBeTrue();
        await UntilAsync(async () => (await measured.Metrics()).Sum("eventforum_streams_open") > 0);

        var asked = Queries()
            .SelectMany(Metrics)
            .Except(["up"], StringComparer.Ordinal)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        var shown = (await measured.Metrics()).Names;

        asked.Count.ShouldBeGreaterThan(25);
        asked.ShouldAllBe(name => shown.Contains(name));
    }

    /// <summary>The queries of ops/grafana.json and ops/alerts.yml.</summary>
    private static IEnumerable<string> Queries()
    {
        var board = JsonElement.Parse(File.ReadAllText(Path.Combine(OpsFolder(), "grafana.json")));
        var panels = board
            .GetProperty("panels")
            .EnumerateArray()
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .Select(target => target.GetProperty("expr").GetString()!)
            .ToList();
        panels.Count.ShouldBeGreaterThan(20);
        var alerts = Expression()
            .Matches(File.ReadAllText(Path.Combine(OpsFolder(), "alerts.yml")))
            .Select(match => match.Groups["query"].Value)
            .ToList();
        alerts.Count.ShouldBe(10);
        return panels.Concat(alerts);
    }

    private static IEnumerable<string> Metrics(string query) =>
        Name().Matches(NoMetric().Replace(query, " ")).Select(match => match.Value);

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var patience = Patience.Begin();
        while (!await holds())
        {
            patience.Token.ThrowIfCancellationRequested();
        }
    }

    private static string OpsFolder([CallerFilePath] string path = "") =>
        Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "..", "ops");

    [GeneratedRegex(
        @"expr: (>-\n)?(?<query>.*(\n {10,}.*)*)",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        1_000
    )]
    private static partial Regex Expression();

    /// <summary>Labels, times, functions, operators and numbers.</summary>
    [GeneratedRegex(
        @"\{[^}]*\}|\[[^\]]*\]|\b(by|on) ?\([^)]*\)|\b[a-z_]+ ?(?=\()|\b(or|and|unless|sum|max)\b",
        RegexOptions.ExplicitCapture,
        1_000
    )]
    private static partial Regex NoMetric();

    [GeneratedRegex("[a-z_][a-z0-9_]*", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Name();
}
