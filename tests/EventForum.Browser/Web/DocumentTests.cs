using EventForum.Browser.Harness;

namespace EventForum.Browser.Web;

/// <summary>
/// Every page, with content that is hard to lay out. With EVENTFORUM_SCREENSHOTS=folder, pictures of the pages go there.
/// </summary>
public sealed class DocumentTests(Showroom showroom, Chromium chromium) : IClassFixture<Showroom>
{
    [Fact]
    public Task the_boards_are_accessible() => Look("home", "/");

    [Fact]
    public Task a_board_is_accessible() => Look("board", $"/boards/{showroom.Board}");

    [Fact]
    public async Task a_board_with_a_refused_thread_is_accessible()
    {
        await using var tab = await chromium.VisitAsync(showroom.Forum, showroom.Moira);
        await tab.GoAsync($"/boards/{showroom.Board}");
        await tab.UnfoldAsync("Start a thread");
        await tab.Field("Title").FillAsync("     ");
        await tab.Field("First post").FillAsync("What I wanted to say.");
        await tab.Button("Start the thread").ClickAsync();
        await Expect(tab.Notice).ToBeVisibleAsync();
        await tab.ShouldBeAccessibleAsync("board-refused");
    }

    [Fact]
    public Task a_thread_is_accessible() => Look("thread", $"/threads/{showroom.Sample}");

    [Fact]
    public async Task a_thread_with_its_tools_is_accessible()
    {
        await using var tab = await chromium.VisitAsync(showroom.Forum, showroom.Petra);
        await tab.GoAsync($"/threads/{showroom.Sample}");
        foreach (var summary in await tab.Page.Locator("summary").AllAsync())
        {
            await summary.ClickAsync();
        }

        await tab.Button("Quote post 2").ClickAsync();
        await Expect(tab.Field("Your post")).ToBeFocusedAsync();
        await tab.ShouldBeAccessibleAsync("thread-moderator");
    }

    [Fact]
    public Task a_thread_that_is_hard_to_lay_out_is_accessible() =>
        Look("thread-awkward", $"/threads/{showroom.AwkwardThread}");

    [Fact]
    public Task a_thread_with_posts_in_every_format_is_accessible() =>
        Look("thread-formats", $"/threads/{showroom.FormatsThread}");

    [Fact]
    public Task a_long_thread_is_accessible() => Look("thread-long", $"/threads/{showroom.LongThread}?page=2");

    [Fact]
    public async Task a_locked_thread_is_accessible()
    {
        await using var tab = await chromium.VisitAsync(showroom.Forum, showroom.Moira);
        await tab.GoAsync($"/threads/{showroom.LockedThread}");
        await tab.ShouldBeAccessibleAsync("thread-locked");
    }

    [Fact]
    public async Task editing_is_accessible()
    {
        await using var tab = await chromium.VisitAsync(showroom.Forum, showroom.Moira);
        await tab.GoAsync($"/posts/{showroom.FirstPost}/edit");
        await tab.ShouldBeAccessibleAsync("edit");
    }

    [Fact]
    public async Task a_stale_edit_is_accessible()
    {
        await using var tab = await chromium.VisitAsync(showroom.Forum, showroom.Petra);
        await tab.GoAsync($"/posts/{showroom.EditedPost}/edit");
        await tab.Page.Locator("input[name=revision]").EvaluateAsync("e => { e.value = 2; }");
        await tab.Field("Text").FillAsync("Citric acid, 20 g to the litre.");
        await tab.Field("Reason (everyone reads it)").FillAsync("Shorter");
        await tab.Button("Save").ClickAsync();
        await Expect(tab.Notice).ToBeVisibleAsync();
        await tab.ShouldBeAccessibleAsync("edit-stale");
    }

    [Fact]
    public Task a_history_is_accessible() => Look("history", $"/posts/{showroom.EditedPost}/history");

    [Fact]
    public async Task a_story_is_accessible()
    {
        await using var tab = await chromium.VisitAsync(showroom.Forum, showroom.Forum.Moderator());
        await tab.GoAsync($"/posts/{showroom.EditedPost}/history");
        await tab.Link("Its whole story").ClickAsync();
        await Expect(tab.Page.Locator("main")).ToContainTextAsync("edited post 3");
        await tab.ShouldBeAccessibleAsync("story");
    }

    [Fact]
    public Task differences_are_accessible() => Look("diff", $"/posts/{showroom.EditedPost}/diff?from=1&to=3");

    [Fact]
    public Task signing_in_is_accessible() => Look("sign-in", "/sign-in");

    [Fact]
    public Task a_page_that_is_not_there_is_accessible() => Look("not-found", "/threads/nowhere", 404);

    private async Task Look(string name, string path, int status = 200)
    {
        await using var tab = await chromium.VisitAsync(showroom.Forum);
        (await tab.GoAsync(path)).Status.ShouldBe(status);
        await tab.ShouldBeAccessibleAsync(name);
    }
}
