using System.Globalization;
using System.Text.RegularExpressions;
using EventForum.Browser.Harness;

namespace EventForum.Browser.Web;

internal static class TimelineVisits
{
    public static async Task<Visit> VisitAsync(this OldThread thread, Chromium chromium, string path)
    {
        var tab = await chromium.VisitAsync(thread.Forum);
        (await tab.GoAsync(path)).Status.ShouldBe(200);
        return tab;
    }

    public static async Task ShouldShowAsync(Visit tab, long version)
    {
        await Expect(tab.Page.Locator("#timeline"))
            .ToHaveAttributeAsync("data-version", version.ToString(CultureInfo.InvariantCulture));
        await Expect(tab.Page).ToHaveURLAsync(Like($@"/timeline\?version={version}$"));
        await Expect(tab.Page.Locator("#now"))
            .ToContainTextAsync(string.Create(CultureInfo.InvariantCulture, $"event {version:N0} of"));
        await Expect(tab.Field("Moment in the thread's life"))
            .ToHaveValueAsync(version.ToString(CultureInfo.InvariantCulture));
    }

    public static Regex Like(string pattern) => new(pattern, RegexOptions.None, TimeSpan.FromSeconds(1));
}
