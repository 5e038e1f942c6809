using System.Collections.Concurrent;
using System.Text.Json;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.RealInput;

/// <summary>
/// 931 strings that broke programs, each as a body, as a title and as a name: kept and shown as it is, or refused.
/// </summary>
public sealed class HostileStringTests(ForumHost forum)
{
    private const int AtATime = 4;

    [Fact]
    public async Task bodies_come_back_as_they_were_sent_and_run_nothing() =>
        await EachAsync(
            "bodies",
            async (hostile, thread, author) =>
            {
                using var content = hostile.In("""{"body":"@"}""");
                var path = $"/api/threads/{thread.Id}/replies";
                var sent = await hostile.AnswerTo("as a body", author.SendContent(HttpMethod.Post, path, content));
                if (sent.Status == 201)
                {
                    await ShouldBeKeptAsync(hostile, sent.PostId, author, hostile.Meaning.ShouldNotBeNull());
                }

                return sent;
            }
        );

    [Fact]
    public async Task names_in_quote_blocks_are_kept_as_they_were_sent() =>
        await EachAsync(
            "names in quote blocks",
            async (hostile, thread, author) =>
            {
                using var content = hostile.In("""{"body":"[quote=\"@\"]Who said it?[/quote]\n\nNot me."}""");
                var path = $"/api/threads/{thread.Id}/replies";
                var sent = await hostile.AnswerTo(
                    "in a quote block",
                    author.SendContent(HttpMethod.Post, path, content)
                );
                if (sent.Status == 201)
                {
                    var body = $"[quote=\"{hostile.Meaning}\"]Who said it?[/quote]\n\nNot me.";
                    await ShouldBeKeptAsync(hostile, sent.PostId, author, body);
                }

                return sent;
            }
        );

    [Fact]
    public async Task titles_come_back_as_they_were_sent() =>
        await EachAsync(
            "titles",
            async (hostile, thread, author) =>
            {
                using var content = hostile.In($$"""{"boardId":"{{thread.BoardId}}","body":"A body.","title":"@"}""");
                var sent = await hostile.AnswerTo(
                    "as a title",
                    author.SendContent(HttpMethod.Post, "/api/threads", content)
                );
                if (sent.Status == 201)
                {
                    await ShouldBeTitledAsync(hostile, sent.ThreadId);
                }

                return sent;
            }
        );

    [Fact]
    public async Task names_are_shown_as_they_were_sent() =>
        await EachAsync(
            "names",
            async (hostile, thread, answering) =>
            {
                var member = await hostile.AsMemberOf(forum);
                var sent = await hostile.AnswerTo("as a name", member.Reply(thread.Id, "Who am I?"));
                if (sent.Status == 201)
                {
                    await ShouldBeNamedAsync(hostile, sent.PostId, answering);
                }

                return sent;
            }
        );

    /// <summary>Shares the strings out over threads that are written to at the same time, and tries every one of them.</summary>
    private async Task EachAsync(string what, Func<HostileString, TestThread, TestMember, Task<Answer>> run)
    {
        var all = HostileString.All();
        var fates = new ConcurrentQueue<string>();
        var failures = new ConcurrentQueue<string>();
        // What runs for the first time is compiled first: no time to measure.
        await PagesShouldBeHarmlessAsync(await forum.NewThread());
        await Parallel.ForEachAsync(
            all.Chunk(40),
            new ParallelOptions { MaxDegreeOfParallelism = AtATime },
            async (strings, _) =>
            {
                var thread = await forum.NewThread();
                var member = forum.Member();
                foreach (var hostile in strings)
                {
                    await TryAsync($"{hostile}", async () => fates.Enqueue(Fate(await run(hostile, thread, member))));
                }

                await TryAsync(
                    $"the pages with {strings[0].Id} to {strings[^1].Id}",
                    () => PagesShouldBeHarmlessAsync(thread)
                );
            }
        );

        RealData.Report(
            $"hostile-strings.jsonl as {what}",
            $"{all.Count} sent: {PlayedArchive.Counts(fates)}; failures: {failures.Count}",
            $"the slowest answers of all: {HostileString.Slowest}"
        );
        failures.ShouldBeEmpty();
        fates.Count.ShouldBe(all.Count);

        async Task TryAsync(string tried, Func<Task> step)
        {
            try
            {
                await step();
            }
            catch (Exception e) when (e is ShouldAssertException or TimeoutException)
            {
                failures.Enqueue($"{tried}: {e.Message}");
            }
        }

        static string Fate(Answer answer) =>
            answer.Status == 431 ? "431 headers too large" : PlayedArchive.TypeOf(answer);
    }

    private static async Task ShouldBeKeptAsync(HostileString hostile, Guid postId, TestMember author, string said)
    {
        var read = await hostile.AnswerTo("read", author.Get($"/api/posts/{postId}"));
        var post = read.ShouldBe(200).Json.GetProperty("post");
        var body = post.GetProperty("body").GetString()!;
        HostileString.Normalised(body).ShouldBe(HostileString.Normalised(said), $"{hostile}");
        Harmless.ShouldBeHarmless(post.GetProperty("html").GetString()!, $"{hostile}");
        (await hostile.AnswerTo("sent back", author.Edit(postId, body))).ShouldBeProblem(409, "nothing-changed");
    }

    private async Task ShouldBeTitledAsync(HostileString hostile, Guid threadId)
    {
        var title = hostile.Meaning.ShouldNotBeNull($"{hostile} is no text").Trim();
        var reader = forum.Stranger();
        var page = (await hostile.AnswerTo("read", reader.Get($"/api/threads/{threadId}"))).ShouldBe(200);
        page.Json.GetProperty("title").GetString().ShouldBe(title);
        var html = (await reader.Get($"/threads/{threadId}")).ShouldBe(200);
        using var shown = Harmless.ShouldBeHarmlessPage(html.Text, $"{hostile}");
        shown.QuerySelector("h1")!.TextContent.ShouldBe(title);
    }

    private static async Task ShouldBeNamedAsync(HostileString hostile, Guid postId, TestMember answering)
    {
        var name = hostile.Meaning.ShouldNotBeNull($"{hostile} is no text").Trim();
        NameOf(await Post(postId)).ShouldBe(name);
        var quoting = (await hostile.AnswerTo("quoted", answering.Quote(postId, "You are."))).ShouldBe(201).PostId;
        var post = await Post(quoting);
        NameOf(post.GetProperty("quotes")[0]).ShouldBe(name);
        var html = post.GetProperty("html").GetString()!;
        Harmless.ShouldBeHarmless(html, $"{hostile}");
        (
            await hostile.AnswerTo("sent back", answering.Edit(quoting, post.GetProperty("body").GetString()!))
        ).ShouldBeProblem(409, "nothing-changed");

        async Task<JsonElement> Post(Guid id) =>
            (await hostile.AnswerTo("read", answering.Get($"/api/posts/{id}"))).ShouldBe(200).Json.GetProperty("post");

        static string NameOf(JsonElement written) =>
            written.GetProperty("author").GetProperty("name").GetString().ShouldNotBeNull();
    }

    private async Task PagesShouldBeHarmlessAsync(TestThread thread)
    {
        foreach (var page in await PlayedArchive.ReadPagesAsync(forum, thread.Id))
        {
            var number = page.GetProperty("page").GetInt32();
            var html = (await forum.Stranger().Get($"/threads/{thread.Id}?page={number}")).ShouldBe(200);
            using var shown = Harmless.ShouldBeHarmlessPage(html.Text, "page");
            shown
                .QuerySelectorAll("article.post .name")
                .Select(name => name.FirstChild!.TextContent.TrimEnd())
                .ShouldBe(
                    page.GetProperty("posts")
                        .EnumerateArray()
                        .Select(post => post.GetProperty("author").GetProperty("name").GetString()!)
                );
            (await forum.Stranger().GetText($"/api/threads/{thread.Id}?page={number}")).ShouldBe(200);
        }
    }
}
