using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Cases;

/// <summary>Which cases wait, and for whom.</summary>
public sealed class CaseQueueTests(ForumHost forum)
{
    private static readonly string[] Nobody = ["nobody"];

    [Fact]
    public async Task a_case_is_for_who_moderates_its_board_and_not_for_its_author()
    {
        var thread = await forum.NewThread();
        var (moderator, author, admin) = (forum.Moderator(), forum.Moderator(), forum.Admin());
        var post = (await author.Reply(thread.Id, "By a moderator.")).ShouldBe(201).PostId;
        (await forum.Member().Report(post, "insult", "Rude.")).ShouldBe(201);
        var known = await moderator.CaseOf(post);

        foreach (var somebody in (TestMember[])[author, forum.Member(), forum.Stranger()])
        {
            var answer = await somebody.Get($"/api/moderation/cases/{known}");
            answer.Status.ShouldBeOneOf(403, 404);
            answer.Text.ShouldNotContain("Rude.");
        }

        foreach (
            var send in (Func<TestMember, Task<Answer>>[])
                [
                    who => who.Take(known),
                    who => who.Note(known, "Mine."),
                    who => who.Dismiss(known),
                    who => who.Resolve(known, post),
                    who => who.DecideAppeal(known, "upheld"),
                ]
        )
        {
            await author.IsRefused(known, send, 404, "case-not-found");
            await forum.Member().IsRefused(known, send, 403, "moderators-only");
            await forum.Stranger().IsRefused(known, send, 401);
        }

        (await author.Get($"/api/moderation/cases?boardId={thread.BoardId}"))
            .ShouldBe(200)
            .Json.GetProperty("cases")
            .GetArrayLength()
            .ShouldBe(0);
        (await forum.Member().Get("/api/moderation/cases")).ShouldBeProblem(403, "moderators-only");
        (await moderator.Get("/api/moderation/cases?state=lost")).ShouldBeProblem(422, "case-state-unknown");
        (await moderator.Get("/api/moderation/cases?after=x")).ShouldBeProblem(400, "cursor-invalid");

        var nobody = new { roles = Nobody };
        (await admin.Permit(thread.BoardId, see: nobody, moderate: nobody)).ShouldBe(200);
        (await moderator.Get($"/api/moderation/cases/{known}")).ShouldBeProblem(404, "case-not-found");
        await moderator.IsRefused(known, who => who.Take(known), 404, "case-not-found");
        (await moderator.Get($"/api/moderation/cases?boardId={thread.BoardId}"))
            .Json.GetProperty("cases")
            .GetArrayLength()
            .ShouldBe(0);
        (await admin.Get($"/api/moderation/cases/{known}")).ShouldBe(200);
    }

    [Fact]
    public async Task the_queue_goes_from_the_oldest_to_the_newest_by_pages()
    {
        var thread = await forum.NewThread();
        var moderator = forum.Moderator();
        var posts = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            posts.Add((await thread.Starter.Reply(thread.Id, $"Post {i}.")).ShouldBe(201).PostId);
            (await moderator.Report(posts[i], "off-topic")).ShouldBe(201);
        }

        (await PagesAsync("open")).ShouldBe(posts);
        (await moderator.Take(await moderator.CaseOf(posts[3]))).ShouldBe(200);
        (await PagesAsync("mine")).ShouldBe([posts[3]]);
        foreach (var post in (Guid[])[posts[4], posts[1]])
        {
            (await moderator.Dismiss(await moderator.CaseOf(post))).ShouldBe(200);
        }

        (await PagesAsync("open")).ShouldBe([posts[0], posts[2], posts[3]]);
        (await PagesAsync("closed")).ShouldBe([posts[1], posts[4]]);

        async Task<IReadOnlyList<Guid>> PagesAsync(string state)
        {
            var found = new List<Guid>();
            for (var after = ""; ; )
            {
                var page = (
                    await moderator.Get($"/api/moderation/cases?state={state}&boardId={thread.BoardId}&limit=2{after}")
                )
                    .ShouldBe(200)
                    .Json;
                found.AddRange(
                    page.GetProperty("cases").EnumerateArray().Select(one => one.GetProperty("postId").GetGuid())
                );
                if (page.GetProperty("next").GetString() is not { } next)
                {
                    return found;
                }

                after = $"&after={next}";
            }
        }
    }

    [Fact]
    public async Task what_waits_and_what_somebody_reported_stand_in_indexes_of_their_own()
    {
        var indexes = await forum.Database.ColumnAsync<string>(
            "select indexdef from pg_indexes where tablename in ('mt_doc_case', 'mt_events')"
        );

        indexes.ShouldContain(index =>
            index.EndsWith("(opened_at) WHERE (closed_at IS NULL)", StringComparison.Ordinal)
        );
        indexes.ShouldContain(index =>
            index.Contains("(user_name, seq_id) WHERE", StringComparison.Ordinal)
            && index.Contains("post_reported", StringComparison.Ordinal)
        );
    }
}
