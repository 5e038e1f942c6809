using EventForum.Acceptance.Harness;
using EventForum.Acceptance.RealInput;

namespace EventForum.Acceptance.Threads.Reading;

/// <summary>A page as of a version, or of a time, is the page that was live then.</summary>
public sealed class PastTests(ForumHost forum)
{
    private const string Revisions = "revisions.jsonl";
    private const string Discussions = "stackexchange-threads.jsonl";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task any_history_reads_as_it_was_at_every_version_and_time(int seed)
    {
        var history = await GeneratedHistory.BeginAsync(forum, seed);
        var recording = new Recording(forum, [.. history.Threads]);

        for (var i = 0; i < 56; i++)
        {
            var (answer, changed) = await history.NextAsync(i);
            await recording.LookAsync(answer.Position, changed);
        }

        history.ShouldHaveDoneEverything();
        await recording.ShouldBeReadAgainAsync();
        recording.Compared.ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task a_real_discussion_reads_as_it_was_at_every_version_and_time()
    {
        const string Discussion = "french.meta-t336";
        RealData.Require(Revisions);
        RealData.Require(Discussions);
        var revisions = RealData
            .Read<ArchivedRevision>(Revisions)
            .Where(revision => revision.Thread == Discussion)
            .ToLookup(revision => revision.Post, StringComparer.Ordinal);
        var posts = RealData.Read<DiscussionPost>(Discussions).Where(post => post.Thread == Discussion).ToList();
        var told = posts
            .Select(post => new Step(post.Post, post.Author, post.PostedAt, FirstText(post), 1))
            .Concat(
                posts.SelectMany(post =>
                    revisions[post.Post]
                        .Where(revision => revision.Revision > 1)
                        .Select(revision => new Step(
                            post.Post,
                            revision.Author,
                            revision.At,
                            revision.Text,
                            revision.Revision
                        ))
                )
            )
            .OrderBy(step => step.At)
            .ThenBy(step => step.Edit)
            .ToList();
        var people = told.Select(step => step.Author)
            .Distinct(StringComparer.Ordinal)
            .ToDictionary(name => name, _ => forum.Moderator(), StringComparer.Ordinal);
        var ids = new Dictionary<string, Guid>(StringComparer.Ordinal);
        var first = told[0];
        var started = (
            await people[first.Author].StartThread(await forum.NewBoard(), posts[0].ThreadTitle, first.Text)
        ).ShouldBe(201);
        ids[first.Post] = started.PostId;
        var thread = started.ThreadId;
        var recording = new Recording(forum, thread);
        await recording.LookAsync(started.Position, thread);
        foreach (var step in told.Skip(1))
        {
            var author = people[step.Author];
            var answer =
                step.Edit == 1
                    ? await author.Reply(thread, step.Text)
                    : await author.Edit(ids[step.Post], step.Text, $"Revision {step.Edit}.");
            if (step.Edit == 1)
            {
                ids[step.Post] = answer.ShouldBe(201).PostId;
            }

            if (answer.Status < 400)
            {
                await recording.LookAsync(answer.Position, thread);
            }
            else
            {
                answer.ShouldBeProblem(409, "nothing-changed");
            }
        }

        await recording.ShouldBeReadAgainAsync();
        recording.Compared.ShouldBeGreaterThan(posts.Count);

        string FirstText(DiscussionPost post) =>
            revisions[post.Post].FirstOrDefault(revision => revision.Revision == 1)?.Text ?? post.Body;
    }

    /// <param name="Edit">The revision that it makes.</param>
    private sealed record Step(string Post, string Author, DateTimeOffset At, string Text, int Edit);

    [Fact]
    public async Task behind_a_long_run_of_edits_a_page_still_ends_with_the_last_post_then()
    {
        const int Edits = 30;
        var thread = await forum.NewThread();
        for (var i = 2; i <= 4; i++)
        {
            (await thread.Starter.Reply(thread.Id, $"Post {i}.")).ShouldBe(201);
        }

        for (var i = 1; i <= Edits; i++)
        {
            (await thread.Starter.Edit(thread.FirstPostId, $"Edit {i}.")).ShouldBe(200);
        }

        for (var i = 5; i <= 8; i++)
        {
            (await thread.Starter.Reply(thread.Id, $"Post {i}.")).ShouldBe(201);
        }

        for (var version = 1; version <= 8 + Edits; version++)
        {
            var page = (await forum.Stranger().Get($"/api/threads/{thread.Id}?version={version}")).ShouldBe(200).Json;

            var posts = Math.Max(Math.Min(version, 4), version - Edits);
            page.GetProperty("postCount").GetInt32().ShouldBe(posts, $"version {version}");
            page.GetProperty("posts").GetArrayLength().ShouldBe(posts, $"version {version}");
        }
    }

    [Fact]
    public async Task an_answer_about_the_past_is_asked_for_again_because_a_removal_reaches_it()
    {
        var thread = await forum.NewThread();
        var secret = (await thread.Starter.Reply(thread.Id, "A secret.")).ShouldBe(201).PostId;
        var path = $"/api/threads/{thread.Id}?version=2";
        var seen = (await forum.Stranger().Get(path)).ShouldBe(200);
        var tag = seen.Headers.ETag.ShouldNotBeNull();

        seen.Headers.CacheControl!.ToString().ShouldBe("no-cache, private");
        (await forum.Stranger().GetUnless(seen.Json.GetProperty("permalink").GetString()!, tag)).ShouldBe(304);
        (await forum.Moderator().Remove(secret, "Indiscreet.")).ShouldBe(200);
        var again = (await forum.Stranger().GetUnless(path, tag)).ShouldBe(200);

        again.Text.ShouldNotContain("A secret.");
    }

    [Theory]
    [InlineData("/api/threads/{0}")]
    [InlineData("/api/boards/{1}/threads")]
    [InlineData("/api/boards")]
    [InlineData("/threads/{0}")]
    [InlineData("/boards/{1}")]
    [InlineData("/")]
    public async Task every_answer_takes_the_same_times(string path)
    {
        var thread = await forum.NewThread();
        var address = string.Format(null, path, thread.Id, thread.BoardId);

        (await thread.Starter.Get($"{address}?at=2100-01-01")).ShouldBe(200);
        (await thread.Starter.Get($"{address}?at=2100-01-01T12:00:00+02:00")).ShouldBe(200);
        (await thread.Starter.Get($"{address}?at=yesterday")).ShouldBeProblem(400, "time-invalid");
    }

    [Fact]
    public async Task the_permalink_of_a_time_leads_to_that_time_whatever_happened_elsewhere()
    {
        var source = await forum.NewThread("Words to quote.");
        var thread = await forum.NewThread();
        var quote = $"[quote=\"post:{source.FirstPostId}\"]Words to quote.[/quote]\n\nIndeed.";
        (await thread.Starter.Reply(thread.Id, quote)).ShouldBe(201);
        var edit = (await source.Starter.Edit(source.FirstPostId, "Other words.")).ShouldBe(200);
        var path = $"/api/threads/{thread.Id}?min-position={edit.Position}";

        var atVersion = (await forum.Stranger().Get($"{path}&version=2")).ShouldBe(200);
        var atTime = (await forum.Stranger().Get($"{path}&at={ForumServer.Rfc3339(ForumServer.Clock())}")).ShouldBe(
            200
        );

        State(atVersion).ShouldBe("exact");
        State(atTime).ShouldBe("edited-since");
        foreach (var answer in (Answer[])[atVersion, atTime])
        {
            var permalink = answer.Json.GetProperty("permalink").GetString()!;
            (await forum.Stranger().Get(permalink)).ShouldBe(200).Text.ShouldBe(answer.Text, permalink);
        }

        static string? State(Answer page) =>
            page.Json.GetProperty("posts")[1].GetProperty("quotes")[0].GetProperty("state").GetString();
    }

    [Fact]
    public async Task a_version_of_no_thread_and_no_version_of_a_thread_are_told_apart()
    {
        var thread = await forum.NewThread();

        (await thread.Starter.Get($"/api/threads/{thread.Id}?version=2")).ShouldBeProblem(404, "version-not-found");
        (await thread.Starter.Get($"/api/threads/{Guid.CreateVersion7()}?version=1")).ShouldBeProblem(
            404,
            "thread-not-found"
        );
    }

    private sealed record ArchivedRevision(
        string Thread,
        string Post,
        int Revision,
        string Author,
        DateTimeOffset At,
        string Text
    );

    private sealed record DiscussionPost(
        string Thread,
        string ThreadTitle,
        string Post,
        string Author,
        DateTimeOffset PostedAt,
        string Body
    );
}
