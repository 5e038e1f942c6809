using EventForum.Acceptance.Harness;
using EventForum.Acceptance.RealInput;
using EventForum.CommandLine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace EventForum.Browser.Harness;

/// <summary>
/// A forum of its own to look at: the sample thread, a thread of everything that is hard to lay out, and, where it is
/// on this machine, the beginning of a long discussion of a real forum.
/// </summary>
public sealed class Showroom : IAsyncLifetime
{
    private const int RealPosts = 45;

    private const string Awkward = """
        # A heading

        A word that does not end: Donaudampfschifffahrtselektrizitätenhauptbetriebbauunterbeamtengesellschaft, and an
        address that does not either: https://example.org/a/very/long/path/that/goes/on/and/on/and/on?with=a&query=that&is=longer&than=any&screen=is&wide=true

        | a table | with | many | columns | that | does | not | fit | on | a | phone |
        |---|---|---|---|---|---|---|---|---|---|---|
        | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 |

        ```
        var line = "of code that is wider than a phone, and wider than the column of posts on a desktop, and then some more".Split(' ');
        ```

        1. One
           - one and a half, with `code` in **bold** and ~~struck~~ words
        2. Two

        > Somebody said this by hand.

        مرحبا بالعالم · 日本語の文章 · 👩‍👩‍👧‍👦 · Z̸̢̛a̷l̶g̸o̵

        ---

        The end.
        """;

    public ForumHost Forum { get; private set; } = null!;

    public TestMember Moira { get; private set; } = null!;

    public TestMember Petra { get; private set; } = null!;

    public Guid Board { get; private set; }

    public Guid Sample { get; private set; }

    public Guid EditedPost { get; private set; }

    public Guid FirstPost { get; private set; }

    public Guid AwkwardThread { get; private set; }

    /// <summary>A post in each format.</summary>
    public Guid FormatsThread { get; private set; }

    public Guid LockedThread { get; private set; }

    /// <summary>Several pages long.</summary>
    public Guid LongThread { get; private set; }

    public async ValueTask InitializeAsync()
    {
        Forum = await ForumHost.StartAsync(null, ("Sample", "false"));
        Moira = Forum.As("Moira", "member");
        Petra = Forum.As("Petra", "member", "moderator");
        await PlaySampleAsync();
        await WriteAwkwardThreadAsync();
        await WriteFormatsThreadAsync();
        var locked = await StartAsync("The kettle is back in stock");
        LockedThread = locked.ThreadId;
        (await Petra.Lock(LockedThread, "Sold out again, and everything has been said.")).ShouldBe(200);
        var last = RealData.Has("long-thread.jsonl") ? await WriteRealThreadAsync() : await WriteLongThreadAsync();
        await Forum.UntilListed(last);
    }

    public async ValueTask DisposeAsync()
    {
        if (Forum is not null)
        {
            await Forum.DisposeAsync();
        }
    }

    private async Task PlaySampleAsync()
    {
        using var script = new StreamReader(typeof(Sample).Assembly.GetManifestResourceStream("sample.jsonl")!);
        var lines = (await script.ReadToEndAsync()).Split('\n');
        using var client = new HttpClient { BaseAddress = Forum.Address };
        var player = new ScriptPlayer(
            client,
            Forum.Services.GetRequiredService<IConfiguration>(),
            Forum.Services.GetRequiredService<TimeProvider>()
        );
        await foreach (var answer in player.PlayAsync(lines, default))
        {
            answer.IsRefused.ShouldBeFalse($"{answer.Command}: {answer.Answer}");
            Sample = answer.Answer!["threadId"]?.GetValue<Guid>() ?? Sample;
        }

        var thread = (await Moira.Get($"/api/threads/{Sample}")).ShouldBe(200).Json;
        Board = thread.GetProperty("board").GetProperty("id").GetGuid();
        FirstPost = thread.GetProperty("posts")[0].GetProperty("id").GetGuid();
        EditedPost = thread.GetProperty("posts")[2].GetProperty("id").GetGuid();
        (await Petra.Edit(EditedPost, await BodyOfAsync(EditedPost) + "\n\n*Wear gloves.*", "Safety first")).ShouldBe(
            200
        );
    }

    private async Task WriteAwkwardThreadAsync()
    {
        var first = await StartAsync(
            "Donaudampfschifffahrtselektrizitätenhauptbetriebbauunterbeamtengesellschaft and other long words in titles",
            Awkward
        );
        AwkwardThread = first.ThreadId;
        var longName = Forum.As("Donaudampfschifffahrtselektrizitätenhauptbetrieb", "member");
        var edited = (await longName.Reply(AwkwardThread, "This will change.\n\nThis will not.")).ShouldBe(201);
        var removed = (await Moira.Reply(AwkwardThread, "This will go.")).ShouldBe(201);
        var tom = Forum.As("Tom", "member");
        (await tom.Quote(edited.PostId, "Will it?")).ShouldBe(201);
        (await tom.Quote(removed.PostId, "Why?")).ShouldBe(201);
        (
            await tom.Reply(
                AwkwardThread,
                "[quote=\"Somebody\"]\nSaid elsewhere.\n\n[quote=\"Else\"]\nBefore that.\n[/quote]\n[/quote]\n\nIndeed."
            )
        ).ShouldBe(201);
        (await longName.Edit(edited.PostId, "This has changed.\n\nThis has not.", "As announced")).ShouldBe(200);
        (await Moira.Remove(removed.PostId)).ShouldBe(200);
    }

    private async Task WriteFormatsThreadAsync()
    {
        FormatsThread = (await StartAsync("The same kettle in every format")).ThreadId;
        foreach (
            var (format, body) in new[]
            {
                (
                    "mail",
                    """
                    On Monday, 5 May, Ann Lee wrote:
                    > In article <1@kettle.example> bob (Bob Hill) writes:
                    >> The spout is too short, and whoever pours from it into a small cup
                    >> has tea on the table.
                    >
                    > *Not* if you pour slowly.

                    Here is what I measured:

                        Cup        Spilled
                        small      12 ml
                        large       0 ml

                    So it depends on the cup, and on nothing else that I can see. A longer
                    spout would not help much, see http://kettle.example/spouts.

                    -- 
                    Moira     | Kettles since 1950
                    """
                ),
                (
                    "bbcode",
                    "[center][b]Kettles[/b][/center]\n[size=5]Large[/size] [size=1]small[/size] "
                        + "[color=red]red[/color] [color=orange]orange[/color] [color=yellow]yellow[/color] [color=green]green[/color] "
                        + "[color=teal]teal[/color] [color=blue]blue[/color] [color=purple]purple[/color] [color=gray]gray[/color]\n"
                        + "[list=1][*][u]Boil[/u][*][s]Wait[/s][/list][table][tr][th]Cup[/th][th]Tea[/th][/tr][tr][td]small[/td][td]12 ml[/td][/tr][/table]"
                        + "[spoiler=The end]It was tea.[/spoiler][code]pour(\n    slowly);[/code][img]http://kettle.example/k.png[/img]"
                ),
                ("text", "As *it* is:\n\n    Cup        Spilled\n    small      12 ml\n\nhttp://kettle.example/"),
            }
        )
        {
            (await Moira.Reply(FormatsThread, body, format: format)).ShouldBe(201);
        }
    }

    private async Task<Answer> WriteRealThreadAsync()
    {
        var posts = RealData
            .Read<RealPost>("long-thread.jsonl")
            .Where(post => !string.IsNullOrWhiteSpace(post.Body))
            .Take(RealPosts)
            .ToList();
        var board = (await Forum.Admin().CreateBoard(posts[0].Section, "Things for the Nintendo DS")).ShouldBe(201);
        var last = (
            await Forum
                .As(posts[0].Author, "member")
                .StartThread(board.Id("boardId"), posts[0].ThreadTitle, posts[0].Body)
        ).ShouldBe(201);
        LongThread = last.ThreadId;
        foreach (var post in posts.Skip(1))
        {
            last = (await Forum.As(post.Author, "member").Reply(LongThread, post.Body)).ShouldBe(201);
        }

        return last;
    }

    private async Task<Answer> WriteLongThreadAsync()
    {
        var last = await StartAsync("Count with me");
        LongThread = last.ThreadId;
        for (var i = 2; i <= RealPosts; i++)
        {
            last = (await Moira.Reply(LongThread, $"{i}, said the next one.")).ShouldBe(201);
        }

        return last;
    }

    private async Task<Answer> StartAsync(string title, string body = "The first post.") =>
        (await Moira.StartThread(Board, title, body)).ShouldBe(201);

    private async Task<string> BodyOfAsync(Guid post) =>
        (await Moira.Get($"/api/posts/{post}")).ShouldBe(200).Json.GetProperty("post").GetProperty("body").GetString()!;

    private sealed record RealPost(string ThreadTitle, string Author, string Body, string Section);
}
