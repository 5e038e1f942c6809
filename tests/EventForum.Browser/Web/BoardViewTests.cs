using EventForum.Acceptance.Harness;
using EventForum.Browser.Harness;

namespace EventForum.Browser.Web;

public sealed class BoardViewTests(ForumHost forum, Chromium chromium)
{
    [Fact]
    public async Task older_threads_are_on_the_next_page_without_javascript()
    {
        var board = await forum.NewListedBoard();
        var member = forum.Member();
        Answer last = null!;
        for (var i = 1; i <= 31; i++)
        {
            last = (await member.StartThread(board, $"Thread {i}", "A body.")).ShouldBe(201);
        }

        await forum.UntilListed(last);
        await using var tab = await chromium.VisitAsync(forum, javaScript: false);

        await tab.GoAsync($"/boards/{board}");
        await Expect(tab.Page.Locator(".row")).ToHaveCountAsync(30);
        await Expect(tab.Page.Locator(".row h2").First).ToHaveTextAsync("Thread 31");
        await tab.Link("Older threads").ClickAsync();
        await Expect(tab.Page.Locator(".row h2")).ToHaveTextAsync(["Thread 1"]);
        await tab.Link("Newest threads").ClickAsync();
        await Expect(tab.Page.Locator(".row")).ToHaveCountAsync(30);
    }

    [Fact]
    public async Task a_locked_or_pinned_thread_is_marked()
    {
        var thread = await forum.NewThread();
        (await forum.Moderator().Lock(thread.Id)).ShouldBe(200);
        var pinned = (await forum.Moderator().Pin(thread.Id)).ShouldBe(200);
        await forum.UntilListed(pinned);
        await using var tab = await chromium.VisitAsync(forum);

        await tab.GoAsync($"/boards/{thread.BoardId}");

        await Expect(tab.Page.Locator(".row h2")).ToHaveTextAsync($"{thread.Title} Pinned Locked");
    }
}
