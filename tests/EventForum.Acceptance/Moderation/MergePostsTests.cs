using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Moderation;

public sealed class MergePostsTests(ForumHost forum)
{
    [Fact]
    public async Task an_authors_posts_become_one_with_all_words_and_quotes_and_come_apart_again()
    {
        var (moderator, author) = (forum.Moderator(), forum.Member());
        var thread = await forum.NewThread("To be quoted.");
        var first = (await author.Reply(thread.Id, "One.")).ShouldBe(201).PostId;
        var second = (await author.Quote(thread.FirstPostId, "Two.")).ShouldBe(201).PostId;
        var others = (await forum.Member().Reply(thread.Id, "Another's.")).ShouldBe(201).PostId;
        var request = new
        {
            kind = "merge-posts",
            reason = "One after the other.",
            posts = (Guid[])[first, second, others],
        };
        (await moderator.Preview(request)).ShouldBe(200).Json.GetProperty("leftAlone").GetInt32().ShouldBe(1);

        var merged = (await moderator.Batch(request)).ShouldBe(201);

        merged.Json.GetProperty("posts").GetInt32().ShouldBe(2);
        var body = await BodyAsync(first);
        body.ShouldStartWith("One.\n\n[quote=");
        body.ShouldContain("To be quoted.");
        body.ShouldEndWith("Two.");
        (await StateAsync(second)).ShouldBe("removed");
        (await StateAsync(others)).ShouldBe("visible");
        (await moderator.Undo(merged.Id("batchId"))).ShouldBe(201);
        (await BodyAsync(first)).ShouldBe("One.");
        (await StateAsync(second)).ShouldBe("visible");
        (await BodyAsync(second)).ShouldContain("To be quoted.");

        async Task<string> BodyAsync(Guid post) =>
            (await author.Get($"/api/posts/{post}"))
                .ShouldBe(200)
                .Json.GetProperty("post")
                .GetProperty("body")
                .GetString()!;

        async Task<string> StateAsync(Guid post) =>
            (await author.Get($"/api/posts/{post}"))
                .ShouldBe(200)
                .Json.GetProperty("post")
                .GetProperty("state")
                .GetString()!;
    }
}
