using EventForum.Acceptance.Harness;
using EventForum.Browser.Harness;

namespace EventForum.Browser.Web;

/// <summary>A moderator splits a thread and merges it back, from its page.</summary>
public sealed class MovePostsFormTests(ForumHost forum, Chromium chromium)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task posts_are_split_off_and_their_thread_is_merged_back(bool javaScript)
    {
        var thread = await forum.NewThread();
        foreach (var i in Enumerable.Range(2, 4))
        {
            (await forum.Member().Reply(thread.Id, $"Post {i}.")).ShouldBe(201);
        }

        await using var tab = await chromium.VisitAsync(forum, forum.Moderator(), javaScript);
        await tab.GoAsync($"/threads/{thread.Id}");
        await tab.Field("Select post 3").CheckAsync();
        await tab.Field("Select post 4").CheckAsync();
        await tab.Page.GetByText("Split off or move", new() { Exact = true }).ClickAsync();
        await tab.Field("Title of a new thread").FillAsync("Another matter");
        await LookAsync("split-form");
        await tab.Button("Split off…").ClickAsync();
        await Expect(tab.Page.Locator("main")).ToContainTextAsync("2 posts of 2 members in 2 threads.");
        await tab.Field("Reason (everyone reads it)").FillAsync("It is another matter.");
        await tab.Button("Split a thread").ClickAsync();
        await Expect(tab.Page.Locator("[role=status]").First).ToContainTextAsync("Done.");
        await LookAsync("split-done");

        await tab.GoAsync($"/threads/{thread.Id}");
        var line = tab.Page.Locator(".moved");
        await Expect(line).ToContainTextAsync("#3–#4: 2 posts moved to Another matter by");
        await Expect(line).ToContainTextAsync("It is another matter.");
        await LookAsync("moved-line");
        await line.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(tab.Heading("Another matter")).ToBeVisibleAsync();
        await Expect(tab.Page.Locator("main")).ToContainTextAsync("Post 4.");
        var split = tab.Page.Url;

        await tab.Page.GetByText("Move or merge", new() { Exact = true }).ClickAsync();
        await tab.Field("Address of the board or of the thread (copy it from your browser)")
            .FillAsync(new Uri(new Uri(split), $"/threads/{thread.Id}?page=1").ToString());
        await LookAsync("merge-form");
        await tab.Button("Merge into this thread…").ClickAsync();
        await tab.Field("Reason (everyone reads it)").FillAsync("The same matter after all.");
        await tab.Button("Merge threads").ClickAsync();
        await Expect(tab.Page.Locator("[role=status]").First).ToContainTextAsync("Done.");

        await tab.Page.GotoAsync(split);
        tab.Page.Url.ShouldEndWith($"/threads/{thread.Id}");
        await Expect(tab.Page.Locator("main")).ToContainTextAsync("5 posts");

        Task LookAsync(string name) => javaScript ? tab.ShouldBeAccessibleAsync(name) : Task.CompletedTask;
    }
}
