using System.Text.Json;
using System.Text.RegularExpressions;
using EventForum.Acceptance.Harness;
using EventForum.Acceptance.RealInput;
using EventForum.Browser.Harness;

namespace EventForum.Browser.Web;

/// <summary>
/// Strings that were made to break pages, as bodies, titles, reasons, and names of members and boards: a browser that
/// reads them runs nothing, asks nobody, and shows them as they were sent.
/// </summary>
public sealed partial class HostileTextTests(ForumHost forum, Chromium chromium)
{
    private const int Tabs = 3;

    /// <summary>Everything in a page that runs, loads or leads where it must not, and what has been planted by now.</summary>
    private const string FindProblems = """
        (own) => {
          const problems = Object.getOwnPropertyNames(window).filter((name) => !own.includes(name));
          const prose = new Set(
            "a bdi blockquote br code del div em h1 h2 h3 h4 h5 h6 hr li ol p pre strong table tbody td th thead tr ul".split(" ")
          );
          for (const e of document.querySelectorAll("*")) {
            const its = [...e.attributes];
            const bad =
              its.some((a) => /^on/i.test(a.name) || ["style", "srcdoc", "srcset", "ping"].includes(a.name)) ||
              (e.closest(".prose") && !prose.has(e.localName)) ||
              ("href" in e && e.hasAttribute("href") && !/^(https?|mailto):/.test(e.href)) ||
              (e.hasAttribute("src") && new URL(e.src).origin !== location.origin) ||
              (e.localName === "form" && new URL(e.getAttribute("action"), location).origin !== location.origin) ||
              (e.localName === "script" && e.textContent !== "") ||
              /^(iframe|frame|object|embed|svg|math|base|style|template|video|audio)$/.test(e.localName);
            if (bad) problems.push(e.outerHTML.slice(0, 300));
          }
          return problems;
        }
        """;

    private const string ReadPosts = """
        () => Object.fromEntries(
          [...document.querySelectorAll(".post")].map((e) => [e.dataset.id, e.querySelector(".prose").textContent])
        )
        """;

    [Fact]
    public async Task hostile_texts_are_shown_as_they_are_and_run_nothing()
    {
        var strings = HostileString.All().Where(hostile => hostile.Text is not null).ToList();
        await using var ownForum = await ForumHost.StartAsync(null, ("Sample", "false"));
        var own = await OwnNamesAsync(ownForum);

        var written = new HostileForum(ownForum);
        var pages = await written.WriteAsync(strings);
        TestContext.Current.TestOutputHelper?.WriteLine($"{written.Accepted} on {pages.Count} pages");
        var wrong = await Task.WhenAll(
            pages.Chunk((pages.Count + Tabs - 1) / Tabs).Select(part => ReadAsync(ownForum, own, part))
        );

        wrong.SelectMany(part => part).ShouldBeEmpty();
        pages.Sum(page => page.Plain?.Count ?? 0).ShouldBeGreaterThan(300);
    }

    [Fact]
    public async Task hostile_texts_that_arrive_in_an_open_page_run_nothing()
    {
        var texts = HostileString
            .All()
            .Select(hostile => hostile.Text)
            .Where(text => text?.Contains("alert", StringComparison.Ordinal) == true)
            .Take(19)
            .ToList();
        var own = await OwnNamesAsync(forum);
        var thread = await forum.NewThread();
        await using var tab = await chromium.VisitAsync(forum, forum.Member());

        await tab.GoAsync($"/threads/{thread.Id}");
        foreach (var text in texts)
        {
            (await thread.Starter.Reply(thread.Id, text!)).ShouldBe(201);
        }

        await Expect(tab.Post(20)).ToBeVisibleAsync();
        for (var number = 2; number <= 20; number++)
        {
            await tab.Field("Your post").FillAsync("");
            await tab.Button($"Quote post {number}").ClickAsync();
            await Expect(tab.Field("Your post")).Not.ToHaveValueAsync("");
        }

        (await tab.Page.EvaluateAsync<string[]>(FindProblems, own)).ShouldBeEmpty();
    }

    /// <summary>The global names of a page that holds nothing.</summary>
    private async Task<string[]> OwnNamesAsync(ForumHost server)
    {
        await using var tab = await chromium.VisitAsync(server);
        await tab.GoAsync("/");
        return await tab.Page.EvaluateAsync<string[]>("() => Object.getOwnPropertyNames(window)");
    }

    /// <summary>Opens pages as someone of a hostile name, and says what is wrong with them.</summary>
    private async Task<List<string>> ReadAsync(ForumHost server, string[] own, IReadOnlyList<HostilePage> pages)
    {
        await using var tab = await chromium.VisitAsync(
            server,
            server.As("<img src=x onerror=alert(1)>", "member", "moderator")
        );
        var wrong = new List<string>();
        foreach (var page in pages)
        {
            (await tab.GoAsync(page.Path)).Status.ShouldBe(200, page.Path);
            foreach (var (selector, texts) in page.Shown)
            {
                var shown = await tab
                    .Page.Locator(selector)
                    .EvaluateAllAsync<string[]>("all => all.map((e) => e.value ?? e.textContent)");
                shown.Length.ShouldBe(texts.Count, $"{selector} of {page.Path}");
                wrong.AddRange(shown.Zip(texts).Where(pair => Differ(pair.First, pair.Second)).Select(Difference));
            }

            if (page.Plain is { } plain)
            {
                var shown = await tab.Page.EvaluateAsync<Dictionary<string, string>>(ReadPosts);
                wrong.AddRange(
                    plain
                        .Select(post => (Shown: Visible(shown[post.PostId.ToString()]), Sent: Visible(Cut(post.Text))))
                        .Where(pair => Differ(pair.Shown, pair.Sent))
                        .Select(Difference)
                );
            }

            wrong.AddRange(await tab.Page.EvaluateAsync<string[]>(FindProblems, own));
            tab.Complaints.ShouldBeEmpty(page.Path);
        }

        return wrong;

        static bool Differ(string shown, string sent) => shown != sent && !sent.Any(CannotBeReferredTo);

        static string Difference((string Shown, string Sent) pair) =>
            $"{JsonSerializer.Serialize(pair.Sent)} is shown as {JsonSerializer.Serialize(pair.Shown)}";
    }

    /// <summary>
    /// A browser reads a numeric reference to one of these controls as Windows-1252 would, and U+FFFF as no character.
    /// </summary>
    private static bool CannotBeReferredTo(char c) => c is (>= '\u0080' and <= '\u009F') or '\uFFFF';

    /// <summary>What there is to be seen: white space is the layout's.</summary>
    private static string Visible(string text) => WhiteSpace().Replace(text, "");

    /// <summary>Of marks that pile up on a letter, posts show eight.</summary>
    private static string Cut(string text) => Pile().Replace(text, "");

    [GeneratedRegex(@"(?<=[\p{Mn}\p{Me}]{8})[\p{Mn}\p{Me}]", RegexOptions.None, 1_000)]
    private static partial Regex Pile();

    [GeneratedRegex(@"[\s\uFEFF]+", RegexOptions.None, 1_000)]
    private static partial Regex WhiteSpace();
}
