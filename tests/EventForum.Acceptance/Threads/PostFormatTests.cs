using System.Text.Json;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Threads;

/// <summary>A post's format goes with its text wherever that is shown.</summary>
public sealed class PostFormatTests(ForumHost forum)
{
    private const string Mail = "Ann wrote:\n> *one*\n\n*two*";

    [Theory]
    [InlineData(null, "markdown", "<p><em>two</em> [b]x[/i]</p>\n")]
    [InlineData("markdown", "markdown", "<p><em>two</em> [b]x[/i]</p>\n")]
    [InlineData("bbcode", "bbcode", "<p>*two* [b]x[/i]</p>\n")]
    [InlineData("mail", "mail", "<p>*two* [b]x[/i]</p>\n")]
    [InlineData("text", "text", "<p class=\"verbatim\">*two* [b]x[/i]</p>\n")]
    public async Task a_post_is_shown_in_its_format(string? format, string stored, string html)
    {
        var thread = await forum.NewThread();
        var reply = (await thread.Starter.Reply(thread.Id, "*two* [b]x[/i]", format: format)).ShouldBe(201);

        var post = (await thread.Starter.Get($"/api/posts/{reply.PostId}")).ShouldBe(200).Json.GetProperty("post");
        post.GetProperty("format").GetString().ShouldBe(stored);
        post.GetProperty("html").GetString().ShouldBe(html);
        (
            await forum.Database.ColumnAsync<string>(
                "select coalesce(data ->> 'format', 'none') from forum.mt_events where stream_id = $1 and version = 2",
                thread.Id
            )
        ).ShouldBe([stored == "markdown" ? "none" : stored]);
    }

    [Fact]
    public async Task a_format_that_there_is_not_is_refused()
    {
        var thread = await forum.NewThread();

        foreach (
            var (method, path, body) in new (HttpMethod, string, object)[]
            {
                (HttpMethod.Post, $"/api/threads/{thread.Id}/replies", new { body = "x", format = "wiki" }),
                (HttpMethod.Post, $"/api/posts/{thread.FirstPostId}/quotes", new { body = "x", format = "wiki" }),
                (HttpMethod.Put, $"/api/posts/{thread.FirstPostId}", new { body = "x", format = "Mail" }),
            }
        )
        {
            await thread.Starter.IsRefused(thread.Id, member => member.Send(method, path, body), 422, "format-unknown");
        }
    }

    [Fact]
    public async Task an_edit_keeps_the_format_and_revisions_say_theirs()
    {
        var (thread, id) = await WithMail();

        (await thread.Starter.Edit(id, "*three*")).ShouldBe(200);
        (
            await thread.Starter.Send(HttpMethod.Put, $"/api/posts/{id}", new { body = "*three*", format = "text" })
        ).ShouldBe(200);

        var revisions = (await thread.Starter.Get($"/api/posts/{id}/revisions")).ShouldBe(200).Json;
        revisions
            .GetProperty("revisions")
            .EnumerateArray()
            .Select(revision => revision.GetProperty("format").GetString())
            .ShouldBe(["mail", "mail", "text"]);
        (await forum.Database.EventsOfAsync(thread.Id)).ShouldBe([
            "thread_started",
            "reply_posted",
            "post_edited",
            "post_edited",
        ]);
    }

    [Fact]
    public async Task a_quote_is_of_the_own_words_by_the_format_of_what_it_quotes()
    {
        var (thread, id) = await WithMail();

        var quotable = (await thread.Starter.Get($"/api/posts/{id}/quotable")).ShouldBe(200).Json;
        quotable.GetProperty("text").GetString().ShouldBe("*two*");
        quotable.GetProperty("format").GetString().ShouldBe("mail");
        await thread.Starter.IsRefused(thread.Id, member => member.Quote(id, "Hm.", "*one*"), 422, "misquote");

        var answer = (await thread.Starter.Quote(id, "*Hm.*")).ShouldBe(201);
        var post = (await thread.Starter.Get($"/api/posts/{answer.PostId}")).ShouldBe(200).Json.GetProperty("post");
        var html = post.GetProperty("html").GetString()!;
        html.ShouldContain("<p>*two*</p>");
        html.ShouldContain("<p><em>Hm.</em></p>");
        var quote = post.GetProperty("quotes")[0];
        (quote.GetProperty("text").GetString(), quote.GetProperty("format").GetString()).ShouldBe(("*two*", "mail"));

        // What is edited as it came holds the same quote.
        (await thread.Starter.Edit(answer.PostId, post.GetProperty("body").GetString() + " Yes.")).ShouldBe(200);
        (await thread.Starter.Get($"/api/posts/{answer.PostId}"))
            .Json.GetProperty("post")
            .GetProperty("quotes")
            .GetArrayLength()
            .ShouldBe(1);
    }

    [Fact]
    public async Task every_shape_of_a_thread_goes_by_the_format()
    {
        var (thread, id) = await WithMail();
        (await forum.Member().Reply(thread.Id, "More.")).ShouldBe(201);

        var text = (await thread.Starter.GetText($"/api/threads/{thread.Id}")).ShouldBe(200);
        text.Text.ShouldContain("    *one*\n\n*two*");
        var page = (await thread.Starter.Get($"/api/threads/{thread.Id}")).ShouldBe(200).Json;
        HtmlOf(page, id).ShouldContain("<p class=\"attribution\">Ann wrote:</p>\n<blockquote>\n<p>*one*</p>");
        foreach (var past in (string[])["version=2", "without=event:3"])
        {
            var then = (await thread.Starter.Get($"/api/threads/{thread.Id}?{past}")).ShouldBe(200).Json;
            HtmlOf(then, id).ShouldBe(HtmlOf(page, id));
        }
    }

    [Fact]
    public async Task posts_of_a_database_without_formats_are_markdown()
    {
        await using var database = await TestDatabase.CreateAsync();
        TestThread thread;
        await using (var earlier = await ForumHost.StartAsync(database, ("Sample", "false")))
        {
            thread = await earlier.NewThread("*One*");
        }

        await database.ExecuteAsync("alter table forum.posts drop column format cascade");
        await using var upgraded = await ForumHost.StartAsync(database, ("Sample", "false"));

        var post = (await upgraded.Stranger().Get($"/api/posts/{thread.FirstPostId}"))
            .ShouldBe(200)
            .Json.GetProperty("post");
        (post.GetProperty("format").GetString(), post.GetProperty("html").GetString()).ShouldBe(
            ("markdown", "<p><em>One</em></p>\n")
        );
        (await thread.Starter.At(upgraded).Reply(thread.Id, "*two*", format: "text")).ShouldBe(201);
        (
            await database.ColumnAsync<string>(
                "select format from history.posts where thread = $1 order by number",
                thread.Id
            )
        ).ShouldBe(["markdown", "text"]);
    }

    private static string HtmlOf(JsonElement page, Guid id) =>
        page.GetProperty("posts")
            .EnumerateArray()
            .Single(post => post.GetProperty("id").GetGuid() == id)
            .GetProperty("html")
            .GetString()!;

    private async Task<(TestThread Thread, Guid PostId)> WithMail()
    {
        var thread = await forum.NewThread();
        var reply = (await thread.Starter.Reply(thread.Id, Mail, format: "mail")).ShouldBe(201);
        return (thread, reply.PostId);
    }
}
