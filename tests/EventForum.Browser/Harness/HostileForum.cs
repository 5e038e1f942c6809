using System.Text.Json;
using System.Text.RegularExpressions;
using EventForum.Acceptance.Harness;
using EventForum.Acceptance.RealInput;
using EventForum.Threads.Quoting;
using EventForum.Threads.Reading;

namespace EventForum.Browser.Harness;

/// <summary>A page, and what it must show.</summary>
/// <param name="Shown">The exact texts, or values of fields, of the elements that a selector finds.</param>
/// <param name="Plain">Posts whose text no Markdown changes.</param>
internal sealed record HostilePage(
    string Path,
    IReadOnlyList<(string Selector, IReadOnlyList<string> Texts)> Shown,
    IReadOnlyList<(Guid PostId, string Text)>? Plain = null
);

/// <summary>Writes hostile texts wherever a member or an admin can, and knows the pages that must show them.</summary>
internal sealed partial class HostileForum(ForumHost forum)
{
    private const int PostsPerThread = 120;

    // A longer name is no member's, and a token of any length no request's.
    private const int LongestName = 100;

    private static readonly ParallelOptions SeveralAtOnce = new() { MaxDegreeOfParallelism = 6 };

    private readonly TestMember admin = forum.Admin();
    private readonly TestMember author = forum.Member();
    private readonly Lock gate = new();
    private readonly List<HostilePage> pages = [];
    private int bodies;
    private int titles;
    private int names;
    private int boards;

    /// <summary>How much of what was sent the forum took.</summary>
    public string Accepted => $"{bodies} bodies, {titles} titles, {names} names, {boards} boards";

    /// <summary>Sends each text as a body, as a title, as a name, and as a reason; gives the pages to look at.</summary>
    public async Task<IReadOnlyList<HostilePage>> WriteAsync(IReadOnlyList<HostileString> strings)
    {
        var texts = strings.Select(hostile => hostile.Text!).ToList();
        var board = (await admin.CreateBoard("Hostile texts")).ShouldBe(201).Id("boardId");
        await Task.WhenAll(WriteTitlesAsync(board, texts), WriteThreadsAsync(board, strings));
        var last = await WriteBoardsAsync(texts);
        await forum.UntilListed(last);
        await FindBoardPagesAsync(board);
        return pages;
    }

    private async Task WriteTitlesAsync(Guid board, IReadOnlyList<string> texts)
    {
        await Parallel.ForEachAsync(
            texts,
            SeveralAtOnce,
            async (text, _) => Count(text, await author.StartThread(board, text, "A body."), ref titles)
        );
    }

    private async Task<Answer> WriteBoardsAsync(IReadOnlyList<string> texts)
    {
        await Parallel.ForEachAsync(
            texts.Where(text => text.Length <= LongestName),
            SeveralAtOnce,
            async (text, _) => Count(text, await admin.CreateBoard(text, $"About {text}"), ref boards)
        );
        return (await admin.CreateBoard("The last board")).ShouldBe(201);
    }

    private Task WriteThreadsAsync(Guid board, IReadOnlyList<HostileString> strings) =>
        Parallel.ForEachAsync(
            strings.Chunk(PostsPerThread),
            SeveralAtOnce,
            async (part, _) =>
            {
                var texts = part.Select(hostile => hostile.Text!).ToList();
                var title = texts.First(text => text.Length is > 20 and < 200 && !text.Any(char.IsControl));
                var thread = (await author.StartThread(board, title, "The first post.")).ShouldBe(201);
                await WritePostsAsync(thread.ThreadId, part);
                await WriteRevisionsAsync(thread.PostId, texts);
                await FindThreadPagesAsync(thread.ThreadId, title);
            }
        );

    private async Task WritePostsAsync(Guid thread, IReadOnlyList<HostileString> strings)
    {
        foreach (var hostile in strings)
        {
            var text = hostile.Text!;
            var named = text.Trim().Length is > 0 and <= LongestName
                ? await (await hostile.AsMemberOf(forum)).Reply(thread, text)
                : null;
            if (named is not null && Count(text, named, ref names))
            {
                Count(text, named, ref bodies);
            }
            else
            {
                Count(text, await author.Reply(thread, text), ref bodies);
            }
        }
    }

    /// <summary>A post that becomes one text after the other: its history holds them all.</summary>
    private async Task WriteRevisionsAsync(Guid post, IReadOnlyList<string> texts)
    {
        List<string> sent = ["The first post."];
        List<string> reasons = [];
        foreach (var text in texts)
        {
            var answer = await author.Edit(post, text, text);
            var reason = text.Trim();
            if (answer.Status == 422)
            {
                reason = "It is too long, or not one line.";
                answer = await author.Edit(post, text, reason);
            }

            if (answer.Status == 200)
            {
                sent.Add(PostBody.Normalise(text));
                reasons.Add($"“{reason}”");
            }
        }

        sent.Reverse();
        reasons.Reverse();
        for (var newest = sent.Count; newest > 0; newest -= PostRevisions.PageSize)
        {
            var shown = sent.Skip(sent.Count - newest).Take(PostRevisions.PageSize).ToList();
            var why = reasons.Skip(sent.Count - newest).Take(PostRevisions.PageSize).ToList();
            Add(
                new HostilePage(
                    $"/posts/{post}/history?before={newest + 1}",
                    [("pre.source", shown), (".row-main > p:not(.meta)", why)]
                )
            );
        }

        Add(
            new HostilePage($"/posts/{post}/edit", [("#body", [sent[0]])]),
            new HostilePage($"/posts/{post}/diff?from=1&to={sent.Count}", [])
        );
        for (var revision = 40; revision <= sent.Count; revision += 40)
        {
            Add(new HostilePage($"/posts/{post}/diff?from={revision - 1}&to={revision}", []));
        }
    }

    private async Task FindThreadPagesAsync(Guid thread, string title)
    {
        JsonElement page;
        var number = 0;
        do
        {
            page = (await author.Get($"/api/threads/{thread}?page={++number}")).ShouldBe(200).Json;
            var posts = page.GetProperty("posts").EnumerateArray().ToList();
            Add(
                new HostilePage(
                    $"/threads/{thread}?page={number}",
                    [("h1", [title.Trim()]), (".post .name", [.. posts.Select(NameOf)])],
                    [
                        .. posts
                            .Select(post => (post.GetProperty("id").GetGuid(), post.GetProperty("body").GetString()!))
                            .Where(post => !MarksUp().IsMatch(post.Item2)),
                    ]
                )
            );
        } while (number < page.GetProperty("pageCount").GetInt32());

        static string NameOf(JsonElement post) =>
            $"{post.GetProperty("author").GetProperty("name").GetString()} , post {post.GetProperty("number")}";
    }

    private async Task FindBoardPagesAsync(Guid board)
    {
        var listed = (await author.Get("/api/boards")).ShouldBe(200).Json.EnumerateArray();
        Add(new HostilePage("/", [(".row h2 a", [.. listed.Select(one => one.GetProperty("name").GetString()!)])]));
        string? after = null;
        do
        {
            var cursor = after is null ? "" : $"after={after}";
            var page = (await author.Get($"/api/boards/{board}/threads?limit=30&{cursor}")).ShouldBe(200).Json;
            var threads = page.GetProperty("threads").EnumerateArray();
            Add(
                new HostilePage(
                    $"/boards/{board}?{cursor}",
                    [(".row h2 a", [.. threads.Select(one => one.GetProperty("title").GetString()!)])]
                )
            );
            after = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        } while (after is not null);
    }

    private static bool Count(string text, Answer answer, ref int accepted)
    {
        answer.Status.ShouldBeLessThan(500, $"{text}: {answer.Text}");
        if (answer.Status == 201)
        {
            Interlocked.Increment(ref accepted);
        }

        return answer.Status == 201;
    }

    private void Add(params ReadOnlySpan<HostilePage> found)
    {
        lock (gate)
        {
            pages.AddRange(found);
        }
    }

    /// <summary>What may be Markdown, BBCode or a character reference.</summary>
    [GeneratedRegex(
        @"[*_~`\\\[\]&|]|<[a-zA-Z][\w+.-]*[:@]|^\s*([#>+=-]|\d+[.)])|^(\t|    )",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1_000
    )]
    private static partial Regex MarksUp();
}
