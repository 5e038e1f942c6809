using System.Text.Json;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.History;

/// <summary>What may be asked about one post afterwards.</summary>
public sealed class PostQuestionsTests(ForumHost forum)
{
    [Fact]
    public async Task a_post_knows_who_quoted_it_at_which_revision_and_where()
    {
        var thread = await forum.NewThread("First words.");
        var other = await forum.NewThread();
        var one = forum.Member();
        var two = forum.Member();
        var first = (await one.Quote(thread.FirstPostId, "One.")).ShouldBe(201);
        (await thread.Starter.Edit(thread.FirstPostId, "Second words.")).ShouldBe(200);
        var block = (await two.Get($"/api/posts/{thread.FirstPostId}/quotable")).Json.GetProperty("block").GetString();
        var second = (await two.Reply(other.Id, block + "\n\nTwo.")).ShouldBe(201);

        var quotes = await QuotedBy(thread.FirstPostId, second.Position);

        quotes.Select(q => q.GetProperty("post").GetProperty("id").GetGuid()).ShouldBe([first.PostId, second.PostId]);
        quotes.Select(q => q.GetProperty("threadId").GetGuid()).ShouldBe([thread.Id, other.Id]);
        quotes.Select(q => q.GetProperty("quotedRevision").GetInt32()).ShouldBe([1, 2]);
        quotes.Select(q => q.GetProperty("state").GetString()).ShouldBe(["edited-since", "exact"]);
        quotes[0].GetProperty("post").GetProperty("author").GetProperty("name").GetString().ShouldBe(one.Name);
        quotes.ShouldAllBe(q => q.GetProperty("takenOutAt").ValueKind == JsonValueKind.Null);

        // An edit that keeps the quote leaves it where it was; one that drops it ends it.
        var body = (await two.Get($"/api/posts/{second.PostId}"))
            .Json.GetProperty("post")
            .GetProperty("body")
            .GetString();
        var kept = (await two.Edit(second.PostId, body + " More.")).ShouldBe(200);
        (await QuotedBy(thread.FirstPostId, kept.Position)).Count.ShouldBe(2);
        var dropped = (await two.Edit(second.PostId, "Without.")).ShouldBe(200);
        var after = await QuotedBy(thread.FirstPostId, dropped.Position);
        after.Count.ShouldBe(2);
        after[1].GetProperty("takenOutAt").GetInt64().ShouldBe(dropped.Version);
        (await thread.Starter.Remove(thread.FirstPostId)).ShouldBe(200);
        (await QuotedBy(thread.FirstPostId, null)).ShouldAllBe(q => q.GetProperty("state").GetString() == "removed");
    }

    [Fact]
    public async Task quotes_of_a_post_come_in_pages()
    {
        var thread = await forum.NewThread("Words.");
        var member = forum.Member();
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 7).Select(i => member.Quote(thread.FirstPostId, $"Quote {i}."))
        );
        var seen = new List<long>();
        var cursor = $"?limit=3&min-position={answers.Max(a => a.Position)}";
        while (true)
        {
            var page = (await member.Get($"/api/posts/{thread.FirstPostId}/quoted-by{cursor}")).ShouldBe(200).Json;
            seen.AddRange(
                page.GetProperty("quotes").EnumerateArray().Select(q => q.GetProperty("position").GetInt64())
            );
            if (page.GetProperty("next").GetString() is not { } next)
            {
                break;
            }

            cursor = $"?limit=3&after={next}";
        }

        seen.ShouldBe(answers.Select(a => a.Position).Order());
        (await member.Get($"/api/posts/{thread.FirstPostId}/quoted-by?after=nonsense")).ShouldBeProblem(
            400,
            "cursor-invalid"
        );
    }

    [Fact]
    public async Task a_post_knows_which_of_its_revisions_was_answered()
    {
        var thread = await forum.NewThread("A question.");
        var member = forum.Member();
        for (var i = 0; i < 3; i++)
        {
            (await member.Reply(thread.Id, $"Answer {i}.")).ShouldBe(201);
        }

        (await thread.Starter.Edit(thread.FirstPostId, "Another question.", "Changed my mind.")).ShouldBe(200);
        (await member.Reply(thread.Id, "Answer to the other.")).ShouldBe(201);
        await ReplyLate(2);
        (await thread.Starter.Edit(thread.FirstPostId, "A third question.")).ShouldBe(200);
        await ReplyLate(6);

        var json = (await forum.Stranger().Get($"/api/posts/{thread.FirstPostId}/answers")).ShouldBe(200).Json;

        json.GetProperty("replies").GetInt32().ShouldBe(6);
        var revisions = json.GetProperty("revisions").EnumerateArray().ToList();
        Of("editedAfter").ShouldBe([0, 3, 5]);
        Of("answers").ShouldBe([4, 2, 0]);
        Of("late").ShouldBe([1, 1, 0]);
        revisions[1].GetProperty("reason").GetString().ShouldBe("Changed my mind.");
        revisions[1].GetProperty("by").GetProperty("name").GetString().ShouldBe(thread.Starter.Name);

        IEnumerable<int> Of(string member) => revisions.Select(r => r.GetProperty(member).GetInt32());

        async Task ReplyLate(long answersVersion) =>
            (
                await member.Send(
                    HttpMethod.Post,
                    $"/api/threads/{thread.Id}/replies",
                    new { body = "Late.", answersVersion }
                )
            ).ShouldBe(201);
    }

    [Fact]
    public async Task a_post_without_replies_has_none()
    {
        var thread = await forum.NewThread();

        var json = (await forum.Stranger().Get($"/api/posts/{thread.FirstPostId}/answers")).ShouldBe(200).Json;

        json.GetProperty("replies").GetInt32().ShouldBe(0);
        json.GetProperty("revisions")[0].GetProperty("answers").GetInt32().ShouldBe(0);
        (await forum.Stranger().Get($"/api/posts/{Guid.CreateVersion7()}/answers")).ShouldBeProblem(
            404,
            "post-not-found"
        );
        (await forum.Stranger().Get($"/api/posts/{Guid.CreateVersion7()}/quoted-by")).ShouldBeProblem(
            404,
            "post-not-found"
        );
    }

    private async Task<List<JsonElement>> QuotedBy(Guid postId, long? position) =>
        [
            .. (
                await forum
                    .Stranger()
                    .Get($"/api/posts/{postId}/quoted-by{(position is null ? "" : $"?min-position={position}")}")
            )
                .ShouldBe(200)
                .Json.GetProperty("quotes")
                .EnumerateArray(),
        ];
}
