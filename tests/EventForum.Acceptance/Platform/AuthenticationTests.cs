using System.Text;
using EventForum.Acceptance.Golden;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Platform;

public sealed class AuthenticationTests(ForumHost forum)
{
    [Fact]
    public async Task what_is_not_opened_to_everyone_answers_401_to_a_guest()
    {
        var thread = await forum.NewThread();
        var closed = RouteTests.Routes(forum).Where(route => route.For != "anyone").ToList();
        closed.Count.ShouldBeGreaterThan(10);

        foreach (var route in closed)
        {
            var answer = await forum
                .Stranger()
                .SendText(new HttpMethod(route.Method), Paths.Of(route.Path, thread), "{}");

            answer.ShouldBeProblem(401, "not-signed-in");
        }
    }

    [Fact]
    public async Task what_only_reads_is_opened_and_what_writes_is_not()
    {
        var routes = RouteTests.Routes(forum);

        routes
            .Where(route => route.Path.StartsWith("/api/", StringComparison.Ordinal))
            // Who may do what is for those whom it concerns.
            .Where(route => !route.Path.EndsWith("/permissions", StringComparison.Ordinal))
            .Where(route => !route.Path.EndsWith("/standing", StringComparison.Ordinal))
            .Where(route => !route.Path.EndsWith("/data", StringComparison.Ordinal))
            .Where(route => !route.Path.EndsWith("/erasure", StringComparison.Ordinal))
            .Where(route => !route.Path.StartsWith("/api/me/", StringComparison.Ordinal))
            .Where(route => !route.Path.EndsWith("/statement", StringComparison.Ordinal))
            .Where(route => !route.Path.EndsWith("/roles", StringComparison.Ordinal))
            .Where(route => route.For == "anyone" != (route.Method == "GET"))
            .ShouldBeEmpty();
        (await forum.Stranger().Get("/api/nothing")).ShouldBeProblem(404);
        (await forum.Stranger().Send(HttpMethod.Delete, "/api/boards")).ShouldBeProblem(405);
    }

    /// <summary>Forms are opened, so that what a guest typed comes back; they ask for a token all the same.</summary>
    [Fact]
    public async Task a_form_that_a_guest_sends_comes_back_with_401_and_changes_nothing()
    {
        var thread = await forum.NewThread();
        var forms = RouteTests
            .Routes(forum)
            .Where(route => route.Method == "POST" && !route.Path.StartsWith("/api/", StringComparison.Ordinal))
            .Where(route =>
                route.Path is not ("/sign-in" or "/sign-out")
                && !route.Path.EndsWith("/draft", StringComparison.Ordinal)
            )
            .ToList();
        forms.Count.ShouldBeGreaterThan(8);
        var before = await forum.Database.CountEventsAsync(thread.Id);

        foreach (var form in forms)
        {
            using var client = forum.Client(null);
            using var request = new HttpRequestMessage(HttpMethod.Post, Paths.Of(form.Path, thread));
            request.Headers.Add("Sec-Fetch-Site", "same-origin");
            request.Headers.Accept.ParseAdd("text/html");
            request.Content = new StringContent(
                "title=Title&body=Text&reason=Reason",
                Encoding.UTF8,
                "application/x-www-form-urlencoded"
            );
            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

            ((int)answer.StatusCode).ShouldBe(401, form.Path);
        }

        (await forum.Database.CountEventsAsync(thread.Id)).ShouldBe(before);
    }

    [Fact]
    public async Task a_production_server_that_takes_nobodys_token_says_so_in_a_sentence_and_ends()
    {
        using var server = ForumProcess.Begin(forum.Database, "--environment", "Production");
        using var patience = Patience.Begin();

        var said = await server.StandardError.ReadToEndAsync(patience.Token);
        await server.WaitForExitAsync(patience.Token);

        server.ExitCode.ShouldBe(1, said);
        said.Trim().Split('\n').ShouldHaveSingleItem().ShouldContain("Authentication__LocalTokens=true");
    }
}
