using EventForum.Acceptance.Harness;
using EventForum.Browser.Harness;

namespace EventForum.Browser.Web;

public sealed class RemovePostFormTests(ForumHost forum, Chromium chromium)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task an_author_removes_a_post_and_restores_it(bool javaScript)
    {
        var thread = await forum.NewThread("Said too much.");
        await using var tab = await chromium.VisitAsync(forum, thread.Starter, javaScript);
        await using var other = await chromium.VisitAsync(forum);

        await tab.GoAsync($"/threads/{thread.Id}");
        await tab.UnfoldAsync("Remove");
        await tab.Button("Remove post 1").ClickAsync();
        await Expect(tab.Prose(1)).ToContainTextAsync("Removed by its author");
        await other.GoAsync($"/threads/{thread.Id}");
        await Expect(other.Prose(1)).ToContainTextAsync("Removed by its author");
        await Expect(other.Page.Locator("body")).Not.ToContainTextAsync("Said too much.");

        await tab.UnfoldAsync("Restore");
        await tab.Button("Restore post 1").ClickAsync();
        await Expect(tab.Prose(1)).ToHaveTextAsync("Said too much.");
        await Expect(other.Prose(1)).ToHaveTextAsync("Said too much.");
    }

    [Fact]
    public async Task a_moderator_removes_what_its_author_removed()
    {
        var thread = await forum.NewThread("Buy my watches.");
        (await thread.Starter.Remove(thread.FirstPostId)).ShouldBe(200);
        var moderator = forum.Moderator();
        await using var tab = await chromium.VisitAsync(forum, moderator);

        await tab.GoAsync($"/threads/{thread.Id}");
        await tab.UnfoldAsync("Remove");
        await tab.Post(1).Locator("form[action*=remove]").GetByLabel("Reason").FillAsync("Advertising");
        await tab.Button("Remove post 1").ClickAsync();

        await Expect(tab.Prose(1)).ToContainTextAsync($"Removed by {moderator.Name}");
        await Expect(tab.Prose(1)).ToContainTextAsync("and by its author");
    }

    [Fact]
    public async Task a_moderator_says_why()
    {
        var thread = await forum.NewThread("Buy my watches.");
        var moderator = forum.Moderator();
        await using var tab = await chromium.VisitAsync(forum, moderator);

        await tab.GoAsync($"/threads/{thread.Id}");
        await tab.UnfoldAsync("Remove");
        await tab.Post(1).GetByLabel("Reason (everyone reads it)").FillAsync("  ");
        await tab.Button("Remove post 1").ClickAsync();
        await Expect(tab.Notice).ToBeVisibleAsync();
        await tab.Post(1).GetByLabel("Reason (everyone reads it)").FillAsync("Advertising");
        await tab.Button("Remove post 1").ClickAsync();

        await Expect(tab.Prose(1)).ToContainTextAsync($"Removed by {moderator.Name}");
        await Expect(tab.Prose(1)).ToContainTextAsync("Advertising");
        await tab.UnfoldAsync("Show the text, which only moderators see");
        await Expect(tab.Prose(1).GetByText("Buy my watches.")).ToBeVisibleAsync();
    }
}
