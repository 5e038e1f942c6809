using EventForum.Browser.Harness;

namespace EventForum.Browser.Web;

public sealed class VisibilityViewTests(Showroom showroom, Chromium chromium) : IClassFixture<Showroom>
{
    [Fact]
    public async Task a_story_leads_to_who_could_read_the_post_and_when()
    {
        await using var tab = await chromium.VisitAsync(showroom.Forum, showroom.Petra);
        await tab.GoAsync($"/audit/posts/{showroom.EditedPost}");
        await tab.ShouldBeAccessibleAsync("story-post");
        await tab.Link("Who could read it, and when").ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("Now: everyone, guests too.");
        await tab.ShouldBeAccessibleAsync("visibility");

        await tab.Field("When (UTC)").FillAsync("2001-01-01T12:30:15");
        await tab.Field("Which member").FillAsync(showroom.Moira.Name);
        await tab.Button("Show").ClickAsync();

        await Expect(tab.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("At 1 January 2001, 12:30 UTC: no");
        await Expect(tab.Field("When (UTC)")).ToHaveValueAsync("2001-01-01T12:30:15");
        await tab.ShouldBeAccessibleAsync("visibility-before");
    }
}
