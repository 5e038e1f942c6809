using EventForum.Acceptance.Harness;
using EventForum.Browser.Harness;

namespace EventForum.Browser.Web;

public sealed class ThreadViewTests(ForumHost forum, Chromium chromium)
{
    [Fact]
    public async Task a_long_thread_is_read_page_by_page_without_javascript()
    {
        var thread = await forum.NewThread();
        Answer reply = null!;
        for (var i = 2; i <= 45; i++)
        {
            reply = (await thread.Starter.Reply(thread.Id, $"Post {i}.")).ShouldBe(201);
        }

        await using var tab = await chromium.VisitAsync(forum, javaScript: false);

        await tab.GoAsync($"/threads/{thread.Id}");
        await Expect(tab.Page.Locator(".post")).ToHaveCountAsync(20);
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Next" }).First.ClickAsync();
        await Expect(tab.Prose(21)).ToHaveTextAsync("Post 21.");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Next" }).First.ClickAsync();
        await Expect(tab.Page.Locator(".post")).ToHaveCountAsync(5);
        await Expect(tab.Page.GetByRole(AriaRole.Link, new() { Name = "Next" })).ToHaveCountAsync(0);

        await tab.GoAsync($"/posts/{reply.PostId}");
        await Expect(tab.Page).ToHaveURLAsync(new Uri(forum.Address, $"/threads/{thread.Id}?page=3#p45").ToString());
        await Expect(tab.Prose(45)).ToBeInViewportAsync();
    }

    [Fact]
    public async Task a_new_reply_appears_in_an_open_page_once_and_what_is_typed_stays()
    {
        var thread = await forum.NewThread();
        var other = forum.Member();
        await using var tab = await chromium.VisitAsync(forum, forum.Member());

        await tab.GoAsync($"/threads/{thread.Id}");
        await tab.Page.EvaluateAsync("() => { window.loaded = 'once'; }");
        await tab.Field("Your post").FillAsync("Half a thought");
        (await other.Reply(thread.Id, "Coffee, *of course*.")).ShouldBe(201);
        await Expect(tab.Prose(2)).ToHaveTextAsync("Coffee, of course.");
        await Expect(tab.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("1 new reply.");
        (await other.Reply(thread.Id, "Or cocoa.")).ShouldBe(201);
        await Expect(tab.Prose(3)).ToHaveTextAsync("Or cocoa.");

        await Expect(tab.Page.Locator(".post")).ToHaveCountAsync(3);
        await Expect(tab.Field("Your post")).ToHaveValueAsync("Half a thought");
        (await tab.Page.EvaluateAsync<string>("() => window.loaded")).ShouldBe("once");
        await tab.Button("Post reply").ClickAsync();
        await Expect(tab.Prose(4)).ToHaveTextAsync("Half a thought");
        await Expect(tab.Page.Locator(".post")).ToHaveCountAsync(4);
    }

    [Fact]
    public async Task an_edit_and_a_removal_show_in_an_open_page()
    {
        var thread = await forum.NewThread("I say tea.");
        var reply = (await thread.Starter.Reply(thread.Id, "Nonsense.")).ShouldBe(201);
        await using var tab = await chromium.VisitAsync(forum);

        await tab.GoAsync($"/threads/{thread.Id}");
        await Expect(tab.Prose(1)).ToHaveTextAsync("I say tea.");
        (await thread.Starter.Edit(thread.FirstPostId, "I say green tea.")).ShouldBe(200);
        await Expect(tab.Prose(1)).ToHaveTextAsync("I say green tea.");
        (await thread.Starter.Remove(reply.PostId)).ShouldBe(200);
        await Expect(tab.Prose(2)).ToContainTextAsync("Removed by its author");
    }

    [Fact]
    public async Task a_reply_on_another_page_is_announced_with_a_link()
    {
        var thread = await forum.NewThread();
        for (var i = 2; i <= 20; i++)
        {
            (await thread.Starter.Reply(thread.Id, $"Post {i}.")).ShouldBe(201);
        }

        await using var tab = await chromium.VisitAsync(forum);

        await tab.GoAsync($"/threads/{thread.Id}");
        await Expect(tab.Page.Locator("#viewers")).ToHaveTextAsync("1 guest");
        (await thread.Starter.Reply(thread.Id, "Post 21.")).ShouldBe(201);
        await Expect(tab.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("1 new reply");
        await tab.Link("show").ClickAsync();
        await Expect(tab.Prose(21)).ToHaveTextAsync("Post 21.");
        await Expect(tab.Prose(21)).ToBeInViewportAsync();
    }

    [Fact]
    public async Task viewers_are_named_and_guests_counted()
    {
        var thread = await forum.NewThread();
        var (ada, bob) = (
            forum.As(ForumServer.NewName("ada"), "member"),
            forum.As(ForumServer.NewName("bob"), "member")
        );
        (await ada.Reply(thread.Id, "By Ada.")).ShouldBe(201);
        (await bob.Reply(thread.Id, "By Bob.")).ShouldBe(201);
        await using var adas = await chromium.VisitAsync(forum, ada);
        await using var bobs = await chromium.VisitAsync(forum, bob);
        await using var guest = await chromium.VisitAsync(forum, userAgent: "A guest's browser");
        await using var other = await chromium.VisitAsync(forum, userAgent: "Another guest's browser");

        await adas.GoAsync($"/threads/{thread.Id}");
        await Expect(adas.Page.Locator(".viewers")).ToHaveTextAsync($"Users who are viewing this thread: {ada.Name}");
        await bobs.GoAsync($"/threads/{thread.Id}");
        await guest.GoAsync($"/threads/{thread.Id}");
        await other.GoAsync($"/threads/{thread.Id}");

        foreach (var tab in (Visit[])[adas, bobs, guest, other])
        {
            await Expect(tab.Page.Locator("#viewers")).ToHaveTextAsync($"{ada.Name}, {bob.Name}, 2 guests");
        }
    }

    [Fact]
    public async Task everything_is_reached_in_order_and_done_with_the_keyboard_alone()
    {
        var thread = await forum.NewThread("I say tea.");
        await using var tab = await chromium.VisitAsync(forum, forum.Member());
        await tab.GoAsync($"/threads/{thread.Id}");

        await tab.Page.Keyboard.PressAsync("Tab");
        await Expect(tab.Link("Skip to the content")).ToBeFocusedAsync();
        await Expect(tab.Link("Skip to the content")).ToBeInViewportAsync();
        await tab.Page.Keyboard.PressAsync("Enter");
        await Expect(tab.Page.Locator("main")).ToBeFocusedAsync();
        await TabToAsync(tab, tab.Button("Quote post 1"));
        await tab.Page.Keyboard.PressAsync("Enter");
        await Expect(tab.Field("Your post")).ToBeFocusedAsync();
        await tab.Page.Keyboard.TypeAsync("So it is.");
        await TabToAsync(tab, tab.Button("Post reply"));
        await tab.Page.Keyboard.PressAsync("Enter");

        await Expect(tab.Prose(2)).ToContainTextAsync("So it is.");
        await Expect(tab.Prose(2).Locator("blockquote")).ToContainTextAsync("I say tea.");
    }

    [Fact]
    public async Task the_tab_key_goes_through_a_thread_from_top_to_bottom()
    {
        var thread = await forum.NewThread();
        await using var tab = await chromium.VisitAsync(forum, thread.Starter);
        await tab.GoAsync($"/threads/{thread.Id}");

        var order = new List<string>();
        while (order.Count < 40 && order.LastOrDefault() != "Post reply")
        {
            await tab.Page.Keyboard.PressAsync("Tab");
            order.Add(await tab.FocusAsync());
        }

        order[0].ShouldBe("Skip to the content");
        string[] expected =
        [
            "Rename",
            "Reply to post 1",
            "Quote post 1",
            "Edit post 1",
            "Remove post 1",
            "reply-body",
            "Post reply",
        ];
        order.Where(name => expected.Contains(name, StringComparer.Ordinal)).ShouldBe(expected);
    }

    private static async Task TabToAsync(Visit tab, ILocator goal)
    {
        for (var i = 0; i < 40 && !await goal.EvaluateAsync<bool>("e => e === document.activeElement"); i++)
        {
            await tab.Page.Keyboard.PressAsync("Tab");
        }

        await Expect(goal).ToBeFocusedAsync();
        await Expect(goal).ToBeInViewportAsync();
    }
}
