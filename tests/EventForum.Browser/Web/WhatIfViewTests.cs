using EventForum.Browser.Harness;

namespace EventForum.Browser.Web;

public sealed class WhatIfViewTests(OldThread thread, Chromium chromium) : IClassFixture<OldThread>
{
    [Fact]
    public async Task a_moment_leads_to_the_thread_without_it_and_a_member_can_be_left_out_too()
    {
        await using var tab = await chromium.VisitAsync(thread.Forum, javaScript: false);
        (await tab.GoAsync($"{thread.Address}?version={thread.EditVersion}")).Status.ShouldBe(200);

        await tab.Link("What if this had not happened?").ClickAsync();
        await Expect(tab.Page.Locator(".what-if")).ToContainTextAsync("This thread was never so");
        await Expect(tab.Page.Locator(".what-if")).ToContainTextAsync("Left out: 1 event, 0 posts.");
        await Expect(tab.Heading("The cheat tool: questions and answers Pinned")).ToBeVisibleAsync();

        await tab.Field("Leave out also").FillAsync("member:Petra");
        await tab.Button("Show it again").ClickAsync();
        await Expect(tab.Page.Locator(".terms li")).ToHaveCountAsync(2);
        await Expect(tab.Heading("A cheat tool for the DS")).ToBeVisibleAsync();
        var address = tab.Page.Url;

        await tab.Link("Put back: everything by Petra").ClickAsync();
        await Expect(tab.Heading("The cheat tool: questions and answers Pinned")).ToBeVisibleAsync();

        await using var other = await chromium.VisitAsync(thread.Forum);
        (await other.GoAsync(address)).Status.ShouldBe(200);
        await other.ShouldBeAccessibleAsync("what-if");
    }

    [Fact]
    public async Task words_that_were_removed_stay_hidden_where_their_removal_is_left_out()
    {
        await using var tab = await chromium.VisitAsync(thread.Forum);

        (await tab.GoAsync($"/threads/{thread.Id}?without=member:Petra&page=3")).Status.ShouldBe(200);

        await Expect(tab.Post(45)).ToBeVisibleAsync();
        (await tab.Page.ContentAsync()).ShouldNotContain(OldThread.Secret);
    }
}
