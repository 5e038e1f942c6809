using EventForum.Acceptance.Golden;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Platform;

public sealed class OperationsTests(ForumHost forum)
{
    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task a_server_that_works_says_so(string path) => (await forum.Stranger().Get(path)).ShouldBe(200);

    [Fact]
    public async Task readiness_names_the_parts_that_must_be_ready()
    {
        var checks = (await forum.Stranger().Get("/health/ready")).ShouldBe(200).Json.GetProperty("checks");

        checks
            .EnumerateObject()
            .Select(check => check.Name)
            .ShouldBe(["database", "log", "views", "writers"], ignoreOrder: true);
        checks.GetProperty("writers").GetProperty("status").GetString().ShouldBe("Healthy");
        checks.GetProperty("log").GetProperty("data").TryGetProperty("behindSeconds", out _).ShouldBeTrue();
        checks.GetProperty("writers").GetProperty("data").TryGetProperty("pending", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task the_description_names_every_route_of_the_api()
    {
        var paths = (await forum.Stranger().Get("/openapi/v1.json")).ShouldBe(200).Json.GetProperty("paths");

        foreach (var route in RouteTests.Routes(forum).Where(r => r.Path.StartsWith("/api/", StringComparison.Ordinal)))
        {
            paths.TryGetProperty(route.Path, out var path).ShouldBeTrue(route.Path);
            path.TryGetProperty(route.Method.ToLowerInvariant(), out _).ShouldBeTrue($"{route.Method} {route.Path}");
        }
    }
}
