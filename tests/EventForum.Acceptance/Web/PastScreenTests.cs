using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Web;

public sealed class PastScreenTests(ForumHost forum)
{
    private readonly TestMember moderator = forum.Moderator();

    [Fact]
    public async Task a_page_of_a_thread_shows_it_as_it_was_and_says_so()
    {
        var thread = await forum.NewThread("I say tea.");
        (await thread.Starter.Edit(thread.FirstPostId, "I say cocoa.")).ShouldBe(200);
        (await moderator.Rename(thread.Id, "Another title", "Clearer.")).ShouldBe(200);

        var then = await Page($"/threads/{thread.Id}?version=1");

        then.ShouldContain("This is the thread as it was");
        then.ShouldContain("I say tea.");
        then.ShouldContain(thread.Title);
        then.ShouldNotContain("cocoa");
        then.ShouldNotContain("Another title");
        then.ShouldContain($"/threads/{thread.Id}/timeline?version=1");
        (await Page($"/threads/{thread.Id}")).ShouldContain("I say cocoa.");
    }

    [Fact]
    public async Task the_timeline_shows_the_page_on_which_something_changed_and_what()
    {
        var thread = await forum.NewThread("I say tea.");
        for (var i = 2; i <= 25; i++)
        {
            (await thread.Starter.Reply(thread.Id, $"Post number {i}.")).ShouldBe(201);
        }

        (await thread.Starter.Edit(thread.FirstPostId, "I say cocoa.", "tired of tea")).ShouldBe(200);

        var edit = await Page($"/threads/{thread.Id}/timeline?version=26");
        edit.ShouldContain($"{thread.Starter.Name} edited post 1: tired of tea");
        edit.ShouldContain("<del>");
        edit.ShouldContain("Post number 20.");
        edit.ShouldNotContain("Post number 21.");
        var reply = await Page($"/threads/{thread.Id}/timeline?version=25");
        reply.ShouldContain("Post number 25.");
        reply.ShouldNotContain("cocoa");
        (await Page($"/threads/{thread.Id}/timeline")).ShouldContain("event 26 of 26");
    }

    [Fact]
    public async Task what_was_removed_since_is_shown_at_no_moment()
    {
        var thread = await forum.NewThread();
        var post = (await thread.Starter.Reply(thread.Id, "The indiscretion.")).ShouldBe(201).PostId;
        (await thread.Starter.Edit(post, "The greater indiscretion.")).ShouldBe(200);
        (await forum.Member().Quote(post, "Really?")).ShouldBe(201);
        (await Page($"/threads/{thread.Id}/timeline?version=3")).ShouldContain("indiscretion");
        (await moderator.Remove(post, "Indiscreet.")).ShouldBe(200);

        for (var version = 1; version <= 5; version++)
        {
            (await Page($"/threads/{thread.Id}/timeline?version={version}")).ShouldNotContain("indiscretion");
            (await Page($"/threads/{thread.Id}?version={version}")).ShouldNotContain("indiscretion");
            (await Page($"/threads/{thread.Id}/compare?from={version - 1}&to={version}")).ShouldNotContain(
                "indiscretion"
            );
        }

        (await Page($"/threads/{thread.Id}/timeline?version=2")).ShouldContain("its words went with it");
        (await moderator.Get($"/threads/{thread.Id}/timeline?version=3"))
            .ShouldBe(200)
            .Text.ShouldContain("indiscretion");
    }

    [Fact]
    public async Task a_moment_may_be_named_by_a_time_or_a_day()
    {
        var thread = await forum.NewThread("The first.");
        (await thread.Starter.Reply(thread.Id, "The second.")).ShouldBe(201);
        (await thread.Starter.Reply(thread.Id, "The third.")).ShouldBe(201);
        await forum.Database.ExecuteAsync(
            "update forum.mt_events set timestamp = timestamptz '2006-02-21T16:21:00Z' + (version - 1) * interval '1 day' where stream_id = $1",
            thread.Id
        );
        var timeline = $"/threads/{thread.Id}/timeline";

        (await Page($"{timeline}?at=2006-02-22T16:20:59Z")).ShouldContain("event 1 of 3");
        (await Page($"{timeline}?at=2006-02-22T18:21:00+02:00")).ShouldContain("event 2 of 3");
        (await Page($"{timeline}?at=2006-02-23")).ShouldContain("event 2 of 3");
        (await Page($"{timeline}?at=2100-01-01")).ShouldContain("event 3 of 3");
        (await Page($"/threads/{thread.Id}?at=2006-02-22")).ShouldNotContain("The second.");
        // A day leads to the first event from then on.
        (await Page($"{timeline}?day=2006-02-22")).ShouldContain("event 2 of 3");
        (await Page($"{timeline}?day=2006-02-23")).ShouldContain("event 3 of 3");
        (await Page($"{timeline}?day=0001-01-01")).ShouldContain("event 1 of 3");
        (await Page($"{timeline}?day=2100-01-01")).ShouldContain("event 3 of 3");
    }

    [Theory]
    [InlineData("?version=99", 404, "version-not-found")]
    [InlineData("?version=0", 404, "version-not-found")]
    [InlineData("?at=1999-01-01", 404, "thread-not-started")]
    [InlineData("?at=yesterday", 400, "time-invalid")]
    [InlineData("?version=1&at=2100-01-01", 400, "moment-ambiguous")]
    public async Task a_moment_that_there_is_not_is_refused(string query, int status, string type)
    {
        var thread = await forum.NewThread();

        (await forum.Stranger().Get($"/threads/{thread.Id}/timeline{query}")).ShouldBeProblem(status, type);
        (await forum.Stranger().Get($"/threads/{thread.Id}{query}")).ShouldBeProblem(status, type);
    }

    [Fact]
    public async Task a_day_that_is_none_and_a_page_that_there_was_not_are_refused()
    {
        var thread = await forum.NewThread();
        var stranger = forum.Stranger();

        (await stranger.Get($"/threads/{thread.Id}/timeline?day=someday")).ShouldBeProblem(400, "time-invalid");
        (await stranger.Get($"/threads/{thread.Id}?version=1&page=2")).ShouldBeProblem(404, "page-not-found");
        (await stranger.Get($"/threads/{thread.Id}?version=1&page=0")).ShouldBeProblem(404, "page-not-found");
        (await stranger.Get($"/threads/{Guid.CreateVersion7()}?version=1")).ShouldBeProblem(404, "thread-not-found");
        (await stranger.Get($"/threads/{Guid.CreateVersion7()}/timeline")).ShouldBeProblem(404, "thread-not-found");
        (await stranger.Get($"/threads/{Guid.CreateVersion7()}/compare?from=1")).ShouldBeProblem(
            404,
            "thread-not-found"
        );
    }

    [Fact]
    public async Task a_post_that_was_edited_after_replies_says_after_how_many()
    {
        var thread = await forum.NewThread("I say tea.");
        var second = (await thread.Starter.Reply(thread.Id, "The second.")).ShouldBe(201).PostId;
        (await thread.Starter.Edit(second, "The second, at once.")).ShouldBe(200);
        (await thread.Starter.Reply(thread.Id, "The third.")).ShouldBe(201);
        (await thread.Starter.Edit(thread.FirstPostId, "I say cocoa.")).ShouldBe(200);
        (await thread.Starter.Reply(thread.Id, "The fourth.")).ShouldBe(201);

        var page = await Page($"/threads/{thread.Id}");

        page.ShouldContain("after 2 replies");
        page.Split("class=\"edited\"").Length.ShouldBe(3, "two posts were edited");
        page.Split(" after ").Length.ShouldBe(2, "one of them after replies");
        (await Page($"/threads/{thread.Id}?version=3")).ShouldNotContain(" replies");
    }

    [Fact]
    public async Task a_comparison_says_what_was_added_edited_and_renamed()
    {
        var thread = await forum.NewThread("The old words.");
        (await thread.Starter.Edit(thread.FirstPostId, "The new words.", "Clearer.")).ShouldBe(200);
        (await thread.Starter.Reply(thread.Id, "A reply.")).ShouldBe(201);
        (await moderator.Rename(thread.Id, "Another title", "So that it is found.")).ShouldBe(200);
        (await moderator.Lock(thread.Id, "Enough.")).ShouldBe(200);

        var page = await Page($"/threads/{thread.Id}/compare?from=1");

        page.ShouldContain(">old<");
        page.ShouldContain(">new<");
        page.ShouldContain("A reply.");
        page.ShouldContain("“So that it is found.”");
        page.ShouldContain("“Enough.”");
        (await Page($"/threads/{thread.Id}/compare?from=2&to=2")).ShouldContain("Nothing is different.");
        (await Page($"/threads/{thread.Id}/compare")).ShouldContain("Compare</button>");
    }

    [Fact]
    public async Task a_long_comparison_comes_in_pages()
    {
        var thread = await forum.NewThread();
        for (var i = 2; i <= 60; i++)
        {
            (await thread.Starter.Reply(thread.Id, $"Post number {i}.")).ShouldBe(201);
        }

        var first = await Page($"/threads/{thread.Id}/compare?from=1&to=");
        first.ShouldContain("Post number 51.");
        first.ShouldNotContain("Post number 52.");
        first.ShouldContain("&amp;after=51");
        var second = await Page($"/threads/{thread.Id}/compare?from=1&after=51");
        second.ShouldNotContain("Post number 51.");
        second.ShouldContain("Post number 60.");
        second.ShouldContain("First changes");
    }

    [Theory]
    [InlineData("?from=2&to=1", 422)]
    [InlineData("?from=99", 404)]
    [InlineData("?from=soon", 400)]
    public async Task moments_that_cannot_be_compared_bring_the_form_back(string query, int status)
    {
        var thread = await forum.NewThread();
        (await thread.Starter.Reply(thread.Id, "A reply.")).ShouldBe(201);

        var answer = (await forum.Stranger().Get($"/threads/{thread.Id}/compare{query}")).ShouldBe(status);

        answer.Text.ShouldContain("role=\"alert\"");
        answer.Text.ShouldContain("name=\"from\"");
    }

    private async Task<string> Page(string path) => (await forum.Stranger().Get(path)).ShouldBe(200).Text;
}
