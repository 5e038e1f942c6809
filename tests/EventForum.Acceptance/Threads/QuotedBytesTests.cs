using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Threads;

/// <summary>How much of other posts a page, or a text that is written, is made from.</summary>
public sealed class QuotedBytesTests(ForumHost forum)
{
    private const string Bird = "\U0001F426";

    [Fact]
    public async Task quotes_come_out_of_a_bounded_number_of_bytes()
    {
        var source = await forum.NewThread();
        var member = forum.Member();
        var quotes = new List<string>();
        for (var i = 0; i < 11; i++)
        {
            var post = (await member.Reply(source.Id, string.Concat(Enumerable.Repeat(Bird, 100_000)))).ShouldBe(201);
            quotes.Add($"[quote=\"post:{post.PostId}\"]{Bird}[/quote]\n");
        }

        var thread = await forum.NewThread();
        await member.IsRefused(
            thread.Id,
            m => m.Reply(thread.Id, string.Concat(quotes) + "All."),
            422,
            "too-much-quoted"
        );
        (await member.Reply(thread.Id, string.Concat(quotes.Take(6)) + "Six.")).ShouldBe(201);
        var last = (await member.Reply(thread.Id, string.Concat(quotes.Skip(6)) + "Five.")).ShouldBe(201);

        var page = (await member.Get($"/api/threads/{thread.Id}")).ShouldBe(200).Json.GetProperty("posts");

        Texts(page[1]).ShouldAllBe(text => text == Bird);
        Texts(page[2]).ShouldBe([Bird, Bird, Bird, Bird, null]);
        page[2].GetProperty("quotes")[4].GetProperty("truncated").GetBoolean().ShouldBeTrue();
        page[2].GetProperty("html").GetString()!.ShouldContain("too long to be shown here");
        var alone = (await member.Get($"/api/posts/{last.PostId}")).ShouldBe(200).Json.GetProperty("post");
        Texts(alone).ShouldAllBe(text => text == Bird);
        alone.GetProperty("html").GetString()!.ShouldNotContain("too long to be shown here");
        (await member.Edit(last.PostId, page[2].GetProperty("body").GetString()!.Replace("Five.", "5."))).ShouldBe(200);
        (await member.Get($"/api/posts/{last.PostId}"))
            .ShouldBe(200)
            .Json.GetProperty("post")
            .GetProperty("quotes")
            .GetArrayLength()
            .ShouldBe(5);

        static IEnumerable<string?> Texts(System.Text.Json.JsonElement post) =>
            post.GetProperty("quotes").EnumerateArray().Select(quote => quote.GetProperty("text").GetString());
    }
}
