using EventForum.Acceptance.Harness;
using EventForum.Browser.Harness;

namespace EventForum.Browser.Web;

public sealed class SameSiteTests(ForumHost forum, Chromium chromium)
{
    // The same site to a browser, which then sends the cookie; another site; no site at all.
    [Theory]
    [InlineData("http://127.0.0.1:9876/")]
    [InlineData("http://localhost:9876/")]
    [InlineData("data:")]
    public async Task a_form_on_another_page_changes_nothing(string origin)
    {
        var thread = await forum.NewThread();
        await using var tab = await chromium.VisitAsync(forum, thread.Starter, lenient: true);
        var form =
            $"<form method=post action='{new Uri(forum.Address, $"/threads/{thread.Id}/replies")}'><input name=body value='Not me.'><button>Win</button></form>";
        if (origin == "data:")
        {
            await tab.GoAsync("data:text/html," + Uri.EscapeDataString(form));
        }
        else
        {
            await tab.Context.RouteAsync(
                origin,
                route => route.FulfillAsync(new() { ContentType = "text/html", Body = form })
            );
            await tab.GoAsync(origin);
        }

        var answer = await tab.Page.RunAndWaitForResponseAsync(
            () => tab.Button("Win").ClickAsync(),
            response => response.Request.Method == "POST"
        );

        answer.Status.ShouldBe(403);
        await Expect(tab.Heading("This request comes from another site.")).ToBeVisibleAsync();
        (await forum.Database.RepliesAsync(thread.Id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_script_on_another_page_changes_nothing()
    {
        const string Origin = "http://127.0.0.1:9876/";
        var thread = await forum.NewThread();
        await using var tab = await chromium.VisitAsync(forum, thread.Starter, lenient: true);
        await tab.Context.RouteAsync(
            Origin,
            route => route.FulfillAsync(new() { ContentType = "text/html", Body = "Hello." })
        );
        await tab.GoAsync(Origin);

        await tab.Page.EvaluateAsync(
            """
            async (url) => {
              for (const type of ["text/plain", "application/json"]) {
                const mode = type === "text/plain" ? "no-cors" : "cors";
                const body = JSON.stringify({ body: "Not me." });
                await fetch(url, { method: "POST", mode, credentials: "include", headers: { "content-type": type }, body }).catch(() => {});
              }
            }
            """,
            new Uri(forum.Address, $"/api/threads/{thread.Id}/replies").ToString()
        );

        (await forum.Database.RepliesAsync(thread.Id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task the_same_form_on_the_forums_own_page_is_taken()
    {
        var thread = await forum.NewThread();
        await using var tab = await chromium.VisitAsync(forum, thread.Starter);

        await tab.GoAsync($"/threads/{thread.Id}");
        await tab.Field("Your post").FillAsync("It is me.");
        await tab.Button("Post reply").ClickAsync();

        await Expect(tab.Prose(2)).ToHaveTextAsync("It is me.");
        (await forum.Database.RepliesAsync(thread.Id)).ShouldBe(["It is me."]);
    }
}
