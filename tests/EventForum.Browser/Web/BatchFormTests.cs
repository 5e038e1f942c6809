using EventForum.Acceptance.Harness;
using EventForum.Browser.Harness;

namespace EventForum.Browser.Web;

/// <summary>A moderator selects, sees what would be done, does it and undoes it.</summary>
public sealed class BatchFormTests(ForumHost forum, Chromium chromium)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task posts_that_are_selected_are_removed_and_brought_back(bool javaScript)
    {
        var thread = await forum.NewThread();
        foreach (var i in Enumerable.Range(2, 4))
        {
            (await forum.Member().Reply(thread.Id, $"Post {i}.")).ShouldBe(201);
        }

        await using var tab = await chromium.VisitAsync(forum, forum.Moderator(), javaScript);
        await tab.GoAsync($"/threads/{thread.Id}");
        await tab.Field("Select post 2").CheckAsync();
        if (javaScript)
        {
            await tab.Field("Select post 4").ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
            await Expect(tab.Field("Select post 3")).ToBeCheckedAsync();
        }
        else
        {
            await tab.Field("Select post 3").CheckAsync();
            await tab.Field("Select post 4").CheckAsync();
        }

        await tab.Page.Locator("#moderate").GetByText("Remove…").ClickAsync();
        await Expect(tab.Heading("Remove posts")).ToBeVisibleAsync();
        await Expect(tab.Page.Locator("main")).ToContainTextAsync("3 posts of 3 members in 1 thread.");
        await LookAsync("batch-preview");
        await tab.Field("Reason (everyone reads it)").FillAsync("Spam.");
        await tab.Button("Remove posts").ClickAsync();

        await Expect(tab.Page.Locator("[role=status]").First).ToContainTextAsync("Done.");
        await LookAsync("batch");
        (await RemovedAsync()).ShouldBe(3);

        await tab.Field("Why undo it? (everyone reads it)").FillAsync("The wrong posts.");
        await tab.Button("Undo it").ClickAsync();
        await Expect(tab.Heading("Undo")).ToBeVisibleAsync();
        (await RemovedAsync()).ShouldBe(0);

        await tab.GoAsync("/moderation/log");
        await LookAsync("moderation-log");

        Task LookAsync(string name) => javaScript ? tab.ShouldBeAccessibleAsync(name) : Task.CompletedTask;

        async Task<int> RemovedAsync() =>
            (await forum.Stranger().Get($"/api/threads/{thread.Id}"))
                .Json.GetProperty("posts")
                .EnumerateArray()
                .Count(post => post.GetProperty("state").GetString() == "removed");
    }

    [Fact]
    public async Task all_posts_of_a_member_are_removed_from_one_of_them_and_the_mistake_is_put_right()
    {
        var thread = await forum.NewThread();
        var spammer = forum.Member();
        foreach (var i in Enumerable.Range(0, 200))
        {
            (await spammer.Reply(thread.Id, $"Buy {i}.")).ShouldBe(201);
        }

        await using var tab = await chromium.VisitAsync(forum, forum.Moderator());
        await tab.GoAsync($"/threads/{thread.Id}");
        await tab.Button($"Remove all… posts by {spammer.Name}").First.ClickAsync();
        await Expect(tab.Page.Locator("main")).ToContainTextAsync("200 posts of 1 member in 1 thread.");
        await tab.Field("Reason (everyone reads it)").FillAsync("Spam.");
        await tab.Button("Remove all posts of a member").ClickAsync();
        await tab.Field("Why undo it? (everyone reads it)").FillAsync("Somebody else's spam.");
        await tab.Button("Undo it").ClickAsync();
        await Expect(tab.Heading("Undo")).ToBeVisibleAsync();

        await tab.GoAsync($"/threads/{thread.Id}");
        await Expect(tab.Page.Locator("main")).ToContainTextAsync("Buy 0.");
    }

    [Fact]
    public async Task a_post_goes_back_to_an_earlier_revision_from_its_history()
    {
        var thread = await forum.NewThread();
        (await thread.Starter.Edit(thread.FirstPostId, "Defaced.")).ShouldBe(200);
        await using var tab = await chromium.VisitAsync(forum, forum.Moderator());

        await tab.GoAsync($"/posts/{thread.FirstPostId}/history");
        await tab.ShouldBeAccessibleAsync("history-moderator");
        await tab.Page.GetByText("Go back to it…").ClickAsync();
        await tab.Field("Reason (everyone reads it)").FillAsync("Vandalism.");
        await tab.Button("Take a post back to an earlier revision").ClickAsync();

        await Expect(tab.Page.Locator("[role=status]").First).ToContainTextAsync("Done.");
        await tab.GoAsync($"/threads/{thread.Id}");
        await Expect(tab.Page.Locator("#posts")).ToContainTextAsync("The first post.");
    }

    [Fact]
    public async Task any_two_revisions_are_compared_and_one_is_redacted()
    {
        var thread = await forum.NewThread();
        foreach (var text in (string[])["The second text.", "The third text of it.", "What is left."])
        {
            (await thread.Starter.Edit(thread.FirstPostId, text)).ShouldBe(200);
        }

        await using var tab = await chromium.VisitAsync(forum, forum.Admin());
        await tab.GoAsync($"/posts/{thread.FirstPostId}/history");
        await tab.Field("Compare revision").FillAsync("2");
        await tab.Field("with").FillAsync("3");
        await tab.Button("Compare").ClickAsync();

        var sides = tab.Page.Locator(".sides section");
        await Expect(sides.First).ToContainTextAsync("The");
        await Expect(sides.First.Locator("del")).ToContainTextAsync("second");
        await Expect(sides.Last.Locator("ins").First).ToContainTextAsync("third");
        await tab.ShouldBeAccessibleAsync("sides");
        await tab.Link("In one text").ClickAsync();
        await Expect(tab.Page.Locator(".sides")).ToHaveCountAsync(0);

        await tab.GoAsync($"/posts/{thread.FirstPostId}/history");
        await tab.ShouldBeAccessibleAsync("history-admin");
        await tab.Button("Redact… revision 2").ClickAsync();
        await Expect(tab.Page.Locator("main")).ToContainTextAsync("Nobody can undo it.");
        await tab.ShouldBeAccessibleAsync("redact");
        await tab.Field("Reason (everyone reads it)").FillAsync("Private.");
        await tab.Button("Redact a revision of a post").ClickAsync();
        await Expect(tab.Page.Locator("main")).ToContainTextAsync("The words are gone for good");
        await tab.GoAsync($"/posts/{thread.FirstPostId}/history");
        await Expect(tab.Page.Locator("main")).ToContainTextAsync("Its words were redacted.");
        await Expect(tab.Page.Locator("main")).Not.ToContainTextAsync("The second text.");
    }

    [Fact]
    public async Task a_member_is_suspended_and_reads_why_on_every_page()
    {
        var thread = await forum.NewThread();
        await using var tab = await chromium.VisitAsync(forum, forum.Moderator());
        await using var member = await chromium.VisitAsync(forum, thread.Starter);
        await tab.GoAsync($"/threads/{thread.Id}");
        await tab.Button($"Suspend… {thread.Starter.Name}").ClickAsync();
        await tab.ShouldBeAccessibleAsync("suspend");
        await tab.Field("Reason (the member reads it)").FillAsync("Insults.");
        await tab.Field("For how many days (without it, until somebody lifts it)").FillAsync("7");
        await tab.Button("Suspend a member").ClickAsync();
        await Expect(tab.Page.Locator("[role=status]").First).ToContainTextAsync("Done.");

        await member.GoAsync($"/threads/{thread.Id}");
        await Expect(member.Page.Locator("main")).ToContainTextAsync("You are suspended.");
        await member.Link("More about it").ClickAsync();
        await Expect(member.Page.Locator("main")).ToContainTextAsync("Insults.");
        await member.ShouldBeAccessibleAsync("standing");
    }

    [Fact]
    public async Task a_board_shows_everybody_what_moderators_did()
    {
        var thread = await forum.NewThread();
        (await forum.Moderator().Lock(thread.Id, "Settled.")).ShouldBe(200);
        await using var admin = await chromium.VisitAsync(forum, forum.Admin());
        await using var guest = await chromium.VisitAsync(forum, forum.Stranger());

        await admin.GoAsync($"/boards/{thread.BoardId}/settings");
        await admin.Button("Show it to everybody").ClickAsync();
        await Expect(admin.Button("Show it to moderators only")).ToBeVisibleAsync();
        await admin.ShouldBeAccessibleAsync("log-settings");
        await guest.GoAsync($"/boards/{thread.BoardId}");
        await guest.Link("What moderators did").ClickAsync();

        await Expect(guest.Page.Locator("main")).ToContainTextAsync("Settled.");
        await guest.ShouldBeAccessibleAsync("board-log");
    }
}
