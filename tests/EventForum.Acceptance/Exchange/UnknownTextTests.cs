using System.Text.Json;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Exchange;

/// <summary>Of a post that was changed where it was written, only the text after it may be known: everything says so.</summary>
public sealed class UnknownTextTests
{
    private const string Edited =
        """{"source":"s","thread":"t","thread_title":"A title","post":"1","author":"Ann","posted_at":"2012-06-01T10:00:00Z","body":"The **later** text of Ann.","edited_at":"2012-07-01T10:00:00Z","edited_by":"Eve","edit_count":2}""";

    private const string Quoting =
        """{"source":"s","thread":"t","thread_title":"A title","post":"2","parent":"1","author":"Ben","posted_at":"2012-06-02T10:00:00Z","body":"[quote=\"Ann\"]later** text[/quote]\n\nIndeed."}""";

    [Fact]
    public async Task the_text_before_an_edit_is_said_to_be_unknown_and_the_later_one_is_behind_a_click()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        await ForumProcess.CommandAsync(database, "import", files.WriteLines("posts.jsonl", Edited, Quoting));
        IReadOnlyList<string> projections;
        await using (var forum = await ForumHost.StartAsync(database, ("Sample", "false")))
        {
            var thread = await database.ScalarAsync<Guid>("select thread_id from forum.posts limit 1");
            var id = await database.ScalarAsync<Guid>("select post_id from forum.posts where number = 1 limit 1");
            var reader = forum.Stranger();

            var then = Post((await reader.Get($"/api/threads/{thread}?at=2012-06-15")).ShouldBe(200).Json, 0);
            (then.GetProperty("body").GetString(), then.GetProperty("html").GetString()).ShouldBe(("", ""));
            then.TryGetProperty("redacted", out _).ShouldBeFalse();
            var unknown = then.GetProperty("unknown");
            unknown.GetProperty("until").GetDateTimeOffset().ShouldBe(new(2012, 7, 1, 10, 0, 0, TimeSpan.Zero));
            unknown.GetProperty("revision").GetInt32().ShouldBe(2);
            unknown.GetProperty("body").GetString().ShouldBe("The **later** text of Ann.");
            Post((await reader.Get($"/api/threads/{thread}?version=1")).ShouldBe(200).Json, 0)
                .GetProperty("unknown")
                .ToString()
                .ShouldBe(unknown.ToString());

            var now = Post((await reader.Get($"/api/threads/{thread}")).ShouldBe(200).Json, 0);
            now.GetProperty("body").GetString().ShouldBe("The **later** text of Ann.");
            now.GetProperty("editReason").GetString().ShouldBe("(the last of 2 edits)");
            now.TryGetProperty("unknown", out _).ShouldBeFalse();

            // Who quoted it before that quotes what is known.
            foreach (var moment in (string[])["", "?version=2"])
            {
                var quote = Post((await reader.Get($"/api/threads/{thread}{moment}")).ShouldBe(200).Json, 1)
                    .GetProperty("quotes")[0];
                (quote.GetProperty("state").GetString(), quote.GetProperty("revision").GetInt32()).ShouldBe(
                    ("exact", 2)
                );
                quote.GetProperty("text").GetString().ShouldBe("later** text");
            }

            const string Sentence =
                "Changed on <time title=\"1 July 2012, 10:00 UTC\">1 July 2012</time>; the text before is <strong>not known</strong>.";
            var page = (await reader.GetText($"/threads/{thread}?version=1")).ShouldBe(200).Text;
            page.ShouldContain(Sentence);
            page.ShouldContain("<details><summary>Show the later text, which it was changed to</summary>");
            (await reader.GetText($"/threads/{thread}/timeline?version=1")).Text.ShouldContain(Sentence);
            (await reader.GetText($"/threads/{thread}/timeline?version=3")).Text.ShouldContain(
                "The text before is not known."
            );
            (await reader.GetText($"/api/threads/{thread}?version=1")).Text.ShouldContain(
                "(changed on 1 July 2012; the text before is not known)"
            );

            var revisions = (await reader.Get($"/api/posts/{id}/revisions"))
                .ShouldBe(200)
                .Json.GetProperty("revisions");
            revisions[0].GetProperty("unknownUntil").GetDateTimeOffset().Month.ShouldBe(7);
            revisions[1].TryGetProperty("unknownUntil", out _).ShouldBeFalse();
            (await reader.GetText($"/posts/{id}/history")).Text.ShouldContain(
                "Changed on 1 July 2012; the text before is <strong>not known</strong>."
            );
            var diff = (await reader.Get($"/api/posts/{id}/diff")).ShouldBe(200).Json;
            (diff.GetProperty("unknown").GetBoolean(), diff.GetProperty("changes").GetArrayLength()).ShouldBe(
                (true, 0)
            );
            (await reader.GetText($"/posts/{id}/diff")).Text.ShouldContain(
                "Changed on 1 July 2012; the text before is"
            );

            var compared = (await reader.Get($"/api/threads/{thread}/compare?from=1")).ShouldBe(200).Json;
            var change = compared
                .GetProperty("changes")
                .EnumerateArray()
                .Single(c => c.GetProperty("kind").GetString() == "edited");
            change.GetProperty("unknown").GetBoolean().ShouldBeTrue();
            change.GetProperty("words").ValueKind.ShouldBe(JsonValueKind.Null);
            change.GetProperty("body").GetString().ShouldBe("The later text of Ann.");
            (await reader.GetText($"/threads/{thread}/compare?from=1")).Text.ShouldContain(
                "The text before is <strong>not known</strong>."
            );
            (await reader.Get($"/api/threads/{thread}/events")).Text.ShouldContain(", in words that are not known");
            (
                await database.ColumnAsync<string>(
                    "select revision || ' ' || redacted || ' ' || unknown from history.posts where post = $1 order by revision",
                    id
                )
            ).ShouldBe(["1 false true", "2 false false"]);
            projections = await ReadModels.CatchUpAsync(forum);
        }

        await ReadModels.ShouldEqualTheirRebuildAsync(database, projections);
    }

    [Fact]
    public async Task an_export_keeps_that_it_is_not_known()
    {
        using var files = new DiscussionFile();
        await using var original = await TestDatabase.CreateAsync();
        await using var copy = await TestDatabase.CreateAsync();
        var export = files.PathOf("export.jsonl");
        await ForumProcess.CommandAsync(original, "import", files.WriteLines("posts.jsonl", Edited, Quoting));
        await ForumProcess.CommandAsync(original, "export", export);

        (await ForumProcess.CommandAsync(copy, "import", export)).ShouldContain("no defects");

        const string Rows = "select to_jsonb(p)::text from forum.posts p order by number, from_version";
        (await copy.ColumnAsync<string>(Rows)).ShouldBe(await original.ColumnAsync<string>(Rows));
        (await copy.ColumnAsync<string>("select masked from forum.posts where masked is not null")).ShouldBe([
            "unknown",
        ]);
    }

    [Fact]
    public async Task an_unknown_text_is_neither_gone_back_to_nor_redacted()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        await ForumProcess.CommandAsync(database, "import", files.WriteLines("posts.jsonl", Edited, Quoting));
        await using var forum = await ForumHost.StartAsync(database, ("Sample", "false"));
        var id = await database.ScalarAsync<Guid>("select post_id from forum.posts where number = 1 limit 1");

        foreach (var kind in (string[])["revert-post", "redact-revision"])
        {
            var answer = await forum
                .Admin()
                .Send(
                    HttpMethod.Post,
                    "/api/moderation/batches",
                    new
                    {
                        kind,
                        reason = "Rules.",
                        postId = id,
                        revision = 1,
                    }
                );
            answer.ShouldBeProblem(409, "nothing-to-do");
        }
    }

    private static JsonElement Post(JsonElement page, int place) => page.GetProperty("posts")[place];
}
