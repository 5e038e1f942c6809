using EventForum.Acceptance.Harness;
using EventForum.Browser.Harness;

namespace EventForum.Browser.Web;

public sealed class StartThreadFormTests(ForumHost forum, Chromium chromium)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_member_starts_a_thread(bool javaScript)
    {
        var board = await forum.NewListedBoard();
        var member = forum.Member();
        await using var tab = await chromium.VisitAsync(forum, member, javaScript);

        await tab.GoAsync($"/boards/{board}");
        await tab.UnfoldAsync("Start a thread");
        await tab.Field("Title").FillAsync("Tea or coffee?");
        await tab.Field("First post").FillAsync("I say *tea*.\n\nYou?");
        await tab.Button("Start the thread").ClickAsync();

        await Expect(tab.Heading("Tea or coffee?")).ToBeVisibleAsync();
        await Expect(tab.Prose(1).Locator("p")).ToHaveTextAsync(["I say tea.", "You?"]);
        await Expect(tab.Post(1)).ToContainTextAsync(member.Name);
    }

    [Fact]
    public async Task a_refusal_brings_back_what_was_typed()
    {
        var board = await forum.NewListedBoard();
        await using var tab = await chromium.VisitAsync(forum, forum.Member());

        await tab.GoAsync($"/boards/{board}");
        await tab.UnfoldAsync("Start a thread");
        await tab.Field("Title").FillAsync("     ");
        await tab.Field("First post").FillAsync("\n\nA <b>text</b> & \"more\",\n  with room.");
        await tab.Button("Start the thread").ClickAsync();

        await Expect(tab.Notice).ToContainTextAsync("The title is too short or too long.");
        await Expect(tab.Field("Title")).ToHaveValueAsync("     ");
        await Expect(tab.Field("First post")).ToHaveValueAsync("\n\nA <b>text</b> & \"more\",\n  with room.");
        await tab.Field("Title").FillAsync("A title");
        await tab.Button("Start the thread").ClickAsync();
        await Expect(tab.Heading("A title")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task a_guest_signs_in_first()
    {
        var board = await forum.NewListedBoard();
        await using var tab = await chromium.VisitAsync(forum);

        await tab.GoAsync($"/boards/{board}");
        await Expect(tab.Page.Locator(".composer")).ToHaveCountAsync(0);
        await tab.Link("Sign in to start a thread").ClickAsync();
        await tab.Field("Token").FillAsync(forum.Member().Token!);
        await tab.Button("Sign in").ClickAsync();

        await Expect(tab.Page).ToHaveURLAsync(new Uri(forum.Address, $"/boards/{board}").ToString());
        await Expect(tab.Page.Locator(".composer")).ToHaveCountAsync(1);
    }
}
