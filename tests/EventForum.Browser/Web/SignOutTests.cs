using EventForum.Acceptance.Harness;
using EventForum.Browser.Harness;

namespace EventForum.Browser.Web;

public sealed class SignOutTests(ForumHost forum, Chromium chromium)
{
    private const string Secret = "The indiscretion.";

    /// <summary>What moderators see more of than others, now and in the past.</summary>
    [Theory]
    [InlineData("/threads/{0}")]
    [InlineData("/threads/{0}?version=2")]
    [InlineData("/threads/{0}/timeline?version=2")]
    [InlineData("/threads/{0}/compare?from=1&to=2")]
    [InlineData("/posts/{1}/history")]
    [InlineData("/posts/{1}/diff?from=1&to=1")]
    [InlineData("/api/threads/{0}")]
    [InlineData("/api/threads/{0}?version=2")]
    [InlineData("/api/posts/{1}")]
    [InlineData("/api/posts/{1}/revisions")]
    [InlineData("/api/posts/{1}/diff?from=1&to=1")]
    public async Task what_a_moderator_saw_does_not_come_back_once_signed_out(string path)
    {
        var thread = await forum.NewThread();
        var post = (await thread.Starter.Reply(thread.Id, Secret)).ShouldBe(201).PostId;
        (await forum.Moderator().Remove(post, "Indiscreet.")).ShouldBe(200);
        var address = string.Format(null, path, thread.Id, post);
        await using var tab = await chromium.VisitAsync(forum, forum.Moderator());

        await tab.GoAsync(address);
        (await SourceAsync()).ShouldContain("indiscretion");
        await tab.GoAsync("/");
        await tab.Button("Sign out").ClickAsync();
        await Expect(tab.Link("Sign in")).ToBeVisibleAsync();

        // Home after signing out, home before it, and the page.
        await tab.Page.GoBackAsync();
        await tab.Page.GoBackAsync();
        tab.Page.Url.ShouldEndWith(address);
        (await SourceAsync()).ShouldNotContain("indiscretion", customMessage: "back");
        await tab.Page.ReloadAsync();
        (await SourceAsync()).ShouldNotContain("indiscretion", customMessage: "reload");
        await tab.GoAsync(address);
        (await SourceAsync()).ShouldNotContain("indiscretion", customMessage: "again");

        Task<string> SourceAsync() => tab.Page.EvaluateAsync<string>("() => document.documentElement.textContent");
    }

    [Fact]
    public async Task the_pages_of_a_member_do_not_come_back_either()
    {
        var thread = await forum.NewThread();
        await using var tab = await chromium.VisitAsync(forum, thread.Starter);

        await tab.GoAsync($"/threads/{thread.Id}");
        await Expect(tab.Page.Locator(".who")).ToHaveTextAsync(thread.Starter.Name);
        await tab.Button("Sign out").ClickAsync();
        await Expect(tab.Link("Sign in")).ToBeVisibleAsync();
        await tab.Page.GoBackAsync();

        await Expect(tab.Heading(thread.Title)).ToBeVisibleAsync();
        await Expect(tab.Page.Locator(".who")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task a_removal_reaches_what_a_guest_has_read_before()
    {
        var thread = await forum.NewThread();
        var post = (await thread.Starter.Reply(thread.Id, Secret)).ShouldBe(201).PostId;
        string[] pages = [$"/api/threads/{thread.Id}?version=2", $"/threads/{thread.Id}?version=2"];
        await using var tab = await chromium.VisitAsync(forum);
        foreach (var page in pages)
        {
            await tab.GoAsync(page);
            (await tab.Page.ContentAsync()).ShouldContain(Secret);
        }

        (await forum.Moderator().Remove(post, "Indiscreet.")).ShouldBe(200);

        foreach (var page in pages)
        {
            await tab.GoAsync(page);
            (await tab.Page.ContentAsync()).ShouldNotContain(Secret);
        }
    }
}
