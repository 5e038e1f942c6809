using EventForum.Acceptance.Harness;
using EventForum.Browser.Harness;

namespace EventForum.Browser.Web;

/// <summary>A thread as a tree of answers, and texts that nobody knows, as they are seen.</summary>
public sealed class ThreadTreeTests(ForumHost forum, Chromium chromium)
{
    [Theory]
    [InlineData(1280)]
    [InlineData(360)]
    public async Task answers_stand_in_from_what_they_answer(int width)
    {
        var thread = await forum.NewThread("Where do the herons go in winter?");
        var above = thread.FirstPostId;
        for (var depth = 1; depth <= 12; depth++)
        {
            var reply = await forum
                .Member()
                .Reply(thread.Id, $"An answer {depth} deep: to the weir, I believe.", parentId: above);
            above = reply.ShouldBe(201).PostId;
        }

        var last = (await forum.Member().Reply(thread.Id, "To the first.", parentId: thread.FirstPostId)).ShouldBe(201);
        await using var tab = await chromium.VisitAsync(forum);
        await tab.Page.SetViewportSizeAsync(width, 800);
        (await tab.GoAsync($"/threads/{thread.Id}")).Status.ShouldBe(200);
        await tab.Link("as a tree").ClickAsync();

        await Expect(tab.Page.Locator(".post")).ToHaveCountAsync(14);
        await Expect(tab.Page.Locator(".post").Last).ToHaveAttributeAsync("data-id", $"{last.PostId}");
        var (first, second, ninth) = (await LeftOf(tab, 1), await LeftOf(tab, 2), await LeftOf(tab, 9));
        second.ShouldBeGreaterThan(first + 4);
        ninth.ShouldBeGreaterThan(second);
        (await LeftOf(tab, 13)).ShouldBe(ninth, 0.5, "beyond a few steps nothing is set in further");
        (await tab.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue();
        await tab.ShouldBeAccessibleAsync($"thread-tree-{width}");
        await tab.Link("in order of time").ClickAsync();
        await Expect(tab.Page.Locator(".post").Last).ToHaveAttributeAsync("data-id", $"{last.PostId}");
    }

    [Fact]
    public async Task an_answer_comes_to_its_place_in_an_open_tree()
    {
        var thread = await forum.NewThread("Where do the herons go?");
        (await forum.Member().Reply(thread.Id, "To the weir.", parentId: thread.FirstPostId)).ShouldBe(201);
        var other = (await forum.Member().Reply(thread.Id, "Which herons?")).ShouldBe(201);
        await using var tab = await chromium.VisitAsync(forum);
        (await tab.GoAsync($"/threads/{thread.Id}?order=tree")).Status.ShouldBe(200);

        (await forum.Member().Reply(thread.Id, "To the sea.", parentId: thread.FirstPostId)).ShouldBe(201);

        await Expect(tab.Page.Locator(".post")).ToHaveCountAsync(4);
        await Expect(tab.Page.Locator(".post").Nth(2)).ToContainTextAsync("To the sea.");
        await Expect(tab.Page.Locator(".post").Last).ToHaveAttributeAsync("data-id", $"{other.PostId}");
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(360)]
    public async Task a_text_that_is_not_known_is_said_to_be_and_the_later_one_is_behind_a_click(int width)
    {
        await using var database = await TestDatabase.CreateAsync();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            file,
            """{"source":"s","thread":"t","thread_title":"Herons at the weir","post":"1","author":"Ann","posted_at":"2012-06-01T10:00:00Z","body":"There were **two** herons at the weir.","edited_at":"2012-07-01T10:00:00Z"}""",
            TestContext.Current.CancellationToken
        );
        await ForumProcess.CommandAsync(database, "import", file, "--defects", file + ".defects");
        File.Delete(file);
        File.Delete(file + ".defects");
        await using var archive = await ForumHost.StartAsync(database, ("Sample", "false"));
        var id = await database.ScalarAsync<Guid>("select thread_id from forum.posts limit 1");
        await using var tab = await chromium.VisitAsync(archive);
        await tab.Page.SetViewportSizeAsync(width, 800);

        (await tab.GoAsync($"/threads/{id}?version=1")).Status.ShouldBe(200);

        await Expect(tab.Page.Locator(".removal"))
            .ToHaveTextAsync("Changed on 1 July 2012; the text before is not known.");
        await Expect(tab.Page.GetByText("two herons")).ToBeHiddenAsync();
        await tab.ShouldBeAccessibleAsync($"unknown-text-{width}");
        await tab.Page.GetByText("Show the later text").ClickAsync();
        await Expect(tab.Page.Locator(".later")).ToHaveTextAsync("There were two herons at the weir.");
    }

    private static async Task<float> LeftOf(Visit tab, int number) => (await tab.Post(number).BoundingBoxAsync())!.X;
}
