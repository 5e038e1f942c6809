using System.Net;
using System.Net.Http.Json;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Platform;

/// <summary>A forum behind a proxy, so that each test has addresses of its own, and with limits that are soon met.</summary>
public sealed class LimitedForum : IAsyncLifetime
{
    public ForumHost Forum { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        Forum = await ForumHost.StartAsync(
            null,
            ("Proxies:Addresses:0", "127.0.0.1"),
            ("Proxies:Networks:0", "10.0.0.0/24"),
            ("Limits:Writes:Member:PerSecond", "1"),
            ("Limits:Writes:Member:Burst", "3"),
            ("Limits:Reads:Address:PerSecond", "1"),
            ("Limits:Reads:Address:Burst", "3"),
            ("Limits:DearReads:Address:PerSecond", "1"),
            ("Limits:DearReads:Address:Burst", "2"),
            ("Limits:Registrations:PerSecond", "1"),
            ("Limits:Registrations:Burst", "20"),
            ("Limits:Listeners", "4"),
            ("Limits:ListenersOfAddress", "2")
        );

    public ValueTask DisposeAsync() => Forum.DisposeAsync();

    /// <summary>Someone at an address, as a proxy tells it.</summary>
    public HttpClient At(string address, string? token = null)
    {
        var client = Forum.Client(token);
        client.DefaultRequestHeaders.Add("X-Forwarded-For", $"{address}, 10.0.0.1");
        return client;
    }
}

public sealed class RequestLimitsTests(LimitedForum limited) : IClassFixture<LimitedForum>
{
    private readonly ForumHost forum = limited.Forum;

    [Fact]
    public async Task a_member_who_writes_too_fast_is_sent_back_and_nothing_is_kept_of_it()
    {
        var thread = await forum.NewThread();
        var member = forum.Member();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(i => member.Reply(thread.Id, $"Reply {i}.", $"{i}"))
        );

        var refused = answers.Where(answer => answer.Status != 201).ToList();
        refused.Count.ShouldBeInRange(4, 9);
        refused.ForEach(ShouldSayWhen);
        (await forum.Database.CountEventsAsync(thread.Id)).ShouldBe(1 + 12 - refused.Count);
        (await forum.Member().Reply(thread.Id, "Another member's.")).ShouldBe(201);
    }

    [Fact]
    public async Task an_address_that_reads_too_fast_is_sent_back_and_others_are_not()
    {
        var answers = await ReadAsync("192.0.2.1", 10, "/api/boards");

        answers.Where(answer => answer.Status != 200).ShouldNotBeEmpty();
        answers.Where(answer => answer.Status != 200).ToList().ForEach(ShouldSayWhen);
        (await ReadAsync("192.0.2.2", 3, "/api/boards")).ShouldAllBe(answer => answer.Status == 200);
    }

    [Fact]
    public async Task a_network_of_one_subscriber_counts_as_one_address()
    {
        var answers = await Task.WhenAll(
            Enumerable.Range(1, 10).Select(host => ReadAsync($"2001:db8::{host}", 1, "/api/boards"))
        );

        answers.SelectMany(answer => answer).ShouldContain(answer => answer.Status == 429);
        (await ReadAsync("2001:db8:0:1::1", 1, "/api/boards"))[0].ShouldBe(200);
    }

    [Fact]
    public async Task a_browser_is_told_by_a_page()
    {
        using var browser = limited.At("192.0.2.3");
        browser.DefaultRequestHeaders.Accept.ParseAdd("text/html");

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 10)
                .Select(_ => browser.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken))
        );

        var refused = answers.First(answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter.ShouldNotBeNull();
        refused.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        (await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(
            "too many requests"
        );
    }

    [Fact]
    public async Task dear_reads_have_a_limit_of_their_own()
    {
        var thread = await forum.NewThread();

        var answers = await ReadAsync("192.0.2.4", 8, $"/api/threads/{thread.Id}/compare?from=0");

        answers.ShouldContain(answer => answer.Status == 200);
        answers.Where(answer => answer.Status != 200).ShouldNotBeEmpty();
        answers.Where(answer => answer.Status != 200).ToList().ForEach(ShouldSayWhen);
        (await ReadAsync("192.0.2.4", 1, $"/api/threads/{thread.Id}"))[0].ShouldBe(200);
    }

    [Fact]
    public async Task few_become_members_from_one_address_at_once()
    {
        var thread = await forum.NewThread();
        var strangers = Enumerable.Range(0, 30).Select(_ => forum.Member()).ToList();

        var answers = await Task.WhenAll(strangers.Select(stranger => ReplyAsync(stranger, "192.0.2.5")));

        var refused = answers.Zip(strangers).Where(pair => pair.First.Status != 201).ToList();
        refused.ShouldNotBeEmpty();
        foreach (var (answer, stranger) in refused)
        {
            ShouldSayWhen(answer);
            (await stranger.Registrations()).ShouldBe(0);
        }

        var member = answers.Zip(strangers).First(pair => pair.First.Status == 201).Second;
        (await ReplyAsync(member, "192.0.2.5")).ShouldBe(201);
        (await ReplyAsync(refused[0].Second, "192.0.2.6")).ShouldBe(201);

        async Task<Answer> ReplyAsync(TestMember member, string address)
        {
            using var client = limited.At(address, member.Token);
            using var answer = await client.PostAsJsonAsync(
                $"/api/threads/{thread.Id}/replies",
                new { body = "Hello." }
            );
            return await Answer.Of(answer);
        }
    }

    [Fact]
    public async Task connections_that_wait_are_counted_by_address_and_together()
    {
        var thread = await forum.NewThread();
        var path = $"/api/threads/{thread.Id}/live";
        using var first = await ListenAsync("192.0.2.7");
        using var second = await ListenAsync("192.0.2.7");
        using (var third = await ListenAsync("192.0.2.7"))
        {
            (await Answer.Of(third)).ShouldBeProblem(429, "too-many-connections").Headers.RetryAfter.ShouldNotBeNull();
        }

        using var fourth = await ListenAsync("192.0.2.8");
        using var fifth = await ListenAsync("192.0.2.8");
        using (var sixth = await ListenAsync("192.0.2.9"))
        {
            (await Answer.Of(sixth)).ShouldBeProblem(503, "too-many-listeners").Headers.RetryAfter.ShouldNotBeNull();
        }

        fourth.StatusCode.ShouldBe(HttpStatusCode.OK);
        fifth.StatusCode.ShouldBe(HttpStatusCode.OK);

        async Task<HttpResponseMessage> ListenAsync(string address)
        {
            using var client = limited.At(address);
            return await client.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        }
    }

    [Fact]
    public async Task whoever_watches_its_health_is_never_sent_back() =>
        (await ReadAsync("192.0.2.10", 20, "/health/live")).ShouldAllBe(answer => answer.Status == 200);

    private static void ShouldSayWhen(Answer answer) =>
        answer
            .ShouldBeProblem(429, "too-many-requests")
            .Headers.RetryAfter.ShouldNotBeNull()
            .Delta.ShouldNotBeNull()
            .ShouldBeGreaterThan(TimeSpan.Zero);

    private async Task<Answer[]> ReadAsync(string address, int times, string path)
    {
        using var client = limited.At(address);
        return await Task.WhenAll(
            Enumerable
                .Range(0, times)
                .Select(async _ =>
                {
                    using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
                    return await Answer.Of(answer);
                })
        );
    }
}
