using EventForum.Acceptance.Harness;
using EventForum.Browser.Harness;

namespace EventForum.Browser.Web;

/// <summary>
/// The story of a private board, as a guest, a member, a member whom the board names, its moderator and an admin see it. The
/// forum is its own: a board that is not public changes what everybody sees.
/// </summary>
public sealed class PrivateBoardTests(Chromium chromium)
{
    private const string Board = "The cellar";
    private const string Thread = "Where the good bottles are";
    private const string Secret = "Behind the second shelf, on the left.";
    private const string Hidden = "You may not see the quoted post";

    [Fact]
    public async Task a_private_board_is_for_those_whom_it_names_until_it_is_opened()
    {
        await using var forum = await ForumHost.StartAsync(null, ("Sample", "false"));
        var (ada, mia) = (forum.As("Ada", "member", "admin"), forum.As("Mia", "member"));
        var (noah, petra) = (forum.As("Noah", "member"), forum.As("Petra", "member"));
        var olga = forum.As("Olga", "member");
        var kitchen = (await ada.CreateBoard("The kitchen", "For everybody.")).ShouldBe(201).Id("boardId");
        var table = (await mia.StartThread(kitchen, "What to drink", "Any ideas?")).ShouldBe(201).ThreadId;
        (await petra.Reply(table, "Water.")).ShouldBe(201);
        (await noah.Reply(table, "Wine!")).ShouldBe(201);
        (await olga.Reply(table, "Milk.")).ShouldBe(201);
        await ReadModels.CatchUpAsync(forum);

        await using var guest = await chromium.VisitAsync(forum);
        await using var member = await chromium.VisitAsync(forum, mia);
        await using var named = await chromium.VisitAsync(forum, noah);
        await using var moderator = await chromium.VisitAsync(forum, petra);
        await using var admin = await chromium.VisitAsync(forum, ada);
        Visit[] lesser = [guest, member];
        Visit[] insiders = [named, moderator, admin];

        // An admin opens the board, and says who may see it and who moderates it.
        await admin.GoAsync("/");
        await admin.UnfoldAsync("Open a board");
        await admin.Field("Name").FillAsync(Board);
        await admin.Field("Description").FillAsync("For those who have the key.");
        await admin.ShouldBeAccessibleAsync("private-0-open-a-board");
        await admin.Button("Open the board").ClickAsync();
        await Expect(admin.Heading(Board)).ToBeVisibleAsync();
        var cellar = new Uri(admin.Page.Url).AbsolutePath.Split('/')[^1];
        await admin.Link("Settings").ClickAsync();
        await See(admin).GetByLabel("Everyone").UncheckAsync();
        await See(admin).GetByLabel("Members by name").FillAsync("Noah, Olga");
        await Permission(admin, "Moderate it").GetByLabel("Members by name").FillAsync("Petra");
        await admin.Button("Save the permissions").ClickAsync();
        await Expect(See(admin).GetByLabel("Everyone")).Not.ToBeCheckedAsync();
        await Expect(See(admin).GetByLabel("Members by name")).ToHaveValueAsync("Noah, Olga");
        await admin.ShouldBeAccessibleAsync("private-1-settings");

        // It is there for those who may see it, and for nobody else.
        foreach (var tab in lesser)
        {
            await ListsAsync(tab, "The kitchen");
            await ShouldBeNoBoardAsync(tab);
        }

        foreach (var tab in insiders)
        {
            await ListsAsync(tab, Board, "The kitchen");
            await tab.Link(Board).ClickAsync();
            await Expect(tab.Heading(Board)).ToBeVisibleAsync();
            await Expect(tab.Link("Settings")).ToHaveCountAsync(tab == named ? 0 : 1);
        }

        // It is used.
        await named.UnfoldAsync("Start a thread");
        await named.Field("Title").FillAsync(Thread);
        await named.Field("First post").FillAsync(Secret);
        await named.Button("Start the thread").ClickAsync();
        await Expect(named.Heading(Thread)).ToBeVisibleAsync();
        var secret = new Uri(named.Page.Url).AbsolutePath;
        var post = await named.Post(1).GetAttributeAsync("data-id");
        await moderator.GoAsync(secret);
        await moderator.Button("Quote post 1").ClickAsync();
        await Expect(moderator.Field("Your post")).Not.ToHaveValueAsync("");
        await moderator.Field("Your post").PressAsync("Control+End");
        await moderator.Page.Keyboard.TypeAsync("Not any more.");
        await moderator.Button("Post reply").ClickAsync();
        await Expect(moderator.Prose(2)).ToContainTextAsync("Not any more.");
        await Expect(moderator.Prose(2).Locator("blockquote.quote")).ToContainTextAsync(Secret);
        await named.GoAsync("/");
        await moderator.GoAsync("/");
        for (var i = 1; i <= 4; i++)
        {
            (await olga.Reply(Guid.Parse(secret.Split('/')[^1]), $"I did not drink bottle {i}.")).ShouldBe(201);
        }

        await ReadModels.CatchUpAsync(forum);

        // It is quoted where everybody reads.
        await named.GoAsync($"/threads/{table}");
        await named
            .Field("Your post")
            .FillAsync($"[quote=\"Noah, post:{post}\"]\n{Secret}\n[/quote]\n\nYou did not hear it from me.");
        await named.Button("Post reply").ClickAsync();
        await Expect(named.Prose(5)).ToContainTextAsync(Secret);
        foreach (var tab in lesser)
        {
            await tab.GoAsync($"/threads/{table}");
            await Expect(tab.Prose(5)).ToContainTextAsync(Hidden);
            await Expect(tab.Prose(5)).ToContainTextAsync("You did not hear it from me.");
            await ShouldTellNothingAsync(tab);
        }

        // Olga wrote one post that they see, and four that they do not.
        await Expect(guest.Post(4).Locator(".title")).ToHaveTextAsync("New member");
        await admin.GoAsync($"/threads/{table}");
        await Expect(admin.Post(4).Locator(".title")).ToHaveTextAsync("Member");
        await Expect(admin.Prose(5)).ToContainTextAsync(Secret);
        await moderator.GoAsync($"/threads/{table}");
        await Expect(moderator.Prose(5)).ToContainTextAsync(Secret);
        await guest.ShouldBeAccessibleAsync("private-2-quote-as-guest");
        await moderator.ShouldBeAccessibleAsync("private-2-quote-as-moderator");

        // It is opened to all.
        await admin.GoAsync($"/boards/{cellar}/settings");
        await See(admin).GetByLabel("Everyone").CheckAsync();
        await admin.Button("Save the permissions").ClickAsync();
        await Expect(See(admin).GetByLabel("Everyone")).ToBeCheckedAsync();
        foreach (var tab in lesser)
        {
            await ListsAsync(tab, Board, "The kitchen");
            await tab.GoAsync(secret);
            await Expect(tab.Prose(1)).ToHaveTextAsync(Secret);
            await tab.GoAsync($"/threads/{table}");
            await Expect(tab.Prose(5)).ToContainTextAsync(Secret);
            await Expect(tab.Link("Settings")).ToHaveCountAsync(0);
        }

        await Expect(guest.Post(4).Locator(".title")).ToHaveTextAsync("Member");

        // It is closed by its moderator, and everybody goes on reading it.
        await moderator.GoAsync($"/boards/{cellar}");
        await moderator.Link("Settings").ClickAsync();
        await Expect(moderator.Button("Save the permissions")).ToHaveCountAsync(0);
        await moderator.Field("Reason (everyone who sees the board reads it)").FillAsync("The bottles are gone.");
        await moderator.Button("Close the board").ClickAsync();
        await Expect(moderator.Button("Reopen the board")).ToBeVisibleAsync();
        await moderator.ShouldBeAccessibleAsync("private-3-closed-settings");
        foreach (var tab in (Visit[])[.. lesser, .. insiders])
        {
            await tab.GoAsync($"/boards/{cellar}");
            await Expect(tab.Page.Locator(".notice")).ToContainTextAsync("The bottles are gone.");
            await Expect(tab.Page.Locator(".composer")).ToHaveCountAsync(0);
            await tab.GoAsync(secret);
            await Expect(tab.Prose(1)).ToHaveTextAsync(Secret);
            await Expect(tab.Field("Your post")).ToHaveCountAsync(0);
        }

        await guest.GoAsync($"/boards/{cellar}");
        await guest.ShouldBeAccessibleAsync("private-3-closed-board");
        await guest.GoAsync(secret);
        await guest.ShouldBeAccessibleAsync("private-3-closed-thread");

        // And it is private again: also on the way back, and on what is open already.
        await admin.GoAsync($"/boards/{cellar}/settings");
        await See(admin).GetByLabel("Everyone").UncheckAsync();
        await See(admin).GetByLabel("Members by name").FillAsync("Noah");
        await admin.Button("Save the permissions").ClickAsync();
        await Expect(See(admin).GetByLabel("Everyone")).Not.ToBeCheckedAsync();
        await guest.Page.ReloadAsync();
        await Expect(guest.Heading("There is no such thread.")).ToBeVisibleAsync();
        await guest.Page.GoBackAsync();
        foreach (var tab in lesser)
        {
            await ShouldBeNoBoardAsync(tab);
            await ListsAsync(tab, "The kitchen");
        }

        await guest.GoAsync($"/boards/{cellar}");
        await guest.ShouldBeAccessibleAsync("private-4-no-such-board");
        await named.GoAsync(secret);
        await Expect(named.Prose(1)).ToHaveTextAsync(Secret);

        async Task ListsAsync(Visit tab, params string[] boards)
        {
            await tab.GoAsync("/");
            await Expect(tab.Page.Locator(".row h2")).ToHaveTextAsync(boards);
        }

        // To the word what is said of a board that never was.
        async Task ShouldBeNoBoardAsync(Visit tab)
        {
            await tab.GoAsync($"/boards/{Guid.CreateVersion7()}");
            var never = await tab.Page.InnerTextAsync("body");
            (await tab.GoAsync($"/boards/{cellar}")).Status.ShouldBe(404);
            (await tab.Page.InnerTextAsync("body")).ShouldBe(never);
        }

        static async Task ShouldTellNothingAsync(Visit tab)
        {
            var page = await tab.Page.ContentAsync();
            foreach (var told in (string[])[Secret, Board, Thread])
            {
                page.ShouldNotContain(told);
            }
        }
    }

    private static ILocator See(Visit tab) => Permission(tab, "See it");

    private static ILocator Permission(Visit tab, string name) =>
        tab.Page.GetByRole(AriaRole.Group, new() { Name = name, Exact = true });
}
