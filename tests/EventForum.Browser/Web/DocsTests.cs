using EventForum.Acceptance.Harness;
using EventForum.Browser.Harness;

namespace EventForum.Browser.Web;

public sealed class DocsTests(ForumHost forum, Chromium chromium)
{
    /// <summary>A visit fails with what its browser's console says, violations of the page's policy among it.</summary>
    [Fact]
    public async Task the_page_of_the_api_works_under_its_policy_and_asks_no_other_host()
    {
        await using var tab = await chromium.VisitAsync(forum);

        await tab.GoAsync("/docs");

        await Expect(tab.Heading("EventForum API").Or(tab.Heading("EventForum")).First).ToBeVisibleAsync();
    }
}
