using EventForum.Acceptance.Golden;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Platform;

public sealed class SecurityHeadersTests(ForumHost forum)
{
    [Fact]
    public async Task every_answer_tells_browsers_to_do_no_more_with_it_than_it_is_for()
    {
        var thread = await forum.NewThread();
        var paths = RouteTests
            .Routes(forum)
            .Where(route => route.Method is "GET" or "*")
            .Select(route => Paths.Of(route.Path, thread))
            .Concat(["/no-such-page", "/api/nothing", "/forum.css", "/logo.svg", "/docs/nothing/at/all", "/threads/1"])
            .ToList();
        using var client = forum.Client(forum.Member().Token);

        foreach (var path in paths)
        {
            foreach (var accept in (string[])["text/html", "application/json", "text/event-stream"])
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                request.Headers.Accept.ParseAdd(accept);
                using var answer = await client.SendAsync(
                    request,
                    HttpCompletionOption.ResponseHeadersRead,
                    TestContext.Current.CancellationToken
                );

                ShouldBeSafe(answer, $"{path} as {accept}: {(int)answer.StatusCode}");
            }
        }
    }

    [Theory]
    [InlineData("POST", "/api/threads", 401)]
    [InlineData("DELETE", "/api/boards", 405)]
    [InlineData("POST", "/sign-in", 403)]
    [InlineData("OPTIONS", "/", 405)]
    public async Task so_do_refusals(string method, string path, int status)
    {
        using var client = forum.Client(null);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        ((int)answer.StatusCode).ShouldBe(status);
        ShouldBeSafe(answer, path);
    }

    [Fact]
    public async Task the_page_of_the_api_runs_no_script_that_is_not_its_own()
    {
        using var client = forum.Client(null);

        using var one = await client.GetAsync(
            new Uri("/docs", UriKind.Relative),
            TestContext.Current.CancellationToken
        );
        using var other = await client.GetAsync(
            new Uri("/docs", UriKind.Relative),
            TestContext.Current.CancellationToken
        );

        var scripts = string.Join(' ', Policy(one)["script-src"]);
        scripts.ShouldStartWith("'self' 'nonce-");
        scripts.ShouldNotContain("unsafe");
        (scripts == string.Join(' ', Policy(other)["script-src"])).ShouldBeFalse("a nonce is good for one answer");
    }

    private static void ShouldBeSafe(HttpResponseMessage answer, string what)
    {
        Header("X-Content-Type-Options").ShouldBe("nosniff", what);
        Header("X-Frame-Options").ShouldBe("DENY", what);
        Header("Referrer-Policy").ShouldBe("same-origin", what);
        var policy = Policy(answer);
        string.Join(' ', policy["default-src"]).ShouldBe("'none'", what);
        string.Join(' ', policy["frame-ancestors"]).ShouldBe("'none'", what);
        string.Join(' ', policy["base-uri"]).ShouldBe("'none'", what);

        string Header(string name) =>
            answer.Headers.TryGetValues(name, out var values) ? string.Join('|', values) : "(none)";
    }

    private static Dictionary<string, string[]> Policy(HttpResponseMessage answer) =>
        (answer.Headers.TryGetValues("Content-Security-Policy", out var values) ? string.Join(';', values) : "")
            .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(directive => directive.Split(' '))
            .ToDictionary(words => words[0], words => words[1..], StringComparer.Ordinal);
}
