using EventForum.Acceptance.Harness;
using EventForum.Browser.Harness;

namespace EventForum.Browser.Web;

public sealed class ThreadToolsTests(ForumHost forum, Chromium chromium)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_moderator_locks_and_unlocks(bool javaScript)
    {
        var thread = await forum.NewThread();
        await using var tab = await chromium.VisitAsync(forum, forum.Moderator(), javaScript);
        await using var member = await chromium.VisitAsync(forum, forum.Member());

        await tab.GoAsync($"/threads/{thread.Id}");
        await tab.UnfoldAsync("Lock");
        await tab
            .Page.Locator(".thread-tools")
            .GetByLabel("Reason (everyone reads it)")
            .Last.FillAsync("It is settled.");
        await tab.Button("Lock the thread").ClickAsync();
        await Expect(tab.Page.Locator("#thread-head")).ToContainTextAsync("It is settled.");
        await member.GoAsync($"/threads/{thread.Id}");
        await Expect(member.Page.Locator("main")).ToContainTextAsync("This thread is locked and takes no replies.");
        await Expect(member.Button("Post reply")).ToHaveCountAsync(0);

        await tab.UnfoldAsync("Unlock");
        await tab.Page.Locator(".thread-tools").GetByLabel("Reason (everyone reads it)").Last.FillAsync("Not settled.");
        await tab.Button("Unlock the thread").ClickAsync();
        await Expect(tab.Button("Post reply")).ToBeVisibleAsync();
        await Expect(tab.Page.Locator("#thread-head")).Not.ToContainTextAsync("It is settled.");
    }

    [Fact]
    public async Task a_moderator_pins_and_unpins()
    {
        var thread = await forum.NewThread();
        await using var tab = await chromium.VisitAsync(forum, forum.Moderator());

        await tab.GoAsync($"/threads/{thread.Id}");
        await tab.UnfoldAsync("Pin");
        await tab.Field("Reason (optional, everyone reads it)").FillAsync("Read this first.");
        await tab.Button("Pin the thread").ClickAsync();
        await Expect(tab.Page.Locator("h1")).ToHaveTextAsync($"{thread.Title} Pinned");

        await tab.UnfoldAsync("Unpin");
        await tab.Button("Unpin the thread").ClickAsync();
        await Expect(tab.Page.Locator("h1")).ToHaveTextAsync(thread.Title);
    }

    [Fact]
    public async Task a_starter_renames_and_a_refusal_brings_back_what_was_typed()
    {
        var thread = await forum.NewThread();
        await using var tab = await chromium.VisitAsync(forum, thread.Starter);

        await tab.GoAsync($"/threads/{thread.Id}");
        await Expect(tab.Page.Locator("summary").GetByText("Lock", new() { Exact = true })).ToHaveCountAsync(0);
        await tab.UnfoldAsync("Rename");
        await tab.Field("Title").FillAsync("   x");
        await tab.Button("Rename the thread").ClickAsync();
        await Expect(tab.Notice).ToContainTextAsync("The title is too short or too long.");
        await Expect(tab.Field("Title")).ToHaveValueAsync("   x");
        await tab.Field("Title").FillAsync("A better title");
        await tab.Button("Rename the thread").ClickAsync();

        await Expect(tab.Heading("A better title")).ToBeVisibleAsync();
    }
}
