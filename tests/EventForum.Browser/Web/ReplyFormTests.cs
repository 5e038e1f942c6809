using EventForum.Acceptance.Harness;
using EventForum.Browser.Harness;

namespace EventForum.Browser.Web;

public sealed class ReplyFormTests(ForumHost forum, Chromium chromium)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_member_replies_and_sees_the_post(bool javaScript)
    {
        var thread = await forum.NewThread();
        var member = forum.Member();
        await using var tab = await chromium.VisitAsync(forum, member, javaScript);

        await tab.GoAsync($"/threads/{thread.Id}");
        await tab.Field("Your post").FillAsync("Coffee, *of course*.");
        await tab.Button("Post reply").ClickAsync();

        await Expect(tab.Page).ToHaveURLAsync(new Uri(forum.Address, $"/threads/{thread.Id}#p2").ToString());
        await Expect(tab.Prose(2)).ToHaveTextAsync("Coffee, of course.");
        await Expect(tab.Post(2)).ToContainTextAsync(member.Name);
        await Expect(tab.Field("Your post")).ToHaveValueAsync("");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_whole_post_is_quoted_below_what_was_typed(bool javaScript)
    {
        var thread = await forum.NewThread("First paragraph.\n\nSecond *paragraph*.");
        await using var tab = await chromium.VisitAsync(forum, forum.Member(), javaScript);

        await tab.GoAsync($"/threads/{thread.Id}");
        await tab.Field("Your post").FillAsync("Well:");
        await tab.Button("Quote post 1").ClickAsync();
        await Expect(tab.Field("Your post")).Not.ToHaveValueAsync("Well:");
        await tab.Field("Your post").PressAsync("Control+End");
        await tab.Page.Keyboard.TypeAsync("So it is.");
        await tab.Button("Post reply").ClickAsync();

        var quote = tab.Prose(2).Locator("blockquote.quote");
        await Expect(quote).ToHaveAttributeAsync("data-state", "exact");
        await Expect(quote).ToContainTextAsync($"{thread.Starter.Name} wrote in #1");
        await Expect(quote.Locator("p:not(.quote-source)")).ToHaveTextAsync(["First paragraph.", "Second paragraph."]);
        await Expect(tab.Prose(2).Locator(".prose > p")).ToHaveTextAsync(["Well:", "So it is."]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_reply_says_which_post_it_answers(bool javaScript)
    {
        var thread = await forum.NewThread();
        (await forum.Member().Reply(thread.Id, "Coffee.")).ShouldBe(201);
        await using var tab = await chromium.VisitAsync(forum, forum.Member(), javaScript);

        await tab.GoAsync($"/threads/{thread.Id}");
        await tab.Field("Your post").FillAsync("Why not tea?");
        await tab.Button("Reply to post 1").ClickAsync();
        await Expect(tab.Page.Locator("#reply .answers")).ToContainTextAsync($"Answers #1 by {thread.Starter.Name}");
        await tab.Button("Answer nobody in particular").ClickAsync();
        await Expect(tab.Page.Locator("#reply .answers")).ToHaveCountAsync(0);
        await tab.Button("Reply to post 2").ClickAsync();
        await tab.Button("Quote post 1").ClickAsync();
        if (javaScript)
        {
            await tab.ShouldBeAccessibleAsync("reply-answers");
        }

        await tab.Button("Post reply").ClickAsync();

        await Expect(tab.Post(3).Locator(".answers")).ToContainTextAsync("answers #2");
        await Expect(tab.Prose(3)).ToContainTextAsync("Why not tea?");
        await Expect(tab.Prose(3).Locator("blockquote")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task a_selection_is_quoted_alone()
    {
        var thread = await forum.NewThread(
            "First paragraph.\n\nThe *second* **paragraph**, it is.\n\nThird paragraph."
        );
        await using var tab = await chromium.VisitAsync(forum, forum.Member());

        await tab.GoAsync($"/threads/{thread.Id}");
        await tab.Prose(1).Locator("p").Nth(1).ClickAsync(new() { ClickCount = 3 });
        await tab.Button("Quote post 1").ClickAsync();
        await Expect(tab.Field("Your post")).ToBeFocusedAsync();
        await tab.Page.Keyboard.TypeAsync("Is it?");
        await tab.Button("Post reply").ClickAsync();

        var quote = tab.Prose(2).Locator("blockquote.quote");
        await Expect(quote).ToHaveAttributeAsync("data-state", "exact");
        await Expect(quote.Locator("p:not(.quote-source)")).ToHaveTextAsync(["The second paragraph, it is."]);
        await Expect(tab.Prose(2).Locator(".prose > p")).ToHaveTextAsync(["Is it?"]);
    }

    [Fact]
    public async Task a_refusal_brings_back_what_was_typed()
    {
        var thread = await forum.NewThread();
        var typed =
            $"[quote=\"{thread.Starter.Name}, post:1\"]\nI never said this.\n[/quote]\n\n<i>You</i> did & \"more\".";
        await using var tab = await chromium.VisitAsync(forum, forum.Member());

        await tab.GoAsync($"/threads/{thread.Id}");
        await tab.Field("Your post").FillAsync(typed);
        await tab.Button("Post reply").ClickAsync();

        await Expect(tab.Notice).ToBeVisibleAsync();
        await Expect(tab.Notice).ToBeInViewportAsync();
        await Expect(tab.Field("Your post")).ToHaveValueAsync(typed);
        await tab.Field("Your post").FillAsync("You did.");
        await tab.Button("Post reply").ClickAsync();
        await Expect(tab.Prose(2)).ToHaveTextAsync("You did.");
    }

    [Fact]
    public async Task a_reply_to_a_thread_that_was_locked_meanwhile_is_not_lost()
    {
        var thread = await forum.NewThread();
        await using var tab = await chromium.VisitAsync(forum, forum.Member());

        await tab.GoAsync($"/threads/{thread.Id}");
        await tab.Field("Your post").FillAsync("One more thing.");
        (await forum.Moderator().Lock(thread.Id, "It is settled.")).ShouldBe(200);
        await Expect(tab.Page.Locator("#thread-head")).ToContainTextAsync("It is settled.");
        await tab.Button("Post reply").ClickAsync();

        await Expect(tab.Notice).ToContainTextAsync("locked");
        await Expect(tab.Field("Your post")).ToHaveValueAsync("One more thing.");
    }

    [Fact]
    public async Task pressing_twice_posts_once()
    {
        var thread = await forum.NewThread();
        await using var tab = await chromium.VisitAsync(forum, forum.Member());

        await tab.GoAsync($"/threads/{thread.Id}");
        await tab.Field("Your post").FillAsync("Once.");
        await tab.Button("Post reply").EvaluateAsync("button => { button.click(); button.click(); }");

        await Expect(tab.Prose(2)).ToHaveTextAsync("Once.");
        (await forum.Database.RepliesAsync(thread.Id)).ShouldBe(["Once."]);
    }

    [Fact]
    public async Task pressing_again_when_no_answer_came_posts_once()
    {
        var thread = await forum.NewThread();
        await using var tab = await chromium.VisitAsync(forum, forum.Member());

        await tab.GoAsync($"/threads/{thread.Id}");
        await tab.Field("Your post").FillAsync("Once.");
        var sent = 0;
        var lost = new TaskCompletionSource();
        await tab.Page.RouteAsync("**/replies", AnswerTheSecond);
        await tab.Page.Keyboard.PressAsync("Control+Enter");
        await lost.Task.WaitAsync(Patience.Limit, TestContext.Current.CancellationToken);
        await tab.Page.Keyboard.PressAsync("Control+Enter");

        await Expect(tab.Prose(2)).ToHaveTextAsync("Once.");
        sent.ShouldBe(2);
        (await forum.Database.RepliesAsync(thread.Id)).ShouldBe(["Once."]);

        // The first one arrives, and its answer is lost on the way.
        async Task AnswerTheSecond(IRoute route)
        {
            if (++sent == 1)
            {
                await route.FetchAsync(new RouteFetchOptions { MaxRedirects = 0 });
                await route.FulfillAsync(new RouteFulfillOptions { Status = 204 });
                lost.SetResult();
            }
            else
            {
                await route.ContinueAsync();
            }
        }
    }

    [Fact]
    public async Task what_is_typed_outlives_a_look_at_another_page()
    {
        var thread = await forum.NewThread();
        await using var tab = await chromium.VisitAsync(forum, forum.Member());

        await tab.GoAsync($"/threads/{thread.Id}");
        await tab.Field("Your post").FillAsync("Half a thought");
        await tab.GoAsync("/");
        await tab.GoAsync($"/threads/{thread.Id}");
        await Expect(tab.Field("Your post")).ToHaveValueAsync("Half a thought");
        await tab.Button("Post reply").ClickAsync();
        await Expect(tab.Prose(2)).ToHaveTextAsync("Half a thought");
        await Expect(tab.Field("Your post")).ToHaveValueAsync("");
    }
}
