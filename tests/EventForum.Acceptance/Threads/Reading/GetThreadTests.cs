using System.Text.Json;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Threads.Reading;

public sealed class GetThreadTests(ForumHost forum)
{
    [Fact]
    public async Task a_page_shows_the_thread_and_its_posts_to_anyone()
    {
        var thread = await forum.NewThread("The *first* post.");
        var member = forum.Member();
        (await member.Reply(thread.Id, "Agreed.")).ShouldBe(201);

        var page = (await forum.Stranger().Get($"/api/threads/{thread.Id}")).ShouldBe(200);

        page.ContentType.ShouldBe("application/json");
        var json = page.Json;
        page.Id("id").ShouldBe(thread.Id);
        json.GetProperty("title").GetString().ShouldBe(thread.Title);
        json.GetProperty("board").GetProperty("id").GetGuid().ShouldBe(thread.BoardId);
        page.Version.ShouldBe(2);
        json.GetProperty("postCount").GetInt32().ShouldBe(2);
        json.GetProperty("page").GetInt32().ShouldBe(1);
        json.GetProperty("pageCount").GetInt32().ShouldBe(1);
        json.TryGetProperty("viewers", out _).ShouldBeTrue();
        var posts = json.GetProperty("posts").EnumerateArray().ToList();
        posts.Select(post => post.GetProperty("number").GetInt32()).ShouldBe([1, 2]);
        posts[0].GetProperty("id").GetGuid().ShouldBe(thread.FirstPostId);
        posts[0].GetProperty("author").GetProperty("name").GetString().ShouldBe(thread.Starter.Name);
        posts[0].GetProperty("author").GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        posts[0].GetProperty("body").GetString().ShouldBe("The *first* post.");
        posts[0].GetProperty("html").GetString().ShouldNotBeNull().ShouldContain("<em>first</em>");
        posts[0].GetProperty("revision").GetInt32().ShouldBe(1);
        posts[0].GetProperty("state").GetString().ShouldBe("visible");
        posts[0].GetProperty("editedAt").ValueKind.ShouldBe(JsonValueKind.Null);
        posts[1].GetProperty("author").GetProperty("name").GetString().ShouldBe(member.Name);
    }

    [Fact]
    public async Task a_writer_finds_its_own_words_at_once()
    {
        var thread = await forum.NewThread();
        var member = forum.Member();

        for (var i = 2; i < 45; i++)
        {
            var reply = (await member.Reply(thread.Id, $"Reply {i}.")).ShouldBe(201);
            var page = (await member.Get($"/api/threads/{thread.Id}?page={(i - 1) / 20 + 1}")).ShouldBe(200);
            var last = page.Json.GetProperty("posts").EnumerateArray().Last();
            last.GetProperty("id").GetGuid().ShouldBe(reply.PostId);
            last.GetProperty("number").GetInt32().ShouldBe(i);
        }
    }

    [Fact]
    public async Task a_post_that_quotes_more_than_it_may_show_is_shown_with_a_part_of_it()
    {
        var thread = await forum.NewThread(new string('x', 70_000));
        var member = forum.Member();
        var post = (await member.Quote(thread.FirstPostId, "Answer.")).ShouldBe(201);
        await forum.Database.ExecuteAsync(
            "update forum.posts set quotes = to_jsonb(array(select quotes -> 0 from generate_series(1, 100))) where post_id = $1",
            post.PostId
        );

        var page = (await member.Get($"/api/threads/{thread.Id}")).ShouldBe(200);
        var text = (await member.GetText($"/api/threads/{thread.Id}")).ShouldBe(200).Text;

        page.Text.Length.ShouldBeLessThan(1_000_000);
        var shown = page.Json.GetProperty("posts")[1];
        var quotes = shown.GetProperty("quotes").EnumerateArray().ToList();
        quotes.Count.ShouldBe(100);
        quotes.Take(2).ShouldAllBe(quote => quote.GetProperty("text").GetString()!.Length == 70_000);
        quotes.Skip(2).ShouldAllBe(quote => quote.GetProperty("truncated").GetBoolean());
        // Quotes of one revision that follow each other are one box, which says it once.
        shown.GetProperty("html").GetString().ShouldNotBeNull().Split("too long to be shown here").Length.ShouldBe(2);
        text.Split("(the quoted words are too long to be shown here)").Length.ShouldBe(2);
        var body = shown.GetProperty("body").GetString() + " And more.";
        (await member.Edit(post.PostId, body)).ShouldBe(200);
        var quoted = await forum.Database.ScalarAsync<int>(
            "select jsonb_array_length(quotes) from forum.posts where post_id = $1 and to_version is null",
            post.PostId
        );
        quoted.ShouldBe(100);
    }

    [Fact]
    public async Task twenty_posts_make_a_page()
    {
        var thread = await forum.NewThread();
        var member = forum.Member();
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => member.Reply(thread.Id, $"Reply {i}.")));

        for (var page = 1; page <= 3; page++)
        {
            var answer = (await member.Get($"/api/threads/{thread.Id}?page={page}")).ShouldBe(200);
            answer.Json.GetProperty("pageCount").GetInt32().ShouldBe(3);
            answer
                .Json.GetProperty("posts")
                .EnumerateArray()
                .Select(post => post.GetProperty("number").GetInt32())
                .ShouldBe(Enumerable.Range(1, 41).Skip(20 * (page - 1)).Take(20));
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("2")]
    [InlineData("1073741825")]
    [InlineData("2147483647")]
    public async Task a_page_that_is_not_there_is_404(string page)
    {
        var thread = await forum.NewThread();

        (await forum.Stranger().Get($"/api/threads/{thread.Id}?page={page}")).ShouldBeProblem(404, "page-not-found");
    }

    [Theory]
    [InlineData("page=one")]
    [InlineData("page=99999999999")]
    [InlineData("page=1.5")]
    [InlineData("min-position=here")]
    public async Task a_query_that_is_no_number_is_400(string query)
    {
        var thread = await forum.NewThread();

        (await forum.Stranger().Get($"/api/threads/{thread.Id}?{query}")).ShouldBeProblem(400);
    }

    [Theory]
    [InlineData("/api/threads/{0}")]
    [InlineData("/api/threads/{0}/live")]
    [InlineData("/api/posts/{0}")]
    [InlineData("/api/posts/{0}/quotable")]
    [InlineData("/api/posts/{0}/revisions")]
    [InlineData("/api/posts/{0}/diff")]
    [InlineData("/api/members/{0}")]
    [InlineData("/api/boards/{0}/threads")]
    public async Task what_is_not_there_is_404(string path)
    {
        foreach (var id in (string[])[Guid.CreateVersion7().ToString(), "nonsense"])
        {
            var answer = await forum.Stranger().Get(path.Replace("{0}", id, StringComparison.Ordinal));

            answer.ShouldBeProblem(404);
        }
    }

    [Fact]
    public async Task an_unchanged_page_is_304_and_a_changed_one_is_not()
    {
        var thread = await forum.NewThread();
        var reader = forum.Stranger();
        var path = $"/api/threads/{thread.Id}";
        var tag = (await reader.Get(path)).ShouldBe(200).Headers.ETag.ShouldNotBeNull();

        (await reader.GetUnless(path, tag)).ShouldBe(304).Text.ShouldBeEmpty();
        (await forum.Member().Reply(thread.Id, "News.")).ShouldBe(201);
        (await reader.GetUnless(path, tag)).ShouldBe(200).Headers.ETag.ShouldNotBe(tag);
    }

    [Fact]
    public async Task a_removed_post_keeps_its_place_and_hides_its_words_from_all_but_moderators()
    {
        var thread = await forum.NewThread("A secret.");
        (await forum.Moderator().Remove(thread.FirstPostId, "Indiscreet.")).ShouldBe(200);

        foreach (var reader in (TestMember[])[forum.Stranger(), forum.Member(), thread.Starter])
        {
            var page = (await reader.Get($"/api/threads/{thread.Id}")).ShouldBe(200);
            page.Text.ShouldNotContain("A secret.");
            var post = page.Json.GetProperty("posts")[0];
            post.GetProperty("state").GetString().ShouldBe("removed");
            post.GetProperty("number").GetInt32().ShouldBe(1);
            (await reader.Get($"/api/posts/{thread.FirstPostId}")).ShouldBe(200).Text.ShouldNotContain("A secret.");
            (await reader.Get($"/api/posts/{thread.FirstPostId}/quotable")).ShouldBeProblem(409);
            (await reader.Get($"/api/posts/{thread.FirstPostId}/revisions"))
                .ShouldBeProblem(409)
                .Text.ShouldNotContain("A secret.");
            (await reader.Get($"/api/posts/{thread.FirstPostId}/diff?from=1&to=1"))
                .ShouldBeProblem(409)
                .Text.ShouldNotContain("A secret.");
        }

        (await forum.Moderator().Get($"/api/threads/{thread.Id}")).ShouldBe(200).Text.ShouldContain("A secret.");
    }

    [Fact]
    public async Task removing_a_post_reaches_what_quotes_it_even_in_pages_read_before()
    {
        var thread = await forum.NewThread("A secret.");
        (await forum.Member().Quote(thread.FirstPostId, "Really?")).ShouldBe(201);
        (await forum.Stranger().Get($"/api/threads/{thread.Id}")).ShouldBe(200).Text.ShouldContain("A secret.");

        (await thread.Starter.Remove(thread.FirstPostId)).ShouldBe(200);

        (await forum.Stranger().Get($"/api/threads/{thread.Id}")).ShouldBe(200).Text.ShouldNotContain("A secret.");
    }

    [Fact]
    public async Task a_page_can_be_read_as_plain_text()
    {
        var thread = await forum.NewThread("The *first* post.");

        var page = (await forum.Stranger().GetText($"/api/threads/{thread.Id}")).ShouldBe(200);

        page.ContentType.ShouldBe("text/plain");
        page.Text.ShouldStartWith(thread.Title);
        page.Text.ShouldContain(thread.Starter.Name);
        page.Text.ShouldContain("first");
    }

    [Fact]
    public async Task script_in_a_post_does_not_reach_its_html()
    {
        var thread = await forum.NewThread(
            "<script>alert(1)</script><img src=x onerror=alert(1)> [click](javascript:alert(1)) text"
        );

        var html = (await forum.Stranger().Get($"/api/threads/{thread.Id}"))
            .ShouldBe(200)
            .Json.GetProperty("posts")[0]
            .GetProperty("html")
            .GetString()
            .ShouldNotBeNull();

        html.ShouldNotContain("<script");
        html.ShouldNotContain("onerror=alert(1)>");
        html.ShouldNotContain("href=\"javascript:");
    }

    [Fact]
    public async Task reads_that_race_with_writes_see_whole_versions()
    {
        var thread = await forum.NewThread("Revision 1");
        var writing = EditOftenAsync();
        var last = 0L;

        while (!writing.IsCompleted)
        {
            var page = (await forum.Stranger().Get($"/api/threads/{thread.Id}")).ShouldBe(200);
            var post = page.Json.GetProperty("posts")[0];
            post.GetProperty("revision").GetInt64().ShouldBe(page.Version);
            post.GetProperty("body").GetString().ShouldBe($"Revision {page.Version}");
            page.Version.ShouldBeGreaterThanOrEqualTo(last);
            last = page.Version;
        }

        await writing;

        async Task EditOftenAsync()
        {
            for (var i = 2; i <= 60; i++)
            {
                (await thread.Starter.Edit(thread.FirstPostId, $"Revision {i}")).ShouldBe(200);
            }
        }
    }
}
