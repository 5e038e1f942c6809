using EventForum.Acceptance.Harness;
using EventForum.Browser.Harness;

namespace EventForum.Browser.Web;

public sealed class SignInTests(ForumHost forum, Chromium chromium)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_token_signs_in_leads_back_and_is_given_up_again(bool javaScript)
    {
        var thread = await forum.NewThread();
        var member = forum.Member();
        await using var tab = await chromium.VisitAsync(forum, javaScript: javaScript);

        await tab.GoAsync($"/threads/{thread.Id}");
        await tab.Link("Sign in to reply").ClickAsync();
        await tab.Field("Token").FillAsync(member.Token!);
        await tab.Button("Sign in").ClickAsync();

        await Expect(tab.Heading(thread.Title)).ToBeVisibleAsync();
        await Expect(tab.Page.Locator(".who")).ToHaveTextAsync(member.Name);
        await Expect(tab.Button("Post reply")).ToBeVisibleAsync();
        var cookie = (await tab.Context.CookiesAsync()).ShouldHaveSingleItem();
        cookie.HttpOnly.ShouldBeTrue();
        cookie.SameSite.ShouldBe(SameSiteAttribute.Strict);

        await tab.Button("Sign out").ClickAsync();
        await Expect(tab.Link("Sign in")).ToBeVisibleAsync();
        (await tab.Context.CookiesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_bad_token_is_refused_with_a_reason()
    {
        await using var tab = await chromium.VisitAsync(forum);

        await tab.GoAsync("/sign-in");
        await tab.Field("Token").FillAsync(forum.Member().Token![..^2] + "AA");
        await tab.Button("Sign in").ClickAsync();

        await Expect(tab.Notice).ToContainTextAsync("This token is not valid here.");
        await Expect(tab.Link("Sign in")).ToHaveCountAsync(0);
        (await tab.Context.CookiesAsync()).ShouldBeEmpty();
    }
}
