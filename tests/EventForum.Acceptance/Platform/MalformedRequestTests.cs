using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Platform;

/// <summary>What nobody sends by mistake is the sender's fault all the same, never the server's.</summary>
public sealed class MalformedRequestTests(ForumHost forum)
{
    private const string Form = "Content-Type: application/x-www-form-urlencoded";

    private const string Parts = "Content-Type: multipart/form-data; boundary=x";

    public static TheoryData<string, string, int> Forms =>
        new()
        {
            { "Content-Type: multipart/form-data", "abc", 400 },
            { "Content-Type: multipart/form-data; boundary=\"\"", "--\r\n", 400 },
            { $"Content-Type: multipart/form-data; boundary={new string('x', 300)}", "abc", 400 },
            { Parts, "--x\r\nContent-Disp", 400 },
            { Parts, "abc", 400 },
            { Parts, "--x\r\nContent-Disposition: form-data; name=body\r\n\r\nabc", 400 },
            { Parts, "--x\r\nnonsense\r\n\r\nabc\r\n--x--", 400 },
            { Parts, "--x\r\n" + Repeat(40, i => $"A{i}: b\r\n") + "\r\nabc\r\n--x--", 400 },
            { Form, Repeat(2_000, i => $"k{i}=1&"), 400 },
            { Form, new string('k', 5_000) + "=1", 400 },
            { Form, "body=a%00b", 400 },
            { Form, "bo%00dy=a", 400 },
            { Form + "; charset=utf-7", "body=abc", 400 },
            { Form, "body=caf%E9", 400 },
            { Form, "body=caf\u00e9", 400 },
            { Form + "; charset=iso-8859-1", "body=caf\u00e9", 400 },
            { Parts, "--x\r\nContent-Disposition: form-data; name=body\r\n\r\ncaf\u00e9\r\n--x--", 400 },
            { "Content-Type: application/json", "{\"body\":\"abc\"}", 415 },
            { "Content-Type: text/plain", "body=abc", 415 },
        };

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task a_form_that_cannot_be_read_is_4xx(string contentType, string body, int status)
    {
        var thread = await forum.NewThread();
        foreach (
            var path in (string[])["/sign-in", $"/threads/{thread.Id}/replies", $"/boards/{thread.BoardId}/threads"]
        )
        {
            foreach (var accept in (string[])["text/html", "application/json"])
            {
                var answer = await RawHttp.SendAsync(
                    forum,
                    $"""
                    POST {path} HTTP/1.1
                    Cookie: eventforum={thread.Starter.Token}
                    Sec-Fetch-Site: same-origin
                    Accept: {accept}
                    {contentType}
                    Content-Length: {body.Length}
                    """,
                    body
                );

                answer.Status.ShouldBe(status, $"{path} as {accept}\n{answer.Text}");
            }
        }

        (await forum.Database.CountEventsAsync(thread.Id)).ShouldBe(1);
    }

    [Theory]
    [InlineData("FFFFFFFFFFFFFFFF\r\nabc")]
    [InlineData("80000000\r\nabc")]
    [InlineData("7FFFFFFF\r\nabc")]
    [InlineData("-1\r\nabc")]
    [InlineData("zz\r\nabc\r\n0\r\n\r\n")]
    [InlineData("3\r\nabcdef\r\n0\r\n\r\n")]
    public async Task a_chunk_that_cannot_be_is_4xx(string body)
    {
        var thread = await forum.NewThread();
        (string Path, string Type)[] requests =
        [
            ($"/api/threads/{thread.Id}/replies", "Content-Type: application/json"),
            ($"/threads/{thread.Id}/replies", Form),
        ];
        // Kestrel waits some seconds for the rest of a body before it closes the connection.
        await Task.WhenAll(
            requests.Select(async request =>
            {
                var answer = await RawHttp.SendAsync(
                    forum,
                    $"""
                    POST {request.Path} HTTP/1.1
                    Authorization: Bearer {thread.Starter.Token}
                    {request.Type}
                    Transfer-Encoding: chunked
                    """,
                    body
                );

                answer.Status.ShouldBeInRange(400, 499, $"{request.Path}\n{answer.Text}");
            })
        );

        (await forum.Database.CountEventsAsync(thread.Id)).ShouldBe(1);
    }

    [Theory]
    [InlineData("/caf%C3%A9?q=%C3%A9#p1", "/caf%C3%A9?q=%C3%A9#p1")]
    [InlineData("/threads/1?page=2", "/threads/1?page=2")]
    [InlineData("//elsewhere.example/", "/")]
    [InlineData("/\\elsewhere.example/", "/")]
    [InlineData("/.//elsewhere.example/", "/")]
    [InlineData("/a/..//elsewhere.example/", "/")]
    [InlineData("/./\\elsewhere.example/", "/")]
    [InlineData("https://elsewhere.example/", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("/\r\nSet-Cookie: a=b", "/")]
    [InlineData("", "/")]
    public async Task signing_in_leads_back_to_any_page_of_the_forum_and_nowhere_else(string back, string leadsTo)
    {
        var address = back.Replace("%C3%A9", "\u00e9", StringComparison.Ordinal);
        var body = $"token={forum.Member().Token}&return={Uri.EscapeDataString(address)}";

        var answer = await RawHttp.SendAsync(
            forum,
            $"""
            POST /sign-in HTTP/1.1
            Sec-Fetch-Site: same-origin
            {Form}
            Content-Length: {body.Length}
            """,
            body
        );

        answer.Status.ShouldBe(303, answer.Text);
        answer
            .Header("Location")
            .ShouldNotBeNull()
            .Replace("%0D%0ASet-Cookie:%20a=b", "", StringComparison.Ordinal)
            .ShouldBe(leadsTo);
        answer.Header("Set-Cookie").ShouldNotBeNull().ShouldStartWith("eventforum=");
    }

    [Theory]
    [InlineData("/api/threads/%00")]
    [InlineData("/%zz")]
    [InlineData("/%ff")]
    [InlineData("/threads/%ED%A0%80")]
    [InlineData("/api/members?name=%00&x=%ED%A0%80")]
    [InlineData("/api/events?types=%00")]
    [InlineData("/api/boards?at=%00")]
    [InlineData("/docs/%00")]
    [InlineData("/forum.css%00")]
    public async Task an_address_of_no_text_is_never_the_servers_fault(string path)
    {
        var answer = await RawHttp.SendAsync(forum, $"GET {path} HTTP/1.1");

        answer.Status.ShouldBeInRange(200, 499, answer.Text);
    }

    [Theory]
    [InlineData("/api/moderation/log?kind=%00", "/problems/malformed-request")]
    [InlineData("/moderation/log?kind=%00", "<h1>")]
    public async Task a_query_with_a_nul_is_refused_whoever_asks(string path, string said)
    {
        var answer = await forum.Moderator().GetAs(path, path[1] == 'a' ? "application/json" : "text/html");

        answer.ShouldBe(400).Text.ShouldContain(said);
    }

    [Theory]
    [InlineData("HTTP/1.0")]
    [InlineData("HTTP/1.1\r\nHost: ")]
    [InlineData("HTTP/1.1\r\nHost: a..b")]
    [InlineData("HTTP/1.1\r\nHost: a:99999")]
    [InlineData("HTTP/1.1\r\nHost: xn--")]
    public async Task a_page_is_shown_whatever_host_it_is_asked_of(string host)
    {
        var answer = await RawHttp.SendWithoutHostAsync(forum, $"GET / {host}\r\nAccept: text/html");

        answer.Status.ShouldBe(200, answer.Text);
        answer.Text.ShouldContain("<h1>");
    }

    private static string Repeat(int times, Func<int, string> part) =>
        string.Concat(Enumerable.Range(0, times).Select(part));
}
