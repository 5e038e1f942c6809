using System.Globalization;
using EventForum.Browser.Harness;
using static EventForum.Browser.Web.TimelineVisits;

namespace EventForum.Browser.Web;

public sealed class TimelineViewTests(OldThread thread, Chromium chromium) : IClassFixture<OldThread>
{
    [Fact]
    public async Task the_slider_steps_from_event_to_event_with_the_keyboard()
    {
        await using var tab = await thread.VisitAsync(chromium, $"{thread.Address}?version={thread.EditVersion - 1}");
        var slider = tab.Field("Moment in the thread's life");

        await slider.FocusAsync();
        await tab.Page.Keyboard.PressAsync("ArrowRight");
        await ShouldShowAsync(tab, thread.EditVersion);
        await Expect(slider).ToBeFocusedAsync();
        await Expect(slider)
            .ToHaveAttributeAsync(
                "aria-valuetext",
                Like($"^Event {thread.EditVersion} of [0-9,]+, .* UTC: .* edited post {thread.EditedNumber}: Clearer$")
            );
        await Expect(tab.Page.Locator(".chart")).ToHaveCSSAsync("outline-style", "solid");
        await tab.Page.Keyboard.PressAsync("ArrowLeft");
        await ShouldShowAsync(tab, thread.EditVersion - 1);
        await tab.Page.Keyboard.PressAsync("End");
        await ShouldShowAsync(tab, thread.LastVersion);
        await Expect(tab.Prose(20)).Not.ToBeAttachedAsync();
        await tab.Page.Keyboard.PressAsync("Home");
        await ShouldShowAsync(tab, 1);
        await Expect(tab.Page.Locator(".post")).ToHaveCountAsync(1);
        await tab.Page.Keyboard.PressAsync("Space");
        await Expect(tab.Button("Pause")).ToBeVisibleAsync();
        await tab.Page.Keyboard.PressAsync("Space");
        await Expect(tab.Button("Play")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task an_edit_is_shown_with_its_words_and_the_way_on_keeps_the_page()
    {
        await using var tab = await thread.VisitAsync(chromium, $"{thread.Address}?version={thread.EditVersion}");
        await tab.Page.EvaluateAsync("() => { window.loaded = 'once'; }");
        var edited = tab.Post(thread.EditedNumber);

        await Expect(edited).ToHaveClassAsync(Like("changed"));
        await Expect(edited).ToBeInViewportAsync();
        await Expect(edited.Locator("ins").First).ToContainTextAsync("Well.");
        await tab.Link("Previous moment").ClickAsync();
        await ShouldShowAsync(tab, thread.EditVersion - 1);
        await Expect(tab.Prose(thread.EditedNumber)).Not.ToContainTextAsync("Well.");
        await tab.Link("Next moment").ClickAsync();
        await ShouldShowAsync(tab, thread.EditVersion);
        await tab.Link("Last moment").ClickAsync();
        await ShouldShowAsync(tab, thread.LastVersion);
        await Expect(tab.Link("Next moment")).ToHaveAttributeAsync("aria-disabled", "true");
        await tab.Link("First moment").ClickAsync();
        await ShouldShowAsync(tab, 1);
        await Expect(tab.Link("First moment")).ToBeFocusedAsync();
        (await tab.Page.EvaluateAsync<string>("() => window.loaded")).ShouldBe("once");
    }

    [Fact]
    public async Task a_drag_over_the_chart_leads_through_the_thread_and_its_end_is_in_the_address()
    {
        await using var tab = await thread.VisitAsync(chromium, $"{thread.Address}?version=1");
        var box = (await tab.Page.Locator("#chart").BoundingBoxAsync())!;
        var y = box.Y + 30;

        await tab.Page.Mouse.MoveAsync(box.X + 5, y);
        await tab.Page.Mouse.DownAsync();
        await tab.Page.Mouse.MoveAsync(box.X + box.Width * 0.3f, y, new() { Steps = 10 });
        await Expect(tab.Page.Locator("#timeline")).Not.ToHaveAttributeAsync("data-version", "1");
        await tab.Page.Mouse.MoveAsync(box.X + box.Width * 0.6f, y, new() { Steps = 10 });
        await tab.Page.Mouse.UpAsync();
        var wanted = long.Parse(
            await tab.Field("Moment in the thread's life").InputValueAsync(),
            CultureInfo.InvariantCulture
        );

        await ShouldShowAsync(tab, wanted);
        var share = (thread.TimeOf(wanted) - thread.TimeOf(1)) / (thread.TimeOf(thread.LastVersion) - thread.TimeOf(1));
        share.ShouldBeInRange(0.5, 0.62);
        var head = await tab.Page.Locator("#head-line").GetAttributeAsync("x1");
        double.Parse(head!.TrimEnd('%'), CultureInfo.InvariantCulture).ShouldBe(100 * share, 0.01);
        await tab.Page.ReloadAsync();
        await ShouldShowAsync(tab, wanted);
    }

    [Fact]
    public async Task a_bar_and_a_mark_of_the_chart_lead_to_their_moments()
    {
        await using var tab = await thread.VisitAsync(chromium, $"{thread.Address}?version=1");
        await tab.Page.EvaluateAsync("() => { window.loaded = 'once'; }");

        var mark = tab.Page.Locator("[data-mark]").Last;
        await mark.ClickAsync();
        await ShouldShowAsync(tab, await NumberAsync(mark, "data-mark"));
        var bar = tab.Page.Locator("[data-span]").Nth(5);
        await bar.ClickAsync();
        await Expect(tab.Page.Locator("#now")).ToContainTextAsync("wrote post");
        var shown = await NumberAsync(tab.Page.Locator("#timeline"), "data-version");

        shown.ShouldBeInRange(await NumberAsync(bar, "data-first"), await NumberAsync(bar, "data-last"));
        (await tab.Page.EvaluateAsync<string>("() => window.loaded")).ShouldBe("once");

        static async Task<long> NumberAsync(ILocator element, string attribute) =>
            long.Parse((await element.GetAttributeAsync(attribute))!, CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task a_bar_that_is_activated_without_a_pointer_leads_to_its_moment()
    {
        await using var tab = await thread.VisitAsync(chromium, $"{thread.Address}?version=1");
        var bar = tab.Page.Locator("[data-span]").Nth(5);

        await bar.DispatchEventAsync("click");

        await ShouldShowAsync(
            tab,
            long.Parse((await bar.GetAttributeAsync("data-first"))!, CultureInfo.InvariantCulture)
        );
    }

    [Fact]
    public async Task the_timeline_is_at_hand_on_a_phone()
    {
        await using var tab = await thread.VisitAsync(chromium, $"{thread.Address}?version={thread.EditVersion}");
        await tab.Page.SetViewportSizeAsync(Screen.Phone.Width, Screen.Phone.Height);

        await tab.Link("Next moment").ClickAsync();
        await ShouldShowAsync(tab, thread.EditVersion + 1);
        await Expect(tab.Page.Locator(".changed")).ToBeInViewportAsync();
        await Expect(tab.Link("Next moment")).ToBeInViewportAsync();
        var box = (await tab.Page.Locator("#player").BoundingBoxAsync())!;
        box.Height.ShouldBeLessThan(Screen.Phone.Height * 0.4f);
        foreach (var name in (string[])["First moment", "Previous moment", "Next moment", "Last moment"])
        {
            (await tab.Link(name).BoundingBoxAsync())!.Height.ShouldBeGreaterThanOrEqualTo(40);
        }
    }

    [Fact]
    public async Task without_javascript_it_is_lists_of_moments_with_links()
    {
        await using var tab = await chromium.VisitAsync(thread.Forum, javaScript: false);
        await tab.GoAsync($"{thread.Address}?version={thread.EditVersion}");

        await Expect(tab.Page.Locator("#slider")).ToBeHiddenAsync();
        await Expect(tab.Page.Locator("#play")).ToBeHiddenAsync();
        (await tab.Page.Locator("#timeline a").CountAsync()).ShouldBeLessThan(600);
        await tab.Link("Next moment").ClickAsync();
        await Expect(tab.Page).ToHaveURLAsync(Like($"version={thread.EditVersion + 1}$"));
        await tab.Page.Locator(".around a").First.ClickAsync();
        await Expect(tab.Page).ToHaveURLAsync(Like($"version={thread.EditVersion - 9}$"));
        await tab.UnfoldAsync("The whole life, in parts");
        await tab.Page.Locator(".whole > ul > li > a").Nth(1).ClickAsync();
        var span = tab.Page.Locator(".bars a").Nth(1);
        await Expect(tab.Page.Locator("#timeline"))
            .ToHaveAttributeAsync("data-version", (await span.GetAttributeAsync("data-first"))!);
        await tab.Page.Locator(".lane a").Last.ClickAsync();
        await Expect(tab.Page.Locator("#now")).Not.ToContainTextAsync("wrote post");
        await tab.Field("Jump to a date")
            .FillAsync(thread.TimeOf(thread.RenameVersion).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        await tab.Button("Go").ClickAsync();
        await Expect(tab.Page).ToHaveURLAsync(Like(@"version=\d+$"));
        await Expect(tab.Page.Locator("#now"))
            .ToContainTextAsync(
                thread.TimeOf(thread.RenameVersion).ToString("d MMMM yyyy", CultureInfo.InvariantCulture)
            );
    }

    [Fact]
    public async Task what_was_removed_since_is_shown_at_no_moment_but_to_moderators()
    {
        await using var tab = await thread.VisitAsync(chromium, $"{thread.Address}?version={thread.SecretVersion - 1}");
        foreach (var version in (long[])[thread.SecretVersion, thread.SecretEditVersion, thread.RemovalVersion])
        {
            await tab.Link("Next moment").ClickAsync();
            await ShouldShowAsync(tab, version);
            await Expect(tab.Page.Locator(".changed .removal")).ToContainTextAsync("emoved");
            (await tab.Page.ContentAsync()).ShouldNotContain(OldThread.Secret);
        }

        await using var moderators = await chromium.VisitAsync(thread.Forum, thread.Moderator);
        await moderators.GoAsync($"{thread.Address}?version={thread.SecretEditVersion}");
        await Expect(moderators.Page.Locator(".changed ins")).ToContainTextAsync("Nor these.");
    }

    [Fact]
    public async Task the_thread_leads_to_its_timeline_and_the_past_back_to_now()
    {
        await using var tab = await thread.VisitAsync(chromium, $"/threads/{thread.Id}");

        await tab.Link("timeline").ClickAsync();
        await ShouldShowAsync(tab, thread.LastVersion);
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "wrote post" }).First.ClickAsync();
        await tab.GoAsync($"{thread.Address}?version={thread.EditVersion}");
        await tab.Link("Read the thread as it was").ClickAsync();
        await Expect(tab.Page.Locator(".past")).ToContainTextAsync("This is the thread as it was");
        await tab.Link("Compare with now").ClickAsync();
        await Expect(tab.Page.Locator(".difference")).ToHaveCountAsync(50);
        await tab.Link("Later changes").ClickAsync();
        await tab.Link("First changes").ClickAsync();
        await Expect(tab.Field("From")).ToHaveValueAsync(thread.EditVersion.ToString(CultureInfo.InvariantCulture));
        await tab.Field("From").FillAsync("1");
        await tab.Field("To").FillAsync("3");
        await tab.Button("Compare").ClickAsync();
        await Expect(tab.Page.Locator(".difference")).ToHaveCountAsync(2);
        await tab.Link("Event 3 in the timeline").ClickAsync();
        await ShouldShowAsync(tab, 3);
        await tab.Link("The thread now").ClickAsync();
        await Expect(tab.Page.Locator("#reply-section")).ToBeVisibleAsync();
    }
}
