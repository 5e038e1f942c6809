using System.Globalization;
using EventForum.Browser.Harness;
using static EventForum.Browser.Web.TimelineVisits;

namespace EventForum.Browser.Web;

public sealed class TimelinePlayTests(OldThread thread, Chromium chromium) : IClassFixture<OldThread>
{
    [Fact]
    public async Task playing_follows_the_rhythm_and_pausing_stops_it()
    {
        await using var tab = await chromium.VisitAsync(thread.Forum);
        await tab.Page.Clock.InstallAsync();
        await tab.GoAsync($"{thread.Address}?version=1");
        await tab.Field("Speed").SelectOptionAsync("1");
        await tab.Page.Clock.PauseAtAsync(TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1));

        await tab.Button("Play").ClickAsync();
        // In real time posts are minutes apart: the longest pause is two seconds.
        await tab.Page.Clock.RunForAsync(1_900);
        await ShouldShowAsync(tab, 1);
        await tab.Page.Clock.RunForAsync(200);
        await ShouldShowAsync(tab, 2);
        await tab.Page.Clock.RunForAsync(2_000);
        await ShouldShowAsync(tab, 3);
        await tab.Button("Pause").ClickAsync();
        await tab.Page.Clock.RunForAsync(60_000);

        await Expect(tab.Button("Play")).ToBeVisibleAsync();
        await ShouldShowAsync(tab, 3);
    }

    [Fact]
    public async Task the_fastest_play_leaves_moments_out_and_comes_to_the_end()
    {
        var first = Math.Max(1, thread.LastVersion - 300);
        await using var tab = await thread.VisitAsync(chromium, $"{thread.Address}?version={first}");
        await tab.Field("Speed").SelectOptionAsync("2592000");
        var sent = 0;
        tab.Page.Request += (_, request) => sent += request.ResourceType == "fetch" ? 1 : 0;

        await tab.Button("Play").ClickAsync();

        await Expect(tab.Page.Locator("#timeline"))
            .ToHaveAttributeAsync(
                "data-version",
                thread.LastVersion.ToString(CultureInfo.InvariantCulture),
                new() { Timeout = 300_000 }
            );
        await Expect(tab.Button("Play")).ToBeVisibleAsync();
        sent.ShouldBeLessThan((int)(thread.LastVersion - first) * 3 / 4);
    }

    [Fact]
    public async Task however_fast_the_wishes_come_one_request_is_under_way_and_the_latest_wins()
    {
        await using var tab = await thread.VisitAsync(chromium, $"{thread.Address}?version=1");
        // Counted in the page: what the browser reports of its requests comes late, and not in order.
        await tab.Page.EvaluateAsync(
            """
            () => {
              const [real, seen] = [window.fetch, { sent: 0, underWay: 0, most: 0 }];
              window.seen = seen;
              window.fetch = async (...request) => {
                seen.sent++;
                seen.most = Math.max(seen.most, ++seen.underWay);
                const answer = await real(...request);
                const text = answer.text.bind(answer);
                answer.text = () => text().finally(() => seen.underWay--);
                return answer;
              };
              const slider = document.getElementById("slider");
              for (let value = 2; value <= 300; value++) {
                slider.value = value;
                slider.dispatchEvent(new Event("input"));
              }
            }
            """
        );

        await ShouldShowAsync(tab, 300);
        (await tab.Page.EvaluateAsync<int>("() => window.seen.most")).ShouldBe(1);
        (await tab.Page.EvaluateAsync<int>("() => window.seen.sent")).ShouldBeInRange(1, 3);
    }

    [Fact]
    public async Task a_moment_that_nobody_answers_for_leaves_the_page_as_it_is_and_says_so()
    {
        await using var tab = await chromium.VisitAsync(thread.Forum, lenient: true);
        await tab.GoAsync($"{thread.Address}?version={thread.EditVersion}");
        var slider = tab.Field("Moment in the thread's life");

        await tab.Context.SetOfflineAsync(true);
        await tab.Link("Next moment").ClickAsync();
        await Expect(tab.Page.Locator("#sentence")).ToContainTextAsync("The forum does not answer.");
        await Expect(slider).ToHaveValueAsync(thread.EditVersion.ToString(CultureInfo.InvariantCulture));
        await Expect(tab.Post(thread.EditedNumber)).ToBeVisibleAsync();
        await tab.Context.SetOfflineAsync(false);
        await tab.Link("Next moment").ClickAsync();

        await ShouldShowAsync(tab, thread.EditVersion + 1);
    }
}
