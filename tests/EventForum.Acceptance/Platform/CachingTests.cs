using EventForum.Acceptance.Golden;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Platform;

public sealed class CachingTests(ForumHost forum)
{
    [Fact]
    public async Task every_answer_is_its_readers_own_and_a_moderators_is_kept_nowhere()
    {
        var thread = await forum.NewThread("A secret.");
        (await thread.Starter.Edit(thread.FirstPostId, "A greater secret.")).ShouldBe(200);
        var member = await thread.Starter.Id();
        (TestMember Reader, bool SeesMore)[] readers =
        [
            (forum.Stranger(), false),
            (thread.Starter, false),
            (forum.Moderator(), true),
            (forum.Admin(), true),
        ];
        var paths = RouteTests
            .Routes(forum)
            .Where(route => route.Method is "GET" or "*")
            // The transparency log is the same for everybody, and holds nothing that is ever removed.
            .Where(route => !route.Path.StartsWith("/log/", StringComparison.Ordinal))
            .Select(route => Address(route.Path, thread, member))
            .ToList();

        paths.Count.ShouldBeGreaterThan(25);
        foreach (var path in paths)
        {
            foreach (var (reader, seesMore) in readers)
            {
                var answer = await HeadAsync(reader, path);

                answer.Status.ShouldBeLessThan(500, path);
                answer.Headers.Vary.ShouldContain("Authorization", StringComparer.Ordinal, path);
                answer.Headers.Vary.ShouldContain("Cookie", StringComparer.Ordinal, path);
                var kept = answer.Headers.CacheControl.ShouldNotBeNull(path);
                (kept.NoStore || kept.NoCache).ShouldBeTrue($"{path}: {kept}");
                kept.MaxAge.GetValueOrDefault().ShouldBe(TimeSpan.Zero, path);
                if (seesMore)
                {
                    kept.NoStore.ShouldBeTrue($"{path}: {kept}");
                }
            }
        }
    }

    [Fact]
    public async Task a_refusal_is_its_readers_own_too()
    {
        var refused = await forum.Stranger().Get($"/api/threads/{Guid.CreateVersion7()}");

        refused.ShouldBeProblem(404).Headers.Vary.ShouldBe(["Authorization", "Cookie"], ignoreOrder: true);
        refused.Headers.CacheControl!.ToString().ShouldBe("no-cache, private");
    }

    [Fact]
    public async Task a_file_may_be_kept_under_the_hash_of_its_content_only()
    {
        var home = (await forum.Stranger().Get("/")).ShouldBe(200).Text;
        var start = home.IndexOf("/forum.css?v=", StringComparison.Ordinal);
        var url = home[start..home.IndexOf('"', start)];

        (await forum.Stranger().Get(url))
            .ShouldBe(200)
            .Headers.CacheControl!.ToString()
            .ShouldBe("public, max-age=31536000");
        foreach (var other in (string[])[url[..^1], "/forum.css?v=", "/forum.css"])
        {
            (await forum.Stranger().Get(other))
                .ShouldBe(200)
                .Headers.CacheControl!.ToString()
                .ShouldBe("public, no-cache", other);
        }
    }

    /// <summary>The headers alone, as the streams among the answers never end, and those of the very address.</summary>
    private async Task<Answer> HeadAsync(TestMember reader, string path)
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = forum.Address, Timeout = Patience.Limit };
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        request.Headers.Authorization = reader.Token is { } token ? new("Bearer", token) : null;
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.Of(response);
    }

    private static string Address(string route, TestThread thread, Guid member) =>
        route
            .Replace(":guid", "", StringComparison.Ordinal)
            .Replace("{threadId}", $"{thread.Id}", StringComparison.Ordinal)
            .Replace("{postId}", $"{thread.FirstPostId}", StringComparison.Ordinal)
            .Replace("{boardId}", $"{thread.BoardId}", StringComparison.Ordinal)
            .Replace("{memberId}", $"{member}", StringComparison.Ordinal)
            .Replace("{documentName?}", "", StringComparison.Ordinal)
            .Replace("{documentName}", "v1", StringComparison.Ordinal);
}
