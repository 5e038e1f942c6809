using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using EventForum.Acceptance.Golden;
using EventForum.Acceptance.Harness;
using EventForum.Platform;

namespace EventForum.Acceptance.Platform;

/// <summary>What is refused before any rule is asked; it looks like every other refusal.</summary>
public sealed partial class ProblemTests(ForumHost forum)
{
    public static TheoryData<string, string> Writes =>
        new()
        {
            { "POST", "/api/boards" },
            { "POST", "/api/threads" },
            { "POST", "/api/threads/{0}/replies" },
            { "PUT", "/api/threads/{0}/title" },
            { "POST", "/api/threads/{0}/lock" },
            { "POST", "/api/threads/{0}/unlock" },
            { "POST", "/api/threads/{0}/pin" },
            { "POST", "/api/threads/{0}/unpin" },
            { "PUT", "/api/posts/{0}" },
            { "POST", "/api/posts/{0}/quotes" },
            { "POST", "/api/posts/{0}/remove" },
            { "POST", "/api/posts/{0}/restore" },
            { "PUT", "/api/members/{0}/title" },
        };

    public static TheoryData<string, string> WritesToSomething =>
        [.. Writes.Where(row => row.Data.Item2.Contains("{0}", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task writing_without_a_token_is_401(string method, string path)
    {
        var stranger = forum.Stranger();

        var answer = await stranger.SendText(new(method), On(path), "{}");

        answer.ShouldBeProblem(401);
        answer.Headers.WwwAuthenticate.ShouldContain(new AuthenticationHeaderValue("Bearer"));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiJyb290Iiwicm9sZXMiOlsiYWRtaW4iXX0.")]
    public async Task a_token_that_nobody_signed_is_401(string token)
    {
        var forger = new TestMember(forum, "forger", token);

        (await forger.CreateBoard(ForumServer.NewName("board"))).ShouldBeProblem(401);
    }

    [Fact]
    public async Task a_token_signed_with_another_key_is_401()
    {
        var theirs = Directory.CreateTempSubdirectory("eventforum-test-");
        try
        {
            var token = AuthenticationModule.LocalToken(
                new Microsoft.Extensions.Configuration.ConfigurationManager { ["EVENTFORUM_DATA"] = theirs.FullName },
                "forger",
                ["admin"],
                TimeProvider.System
            );
            var forger = new TestMember(forum, "forger", token);

            (await forger.CreateBoard(ForumServer.NewName("board"))).ShouldBeProblem(401);
        }
        finally
        {
            theirs.Delete(recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task malformed_json_is_400(string method, string path)
    {
        foreach (
            var json in (string[])
                ["{", "", "nothing", "[1]", "\"text\"", "{\"body\":1,\"name\":1,\"title\":1,\"reason\":1}"]
        )
        {
            var admin = forum.Admin();

            (await admin.SendText(new(method), On(path), json)).ShouldBeProblem(400);

            (await admin.Acts()).ShouldBe(0);
        }
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task json_null_is_400(string method, string path)
    {
        (await forum.Admin().SendText(new(method), On(path), "null")).ShouldBeProblem(400);
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task another_media_type_is_415(string method, string path)
    {
        var answer = await forum.Admin().SendText(new(method), On(path), "body=text", "text/plain");

        answer.ShouldBeProblem(415);
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task more_than_a_request_may_have_is_413(string method, string path)
    {
        var json = $$"""{"body":"{{new string('x', HttpProblems.MaxRequestBytes)}}"}""";

        (await forum.Admin().SendText(new(method), On(path), json)).ShouldBeProblem(413);
    }

    [Theory]
    [MemberData(nameof(WritesToSomething))]
    public async Task a_malformed_id_is_404(string method, string path)
    {
        foreach (var id in (string[])["1", "nonsense", "00000000-0000-0000-0000-00000000000g", "a%2Fb"])
        {
            var answer = await forum
                .Admin()
                .SendText(new(method), path.Replace("{0}", id, StringComparison.Ordinal), "{}");

            answer.ShouldBeProblem(404);
        }
    }

    [Theory]
    [MemberData(nameof(WritesToSomething))]
    public async Task an_id_that_is_not_there_is_404(string method, string path)
    {
        var admin = forum.Admin();

        var answer = await admin.Send(
            new(method),
            On(path),
            new
            {
                body = "Text.",
                title = "Title",
                reason = "Reason.",
            }
        );

        answer.ShouldBeProblem(404);
        (await admin.Acts()).ShouldBe(0);
    }

    [Fact]
    public async Task the_id_of_zeros_is_404_everywhere()
    {
        var admin = forum.Admin();
        var paths = GoldenFile
            .Read("routes.txt")
            .Split('\n')
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(route => route is [_, var path, _] && path.Contains("Id", StringComparison.Ordinal))
            .Select(route => (Method: new HttpMethod(route[0]), Path: AnyId().Replace(route[1], $"{Guid.Empty}")))
            .ToList();
        paths.Count.ShouldBeGreaterThan(40);
        var sent = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["body"] = "Text.",
            ["title"] = "Title",
            ["reason"] = "Reason.",
        };

        foreach (var (method, path) in paths)
        {
            var answer = await (
                method == HttpMethod.Get
                    ? admin.Send(method, path.EndsWith("/compare", StringComparison.Ordinal) ? path + "?from=0" : path)
                : path.StartsWith("/api", StringComparison.Ordinal) ? admin.Send(method, path, sent)
                : admin.SendContent(method, path, new FormUrlEncodedContent(sent))
            );

            answer.Status.ShouldBe(404, $"{method} {path}");
        }

        (await admin.StartThread(Guid.Empty, "Title", "Body.")).ShouldBeProblem(404, "board-not-found");
        (await admin.Acts()).ShouldBe(0);
    }

    [Theory]
    [InlineData("GET", "/api/nothing")]
    [InlineData("POST", "/api/nothing")]
    public async Task a_path_that_is_not_there_is_404(string method, string path)
    {
        (await forum.Member().Send(new(method), path)).ShouldBeProblem(404);
    }

    [Fact]
    public async Task a_method_that_is_not_there_is_405()
    {
        (await forum.Member().Send(HttpMethod.Delete, On("/api/posts/{0}"))).ShouldBeProblem(405);
    }

    [GeneratedRegex(@"\{\w+(:guid)?\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex AnyId();

    private static string On(string path) =>
        path.Replace("{0}", Guid.CreateVersion7().ToString(), StringComparison.Ordinal);
}
