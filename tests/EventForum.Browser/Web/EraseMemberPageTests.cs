using EventForum.Acceptance.Harness;
using EventForum.Browser.Harness;

namespace EventForum.Browser.Web;

/// <summary>An admin erases a member from its page, once the name is typed.</summary>
public sealed class EraseMemberPageTests(Chromium chromium)
{
    [Fact]
    public async Task a_member_is_erased_once_its_name_is_typed()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var forum = await ForumHost.StartAsync(database);
        var thread = await forum.NewThread("Words of mine.");
        var member = thread.Starter;
        (await forum.Member().Reply(thread.Id, $"I agree with {member.Name}.")).ShouldBe(201);
        await using var tab = await chromium.VisitAsync(forum, forum.Admin());

        await tab.GoAsync($"/audit/members/{await member.Id()}");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Erase this member" }).ClickAsync();
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "The name and all words" }).ClickAsync();
        await Expect(tab.Page.Locator("main")).ToContainTextAsync("thread started");
        await tab.ShouldBeAccessibleAsync("erase-preview");
        await tab.Field("Reason (moderators read it, and it stays)").FillAsync("Asked for it.");
        await tab.Field("Nothing can bring it back. Type the member's name to go on").FillAsync("somebody else");
        await tab.Button("Erase for good").ClickAsync();
        await Expect(tab.Page.Locator("main"))
            .ToContainTextAsync("The name that confirms an erasure is not the member's.");
        await Expect(tab.Field("Reason (moderators read it, and it stays)")).ToHaveValueAsync("Asked for it.");
        await tab.ShouldBeAccessibleAsync("erase-refused");

        await tab.Field("Nothing can bring it back. Type the member's name to go on").FillAsync(member.Name);
        await tab.Button("Erase for good").ClickAsync();

        await Expect(tab.Page.Locator("[role=status]").First).ToContainTextAsync("erased member 1");
        await tab.ShouldBeAccessibleAsync("erase-done");
        await tab.GoAsync($"/threads/{thread.Id}");
        await Expect(tab.Page.Locator("main")).ToContainTextAsync("erased member 1");
        await Expect(tab.Page.Locator("main")).Not.ToContainTextAsync("Words of mine.");
        await tab.ShouldBeAccessibleAsync("erase-thread");
    }
}
