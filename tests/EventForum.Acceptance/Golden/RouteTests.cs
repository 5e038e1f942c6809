using EventForum.Acceptance.Harness;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EventForum.Acceptance.Golden;

public sealed class RouteTests(ForumHost forum)
{
    [Fact]
    public void the_routes_and_who_may_use_them_are_what_they_were()
    {
        var lines = Routes(forum).Select(route => $"{route.Method, -6} {route.Path, -40} {route.For}".TrimEnd());

        GoldenFile.ShouldBe("routes.txt", string.Join('\n', lines) + "\n");
    }

    public static IReadOnlyList<Route> Routes(ForumHost forum) =>
        [
            .. forum
                .Services.GetServices<EndpointDataSource>()
                .SelectMany(source => source.Endpoints)
                .OfType<RouteEndpoint>()
                .SelectMany(endpoint =>
                    (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["*"]).Select(
                        method => new Route(
                            method,
                            "/" + endpoint.RoutePattern.RawText!.TrimStart('/'),
                            WhoMay(endpoint)
                        )
                    )
                )
                .Distinct()
                .OrderBy(route => route.Path, StringComparer.Ordinal)
                .ThenBy(route => route.Method, StringComparer.Ordinal),
        ];

    private static string WhoMay(RouteEndpoint endpoint)
    {
        var demands = endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>();
        var roles = demands.Select(demand => demand.Roles).OfType<string>().ToList();
        return endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null ? "anyone"
            : roles.Count == 0 ? "members"
            : string.Join(',', roles);
    }

    public sealed record Route(string Method, string Path, string For);
}
