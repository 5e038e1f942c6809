using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Threads.Reading;

/// <summary>A post by itself: as it is, as it was, and what to quote of it.</summary>
public sealed class GetPostTests(ForumHost forum)
{
    [Fact]
    public async Task a_post_is_found_by_its_id_alone()
    {
        var thread = await forum.NewThread();
        var reply = await forum.Member().Reply(thread.Id, "Agreed.");

        var answer = (await forum.Stranger().Get($"/api/posts/{reply.PostId}")).ShouldBe(200);

        answer.ThreadId.ShouldBe(thread.Id);
        answer.Json.GetProperty("page").GetInt32().ShouldBe(1);
        answer.Json.GetProperty("post").GetProperty("number").GetInt32().ShouldBe(2);
        answer.Json.GetProperty("post").GetProperty("body").GetString().ShouldBe("Agreed.");
    }

    [Fact]
    public async Task every_revision_is_kept_and_differs_word_by_word()
    {
        var thread = await forum.NewThread("The quick fox.");
        (await thread.Starter.Edit(thread.FirstPostId, "The brown fox.", "Colour.")).ShouldBe(200);
        (await thread.Starter.Edit(thread.FirstPostId, "The red fox.")).ShouldBe(200);
        var path = $"/api/posts/{thread.FirstPostId}";

        var revisions = (await forum.Stranger().Get($"{path}/revisions")).ShouldBe(200).Json;
        var newest = (await forum.Stranger().Get($"{path}/diff")).ShouldBe(200).Json;
        var first = (await forum.Stranger().Get($"{path}/diff?from=1&to=2")).ShouldBe(200).Json;

        revisions
            .GetProperty("revisions")
            .EnumerateArray()
            .Select(r =>
                $"{r.GetProperty("revision")}|{r.GetProperty("version")}|{r.GetProperty("body")}|{r.GetProperty("reason")}"
            )
            .ShouldBe(["1|1|The quick fox.|", "2|2|The brown fox.|Colour.", "3|3|The red fox.|"]);
        Changes(newest).ShouldBe(["same The ", "removed brown", "added red", "same  fox."]);
        Changes(first).ShouldBe(["same The ", "removed quick", "added brown", "same  fox."]);

        static IEnumerable<string> Changes(System.Text.Json.JsonElement diff) =>
            diff.GetProperty("changes")
                .EnumerateArray()
                .Select(c => $"{c.GetProperty("kind")} {c.GetProperty("text")}");
    }

    [Fact]
    public async Task revisions_come_in_pages()
    {
        var thread = await forum.NewThread("Text 1.");
        for (var i = 2; i <= 55; i++)
        {
            (await thread.Starter.Edit(thread.FirstPostId, $"Text {i}.")).ShouldBe(200);
        }

        var path = $"/api/posts/{thread.FirstPostId}/revisions";

        (await Page("")).ShouldBe((55, "1-50", 50));
        (await Page("?after=50")).ShouldBe((55, "51-55", null));
        (await Page("?after=20&limit=2")).ShouldBe((55, "21-22", 22));
        (await Page("?after=-5&limit=0")).ShouldBe((55, "1-1", 1));
        (await Page("?after=55&limit=1000")).ShouldBe((55, "", null));
        (await Page("?after=2147483647")).ShouldBe((55, "", null));
        var history = $"/posts/{thread.FirstPostId}/history";
        var newest = (await forum.Stranger().Get(history)).ShouldBe(200).Text;
        newest.ShouldContain("Text 55.");
        newest.ShouldContain("Text 6.");
        newest.ShouldNotContain("Text 5.");
        newest.ShouldContain("?before=6");
        var older = (await forum.Stranger().Get($"{history}?before=6")).ShouldBe(200).Text;
        older.ShouldContain("Text 5.");
        older.ShouldContain("Text 1.");
        older.ShouldNotContain("Text 6.");
        older.ShouldContain("Newest revisions");

        async Task<(int Count, string Revisions, int? Next)> Page(string query)
        {
            var page = (await forum.Stranger().Get(path + query)).ShouldBe(200).Json;
            var shown = page.GetProperty("revisions")
                .EnumerateArray()
                .Select(revision => revision.GetProperty("revision").GetInt32())
                .ToList();
            shown.ShouldBe(Enumerable.Range(shown.FirstOrDefault(), shown.Count));
            var next = page.GetProperty("next");
            return (
                page.GetProperty("count").GetInt32(),
                shown.Count == 0 ? "" : $"{shown[0]}-{shown[^1]}",
                next.ValueKind == System.Text.Json.JsonValueKind.Null ? null : next.GetInt32()
            );
        }
    }

    [Theory]
    [InlineData("from=0")]
    [InlineData("to=3")]
    [InlineData("from=-5&to=1")]
    [InlineData("from=2147483647")]
    public async Task a_revision_that_is_not_there_is_404(string query)
    {
        var thread = await forum.NewThread();

        (await forum.Stranger().Get($"/api/posts/{thread.FirstPostId}/diff?{query}")).ShouldBeProblem(
            404,
            "revision-not-found"
        );
    }

    [Fact]
    public async Task a_quotable_block_quotes_when_it_is_sent_back()
    {
        var thread = await forum.NewThread("To be, or not to be.");
        var quotable = (await forum.Stranger().Get($"/api/posts/{thread.FirstPostId}/quotable")).ShouldBe(200);
        var block = quotable.Json.GetProperty("block").GetString();

        var reply = (await forum.Member().Reply(thread.Id, $"{block}\n\nWhy not?")).ShouldBe(201);

        var post = (await forum.Stranger().Get($"/api/posts/{reply.PostId}")).ShouldBe(200).Json.GetProperty("post");
        var quote = post.GetProperty("quotes").EnumerateArray().ShouldHaveSingleItem();
        quote.GetProperty("postId").GetGuid().ShouldBe(thread.FirstPostId);
        quote.GetProperty("state").GetString().ShouldBe("exact");
        quote.GetProperty("text").GetString().ShouldBe("To be, or not to be.");
    }

    [Fact]
    public async Task a_body_that_is_read_can_be_sent_back_as_it_is()
    {
        var thread = await forum.NewThread("To be, or not to be.");
        var member = forum.Member();
        var reply = (await member.Quote(thread.FirstPostId, "Why not?", "or not")).ShouldBe(201);
        var body = (await member.Get($"/api/posts/{reply.PostId}"))
            .ShouldBe(200)
            .Json.GetProperty("post")
            .GetProperty("body")
            .GetString()
            .ShouldNotBeNull();

        await member.IsRefused(thread.Id, m => m.Edit(reply.PostId, body), 409, "nothing-changed");
    }

    [Fact]
    public async Task a_quote_of_an_edited_post_says_so_and_keeps_its_words()
    {
        var thread = await forum.NewThread("To be, or not to be.");
        var reply = (await forum.Member().Quote(thread.FirstPostId, "Why?", "or not")).ShouldBe(201);
        (await thread.Starter.Edit(thread.FirstPostId, "Not to be.")).ShouldBe(200);

        var quote = (await forum.Stranger().Get($"/api/posts/{reply.PostId}"))
            .ShouldBe(200)
            .Json.GetProperty("post")
            .GetProperty("quotes")
            .EnumerateArray()
            .ShouldHaveSingleItem();

        quote.GetProperty("state").GetString().ShouldBe("edited-since");
        quote.GetProperty("text").GetString().ShouldBe("or not");
        quote.GetProperty("revision").GetInt32().ShouldBe(1);
    }
}
