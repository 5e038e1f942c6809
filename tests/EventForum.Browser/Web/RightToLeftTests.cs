using EventForum.Acceptance.Harness;
using EventForum.Browser.Harness;

namespace EventForum.Browser.Web;

/// <summary>Names, titles and posts from right to left beside those from left to right: each runs its own way, and only it.</summary>
public sealed class RightToLeftTests(Chromium chromium)
{
    private const string David = "דוד";
    private const string Ali = "علي";

    /// <summary>The left edges of the parts of a line, in the order in which they are written.</summary>
    private const string Lefts = """
        (line) => {
          const range = document.createRange();
          const texts = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
          const lefts = [];
          while (texts.nextNode()) {
            range.selectNodeContents(texts.currentNode);
            const box = range.getBoundingClientRect();
            if (box.width > 0 && texts.currentNode.textContent.trim()) lefts.push(Math.round(box.left));
          }
          return lefts;
        }
        """;

    [Fact]
    public async Task texts_of_others_do_not_turn_a_line_around()
    {
        await using var forum = await ForumHost.StartAsync(null, ("Sample", "false"));
        var (david, ali, ada) = (
            forum.As(David, "member"),
            forum.As(Ali, "member"),
            forum.As("ada", "member", "admin")
        );
        var board = (await ada.CreateBoard("לוח 1", "על הכול.")).ShouldBe(201).Id("boardId");
        var started = (
            await david.StartThread(board, "שלום עולם (1)", "פסקה אחת.\n\nA second one, in English.")
        ).ShouldBe(201);
        (await ali.Reply(started.ThreadId, "[quote=דוד]פסקה אחת.[/quote]\n\nمرحبا!\n\n- واحد\n- اثنان")).ShouldBe(201);
        (
            await ada.Reply(
                started.ThreadId,
                "English, with \u202eturned\u202c words and one that never ends: \u202e123."
            )
        ).ShouldBe(201);
        var last = (
            await ada.StartThread(board, "A title with an override \u202e that does not end", "Text.")
        ).ShouldBe(201);
        (await ada.Edit(started.PostId, "פסקה אחת.\n\nA second one.", "בגלל (2)")).ShouldBe(200);
        (await ada.Lock(started.ThreadId, "די!")).ShouldBe(200);
        await forum.UntilListed(last);
        await using var tab = await chromium.VisitAsync(forum, ali);

        await tab.GoAsync($"/boards/{board}");
        foreach (var line in await tab.Page.Locator(".row .meta").AllAsync())
        {
            await ShouldRunFromTheLeftAsync(line);
        }

        await tab.ShouldBeAccessibleAsync("right-to-left-board");
        await tab.Page.SetViewportSizeAsync(1280, 800);
        await tab.GoAsync($"/threads/{started.ThreadId}");
        foreach (
            var line in await tab
                .Page.Locator(".post-meta, .crumbs, .thread-head .meta, .notice p, h1, .quote-source")
                .AllAsync()
        )
        {
            await ShouldRunFromTheLeftAsync(line);
        }

        await Expect(tab.Prose(1).Locator("p").First).ToHaveCSSAsync("unicode-bidi", "plaintext");
        (await SideAsync(tab.Prose(1).Locator("p").First)).ShouldBe("right");
        (await SideAsync(tab.Prose(1).Locator("p").Last)).ShouldBe("left");

        await tab.ShouldBeAccessibleAsync("right-to-left-thread");
        await tab.GoAsync($"/threads/{started.ThreadId}/timeline");
        await tab.ShouldBeAccessibleAsync("right-to-left-timeline");
        await Expect(tab.Page.Locator("#sentence")).ToHaveTextAsync("ada locked the thread: \u2068די!\u2069");
    }

    private static async Task ShouldRunFromTheLeftAsync(ILocator line)
    {
        var lefts = await line.EvaluateAsync<int[]>(Lefts);
        lefts.SequenceEqual(lefts.Order()).ShouldBeTrue($"{await line.InnerTextAsync()}: {string.Join(' ', lefts)}");
    }

    /// <summary>On which side of its box a paragraph begins.</summary>
    private static Task<string> SideAsync(ILocator paragraph) =>
        paragraph.EvaluateAsync<string>(
            """
            (p) => {
              const range = document.createRange();
              range.selectNodeContents(p);
              const [text, box] = [range.getBoundingClientRect(), p.getBoundingClientRect()];
              return text.left - box.left > box.right - text.right ? "right" : "left";
            }
            """
        );
}
