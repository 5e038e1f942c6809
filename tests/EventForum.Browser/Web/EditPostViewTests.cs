using EventForum.Acceptance.Harness;
using EventForum.Browser.Harness;

namespace EventForum.Browser.Web;

public sealed class EditPostViewTests(ForumHost forum, Chromium chromium)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task an_edit_shows_with_its_reason_its_changes_and_its_history(bool javaScript)
    {
        var thread = await forum.NewThread("I say tea.");
        await using var tab = await chromium.VisitAsync(forum, thread.Starter, javaScript);

        await tab.GoAsync($"/threads/{thread.Id}");
        await tab.Link("Edit post 1").ClickAsync();
        await Expect(tab.Field("Text")).ToHaveValueAsync("I say tea.");
        await tab.Field("Text").FillAsync("I say green tea.");
        await tab.Field("Reason (optional, everyone reads it)").FillAsync("to be exact");
        await tab.Button("Save").ClickAsync();

        await Expect(tab.Prose(1)).ToHaveTextAsync("I say green tea.");
        await Expect(tab.Post(1).Locator(".edited")).ToContainTextAsync("to be exact");
        await tab.Link("edited").ClickAsync();
        await Expect(tab.Page.Locator(".diff ins")).ToContainTextAsync("green");
        await Expect(tab.Page.Locator(".diff del")).ToHaveCountAsync(0);
        await tab.Link("History").ClickAsync();
        await Expect(tab.Page.Locator("pre.source")).ToHaveTextAsync(["I say green tea.", "I say tea."]);
    }

    [Fact]
    public async Task a_stale_edit_shows_both_texts_and_is_saved_once_they_are_merged()
    {
        var thread = await forum.NewThread("I say tea.");
        await using var tab = await chromium.VisitAsync(forum, thread.Starter);

        await tab.GoAsync($"/posts/{thread.FirstPostId}/edit");
        await tab.Field("Text").FillAsync("I say tea, hot.");
        (await forum.Moderator().Edit(thread.FirstPostId, "I say black tea.", "Be exact.")).ShouldBe(200);
        await tab.Button("Save").ClickAsync();

        await Expect(tab.Notice).ToBeVisibleAsync();
        await Expect(tab.Page.Locator(".diff")).ToContainTextAsync("black");
        await Expect(tab.Page.Locator("section", new() { Has = tab.Heading("What it says now") }))
            .ToContainTextAsync("Be exact.");
        await Expect(tab.Field("Your text")).ToHaveValueAsync("I say tea, hot.");
        await tab.Field("Your text").FillAsync("I say black tea, hot.");
        await tab.Button("Save over revision 2").ClickAsync();
        await Expect(tab.Prose(1)).ToHaveTextAsync("I say black tea, hot.");
    }

    [Fact]
    public async Task a_refusal_brings_back_what_was_typed()
    {
        var thread = await forum.NewThread("I say tea.");
        await using var tab = await chromium.VisitAsync(forum, forum.Moderator());

        await tab.GoAsync($"/posts/{thread.FirstPostId}/edit");
        await tab.Field("Text").FillAsync("I say coffee.");
        await tab.Field("Reason (everyone reads it)").FillAsync("   ");
        await tab.Button("Save").ClickAsync();

        await Expect(tab.Notice).ToContainTextAsync("reason", new() { IgnoreCase = true });
        await Expect(tab.Field("Text")).ToHaveValueAsync("I say coffee.");
    }

    [Fact]
    public async Task someone_elses_post_is_not_offered_for_editing()
    {
        var thread = await forum.NewThread();
        await using var tab = await chromium.VisitAsync(forum, forum.Member());

        await tab.GoAsync($"/threads/{thread.Id}");
        await Expect(tab.Button("Quote post 1")).ToBeVisibleAsync();
        await Expect(tab.Link("Edit post 1")).ToHaveCountAsync(0);
        (await tab.GoAsync($"/posts/{thread.FirstPostId}/edit")).Status.ShouldBe(403);
    }
}
