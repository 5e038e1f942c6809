using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Threads;

public sealed class QuotePostTests(ForumHost forum)
{
    [Fact]
    public async Task a_quote_without_an_excerpt_quotes_all_of_the_posts_own_words()
    {
        var thread = await forum.NewThread("To be, or not to be.");

        var answer = (await forum.Member().Quote(thread.FirstPostId, "To be.")).ShouldBe(201);

        answer.Number.ShouldBe(2);
        answer.Revision.ShouldBe(1);
        answer.Version.ShouldBe(2);
        answer.Position.ShouldBeGreaterThan(0);
        (await Quotes(thread.Id)).ShouldBe([$"To be.|{thread.FirstPostId}|1|0|20"]);
    }

    [Fact]
    public async Task an_excerpt_is_kept_as_a_reference_and_not_as_a_copy()
    {
        var thread = await forum.NewThread("To be, or not to be.");

        (await forum.Member().Quote(thread.FirstPostId, "Why not?", "or not")).ShouldBe(201);

        (await Quotes(thread.Id)).ShouldBe([$"Why not?|{thread.FirstPostId}|1|7|6"]);
    }

    [Theory]
    [InlineData("to sleep")]
    [InlineData("to be, or")]
    [InlineData("or\0not")]
    public async Task words_that_are_not_in_the_post_are_refused(string excerpt)
    {
        var thread = await forum.NewThread("To be, or not to be.");

        await forum.Member().IsRefused(thread.Id, m => m.Quote(thread.FirstPostId, "Hm.", excerpt), 422, "misquote");
    }

    [Fact]
    public async Task a_removed_post_is_not_quoted()
    {
        var thread = await forum.NewThread();
        (await thread.Starter.Remove(thread.FirstPostId)).ShouldBe(200);

        await forum.Member().IsRefused(thread.Id, m => m.Quote(thread.FirstPostId, "Hm."), 409, "post-removed");
    }

    [Fact]
    public async Task in_a_locked_thread_nobody_quotes()
    {
        var thread = await forum.NewThread();
        (await forum.Moderator().Lock(thread.Id)).ShouldBe(200);

        await forum.Member().IsRefused(thread.Id, m => m.Quote(thread.FirstPostId, "Hm."), 409, "thread-locked");
    }

    [Fact]
    public async Task a_quote_needs_words_of_ones_own()
    {
        var thread = await forum.NewThread();

        await forum.Member().IsRefused(thread.Id, m => m.Quote(thread.FirstPostId, " \n "), 422, "body-empty");
    }

    [Fact]
    public async Task a_post_that_is_not_there_is_not_quoted()
    {
        var thread = await forum.NewThread();

        await forum.Member().IsRefused(thread.Id, m => m.Quote(Guid.CreateVersion7(), "Hm."), 404, "post-not-found");
    }

    [Fact]
    public async Task a_retry_quotes_once()
    {
        var thread = await forum.NewThread();
        var member = forum.Member();
        var path = $"/api/posts/{thread.FirstPostId}/quotes";

        var first = await member.Send(HttpMethod.Post, path, new { body = "Once." }, key: "key");
        var again = await member.Send(HttpMethod.Post, path, new { body = "Once." }, key: "key");

        first.ShouldBe(201);
        again.ShouldBe(201).Text.ShouldBe(first.Text);
        (await forum.Database.CountEventsAsync(thread.Id)).ShouldBe(2);
    }

    [Fact]
    public async Task a_post_shows_a_bounded_number_of_characters_with_all_that_it_quotes()
    {
        var thread = await forum.NewThread(new string('x', 100_000));
        var member = forum.Member();
        var quote = $"[quote=\"post:{thread.FirstPostId}\"][/quote]\n";

        (await member.Reply(thread.Id, quote + new string('y', 100_000))).ShouldBe(201);
        (await member.Quote(thread.FirstPostId, quote + "Twice, and less than that.", "xxx")).ShouldBe(201);
        var edited = (await member.Reply(thread.Id, "Before.")).ShouldBe(201);

        await member.IsRefused(thread.Id, m => m.Reply(thread.Id, quote + quote + "Twice."), 422, "too-much-quoted");
        await member.IsRefused(thread.Id, m => m.Quote(thread.FirstPostId, quote + "Twice."), 422, "too-much-quoted");
        await member.IsRefused(thread.Id, m => m.Edit(edited.PostId, quote + quote + "2"), 422, "too-much-quoted");
    }

    [Fact]
    public async Task a_post_of_the_greatest_size_can_be_edited_as_it_is_shown()
    {
        var thread = await forum.NewThread(new string('x', 100_000));
        var member = forum.Member();
        var post = (await member.Quote(thread.FirstPostId, new string('y', 99_999))).ShouldBe(201);
        var shown = (await member.Get($"/api/posts/{post.PostId}")).ShouldBe(200).Json.GetProperty("post");

        (await member.Edit(post.PostId, shown.GetProperty("body").GetString() + "z")).ShouldBe(200);

        (await Quotes(thread.Id))[^1].ShouldBe($"{new string('y', 99_999)}z|{thread.FirstPostId}|1|0|100000");
    }

    private Task<IReadOnlyList<string>> Quotes(Guid threadId) =>
        forum.Database.ColumnAsync<string>(
            """
            select concat_ws('|', data ->> 'body', q ->> 'postId', q ->> 'revision', q ->> 'start', q ->> 'length')
              from forum.mt_events cross join jsonb_array_elements(data -> 'quotes') q
             where stream_id = $1 order by version
            """,
            threadId
        );
}
