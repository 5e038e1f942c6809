using EventForum.Acceptance.Harness;
using EventForum.Browser.Harness;

namespace EventForum.Browser.Web;

/// <summary>A member reports a post, a moderator removes it, its author appeals, another moderator decides.</summary>
public sealed class CasePageTests(ForumHost forum, Chromium chromium)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_report_is_resolved_and_the_decision_appealed_against(bool javaScript)
    {
        var thread = await forum.NewThread("Buy my books, they are cheap.");
        var (reporter, moderator, other) = (forum.Member(), forum.Moderator(), forum.Moderator());

        await using (var tab = await chromium.VisitAsync(forum, reporter, javaScript))
        {
            await tab.GoAsync($"/threads/{thread.Id}");
            await tab.Link("Report post 1").ClickAsync();
            await LookAsync(tab, "report");
            await tab.Field("Spam or advertising").CheckAsync();
            await tab.Field("What moderators should know (optional)").FillAsync("It sells something.\nTwice.");
            await tab.Button("Report it").ClickAsync();
            await Expect(tab.Page.Locator("[role=status]").First).ToContainTextAsync("Reported.");
            await Expect(tab.Page.Locator("main")).ToContainTextAsync("Waits for a moderator");
            await LookAsync(tab, "own-reports");
        }

        (await thread.Starter.Edit(thread.FirstPostId, "Read my books, they are good.")).ShouldBe(200);
        (await forum.Member().Report(thread.FirstPostId, "off-topic")).ShouldBe(201);
        await using (var tab = await chromium.VisitAsync(forum, moderator, javaScript))
        {
            await tab.GoAsync($"/moderation/cases?boardId={thread.BoardId}");
            await LookAsync(tab, "cases");
            await tab.Link($"Post 1 by {thread.Starter.Name}").ClickAsync();
            await Expect(tab.Page.Locator("main")).ToContainTextAsync("It sells something.");
            await Expect(tab.Page.Locator(".diff")).ToContainTextAsync("cheap");
            await tab.Button("Take it").ClickAsync();
            await Expect(tab.Page.Locator("main")).ToContainTextAsync($"taken by {moderator.Name}");
            await tab.Field("Note (only moderators read it)").FillAsync("Not the first time.");
            await tab.Button("Add the note").ClickAsync();
            await Expect(tab.Page.Locator("main")).ToContainTextAsync("Not the first time.");
            await LookAsync(tab, "case");
            await tab.Button("Remove the post…").ClickAsync();
            await tab.Field("Reason (everyone reads it)").FillAsync("Advertising.");
            await tab.Page.Locator("#batch-explanation").FillAsync("The post offers books for sale.");
            await LookAsync(tab, "case-batch");
            await tab.Button("Remove posts").ClickAsync();
            await Expect(tab.Page.Locator("main")).ToContainTextAsync("It resolved a case");
        }

        await using (var tab = await chromium.VisitAsync(forum, thread.Starter, javaScript))
        {
            await tab.GoAsync("/me/standing");
            await tab.Link("Decisions about your posts").ClickAsync();
            await LookAsync(tab, "own-decisions");
            await tab.Link("Remove posts").ClickAsync();
            await Expect(tab.Page.Locator("main")).ToContainTextAsync("The post offers books for sale.");
            await Expect(tab.Page.Locator("main")).Not.ToContainTextAsync(reporter.Name);
            await tab.Page.EmulateMediaAsync(new() { Media = Media.Print });
            await Expect(tab.Button("Appeal")).ToBeHiddenAsync();
            await LookAsync(tab, "statement-print");
            await tab.Page.EmulateMediaAsync(new() { Media = Media.Screen });
            await LookAsync(tab, "statement");
            await tab.Page.Locator("#appeal").FillAsync("They are free.");
            await tab.Button("Appeal").ClickAsync();
            await Expect(tab.Page.Locator("main")).ToContainTextAsync("Another moderator will decide.");
        }

        await using (var tab = await chromium.VisitAsync(forum, other, javaScript))
        {
            await tab.GoAsync($"/moderation/cases?boardId={thread.BoardId}");
            await tab.Link($"Post 1 by {thread.Starter.Name}").ClickAsync();
            await Expect(tab.Page.Locator("main")).ToContainTextAsync("They are free.");
            await LookAsync(tab, "case-appealed");
            await tab.Field("Why? (the author reads it)").FillAsync("So they are.");
            await tab.Button("Overturn it, and undo what it did").ClickAsync();
            await Expect(tab.Page.Locator("main")).ToContainTextAsync("Overturned on appeal");
        }

        await using (var tab = await chromium.VisitAsync(forum, thread.Starter, javaScript))
        {
            await tab.GoAsync($"/threads/{thread.Id}");
            await Expect(tab.Page.Locator("#posts")).ToContainTextAsync("Read my books, they are good.");
            await tab.GoAsync("/me/decisions");
            await tab.Link("Remove posts").ClickAsync();
            await Expect(tab.Page.Locator("main")).ToContainTextAsync("So they are.");
            await LookAsync(tab, "statement-overturned");
        }

        Task LookAsync(Visit tab, string name) => javaScript ? tab.ShouldBeAccessibleAsync(name) : Task.CompletedTask;
    }

    [Fact]
    public async Task a_case_is_dismissed_and_its_reporter_reads_why()
    {
        var thread = await forum.NewThread();
        var reporter = forum.Member();
        (await reporter.Report(thread.FirstPostId, "off-topic")).ShouldBe(201);
        await using var tab = await chromium.VisitAsync(forum, forum.Moderator());
        await tab.GoAsync($"/moderation/cases?boardId={thread.BoardId}");
        await tab.Link($"Post 1 by {thread.Starter.Name}").ClickAsync();
        await tab.Field("Dismiss it: why? (who reported the post reads it)").FillAsync("It is the topic.");
        await tab.Button("Dismiss it").ClickAsync();
        await Expect(tab.Page.Locator("h1")).ToContainTextAsync("Dismissed");

        await using var own = await chromium.VisitAsync(forum, reporter);
        await own.GoAsync("/me/reports");
        await Expect(own.Page.Locator("main")).ToContainTextAsync("It is the topic.");
        await own.ShouldBeAccessibleAsync("own-reports-dismissed");
    }
}
