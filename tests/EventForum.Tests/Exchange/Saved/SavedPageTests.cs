using EventForum.Exchange.Saved;

namespace EventForum.Tests.Exchange.Saved;

public sealed class SavedPageTests
{
    private const string Page = """
        <!DOCTYPE html><html><head><link rel="stylesheet" href="/forum.css?v=1"><script src="/forum.js"></script></head>
        <body><nav aria-label="Account"><a href="/sign-in">Sign in</a></nav>
        <div id="thread" data-thread="0189aaaa-0000-7000-8000-000000000001" data-pages="3" data-posts="41">
        <article class="post" data-id="0189aaaa-0000-7000-8000-000000000002" data-number="21">
        <time title="2 January 2026, 03:04 UTC">an hour ago</time> <a href="?page=3">Next</a> <a href="/me/standing">Yours</a> <a href="#p21">here</a> <a href="https://example.org/">out</a></article></div>
        <form><input></form><footer class="site"><p><a href="/docs">API</a></p></footer></body></html>
        """;

    [Fact]
    public void links_lead_to_files_or_are_none_and_what_needs_a_server_is_gone()
    {
        var saved = SavedPage.Rewrite(
            Page,
            "/threads/t?page=2",
            address => address == "/threads/t?page=3" ? "t_page-3.html" : null,
            _ => "../files/forum.css",
            "Saved <then>."
        );

        saved.ShouldContain("<a href=\"t_page-3.html\">Next</a>");
        saved.ShouldContain(">2 January 2026, 03:04 UTC</time>");
        saved.ShouldContain("<a>Yours</a>");
        saved.ShouldContain("<a href=\"#p21\">here</a>");
        saved.ShouldContain("<a href=\"https://example.org/\">out</a>");
        saved.ShouldContain("href=\"../files/forum.css\"");
        saved.ShouldContain("Saved &lt;then&gt;.");
        saved.ShouldContain("<head><meta http-equiv=\"Content-Security-Policy\" content=\"script-src 'none'");
        saved.ShouldNotContain("<script");
        saved.ShouldNotContain("<form");
        saved.ShouldNotContain("Sign in");
        saved.ShouldNotContain("/docs");
    }

    [Fact]
    public void a_page_says_what_it_leads_to_and_where_its_posts_stand()
    {
        SavedPage
            .LinksOf(Page, "/threads/t?page=2")
            .ShouldBe(["/sign-in", "/threads/t?page=3", "/me/standing", "", "https://example.org/", "/docs"]);
        SavedPage.FilesOf(Page).ShouldBe(["/forum.css?v=1"]);
        var (posts, thread) = SavedPage.PlacesOf(Page);
        posts.ShouldBe([(Guid.Parse("0189aaaa-0000-7000-8000-000000000002"), 21)]);
        thread.ShouldBe((Guid.Parse("0189aaaa-0000-7000-8000-000000000001"), 3, 41));
    }
}
