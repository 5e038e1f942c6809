using EventForum.Acceptance.Harness;
using EventForum.Browser.Harness;

namespace EventForum.Browser.Web;

public sealed class HomeTests(ForumHost forum, Chromium chromium)
{
    [Fact]
    public async Task boards_lead_to_threads_and_threads_to_posts_without_javascript()
    {
        var board = ForumServer.NewName("board");
        var boardId = (await forum.Admin().CreateBoard(board, "About everything.")).ShouldBe(201).Id("boardId");
        var starter = forum.Member();
        var started = (await starter.StartThread(boardId, "Tea or coffee?", "I say *tea*.")).ShouldBe(201);
        var replier = forum.Member();
        var reply = (await replier.Reply(started.ThreadId, "Coffee, of course.")).ShouldBe(201);
        await forum.UntilListed(reply);
        await using var tab = await chromium.VisitAsync(forum, javaScript: false);

        await tab.GoAsync("/");
        var row = tab.Page.Locator(".row", new() { Has = tab.Link(board) });
        await Expect(row).ToContainTextAsync("About everything.");
        await Expect(row).ToContainTextAsync("1 thread · 2 posts");
        await Expect(row).ToContainTextAsync($"by {replier.Name}");
        await tab.Link(board).ClickAsync();
        await Expect(tab.Heading(board)).ToBeVisibleAsync();
        await tab.Link("Tea or coffee?").ClickAsync();

        await Expect(tab.Heading("Tea or coffee?")).ToBeVisibleAsync();
        await Expect(tab.Prose(1)).ToHaveTextAsync("I say tea.");
        await Expect(tab.Prose(1).Locator("em")).ToHaveTextAsync("tea");
        await Expect(tab.Prose(2)).ToHaveTextAsync("Coffee, of course.");
        await Expect(tab.Post(2)).ToContainTextAsync(replier.Name);
        await Expect(tab.Link("Sign in to reply")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task the_last_post_of_a_board_is_one_link_away()
    {
        var thread = await forum.NewThread();
        var reply = (await forum.Member().Reply(thread.Id, "The last word.")).ShouldBe(201);
        await forum.UntilListed(reply);
        await using var tab = await chromium.VisitAsync(forum, javaScript: false);

        await tab.GoAsync("/");
        await tab
            .Page.Locator(".row", new() { Has = tab.Page.Locator($"a[href='/boards/{thread.BoardId}']") })
            .GetByRole(AriaRole.Link, new() { Name = "Last post" })
            .ClickAsync();

        await Expect(tab.Page).ToHaveURLAsync(new Uri(forum.Address, $"/threads/{thread.Id}#p2").ToString());
        await Expect(tab.Prose(2)).ToBeInViewportAsync();
    }
}
