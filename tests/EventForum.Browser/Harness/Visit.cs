using System.Collections.Concurrent;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;

namespace EventForum.Browser.Harness;

/// <summary>
/// Someone's open tab. Whatever a test is about: when it ends, no script has failed, no policy was violated, no dialog
/// has opened, and nothing was asked of another host.
/// </summary>
public sealed class Visit : IAsyncDisposable
{
    /// <summary>The folder that gets pictures of the pages; null when nobody wants any.</summary>
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("EVENTFORUM_SCREENSHOTS");

    private readonly ConcurrentQueue<string> complaints = new();

    private readonly bool lenient;

    private Visit(IBrowserContext context, IPage page, bool lenient)
    {
        this.lenient = lenient;
        Context = context;
        Page = page;
    }

    public IBrowserContext Context { get; }

    public IPage Page { get; }

    /// <summary>What went wrong so far that no page should cause.</summary>
    public IReadOnlyCollection<string> Complaints => complaints;

    internal static async Task<Visit> OpenAsync(IBrowserContext context, Uri forum, bool lenient)
    {
        var visit = new Visit(context, await context.NewPageAsync(), lenient);
        context.Console += (_, message) =>
        {
            // An answer of 4xx is what some tests are about.
            if (
                message.Type is "error" or "warning"
                && !message.Text.StartsWith(
                    "Failed to load resource: the server responded with",
                    StringComparison.Ordinal
                )
            )
            {
                visit.Complain($"console: {message.Text}");
            }
        };
        context.WebError += (_, error) => visit.Complain($"script: {error.Error}");
        context.Dialog += (_, dialog) =>
        {
            visit.Complain($"dialog: {dialog.Message}");
            _ = dialog.DismissAsync();
        };
        context.Request += (_, request) =>
        {
            if (
                new Uri(request.Url) is { Scheme: "http" or "https" or "ws" or "wss" } url
                && url.Authority != forum.Authority
            )
            {
                visit.Complain($"request: {request.Url}");
            }
        };
        return visit;
    }

    public async Task<IResponse> GoAsync(string path) => (await Page.GotoAsync(path))!;

    public ILocator Post(int number) => Page.Locator($"#p{number}");

    /// <summary>A post's words, without its author and its buttons.</summary>
    public ILocator Prose(int number) => Post(number).Locator(".content");

    public ILocator Button(string name) => Role(AriaRole.Button, name);

    public ILocator Link(string name) => Role(AriaRole.Link, name);

    public ILocator Heading(string name) => Role(AriaRole.Heading, name);

    /// <summary>The field that has this label.</summary>
    public ILocator Field(string label) => Page.GetByLabel(label);

    /// <summary>Why a form came back.</summary>
    public ILocator Notice => Page.GetByRole(AriaRole.Alert);

    /// <summary>Opens what stands behind a summary, such as a form's.</summary>
    public Task UnfoldAsync(string summary) =>
        Page.Locator("summary").GetByText(summary, new() { Exact = true }).ClickAsync();

    /// <summary>Looks at the page in light and dark, wide and narrow, and keeps pictures where they are wanted.</summary>
    public async Task ShouldBeAccessibleAsync(string name)
    {
        foreach (var screen in Screen.All)
        {
            await Page.SetViewportSizeAsync(screen.Width, screen.Height);
            await Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = screen.Scheme });
            var overflow = await Page.EvaluateAsync<int>(
                "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
            );
            overflow.ShouldBe(0, $"{name} scrolls sideways at {screen.Name}");
            if (Pictures is not null)
            {
                var path = Path.Combine(Pictures, $"{name}-{screen.Name}.png");
                await Page.ScreenshotAsync(new PageScreenshotOptions { Path = path, FullPage = true });
            }

#pragma warning disable CS0618 // The other way opens a tab for each run, to put frames together that pages here have not.
            var result = await Page.RunAxeLegacy();
#pragma warning restore CS0618
            result
                .Violations.Where(violation => violation.Impact is "serious" or "critical")
                .Select(Describe)
                .ShouldBeEmpty($"{name} at {screen.Name}");
        }
    }

    /// <summary>What has the keyboard's focus: its accessible name, else its id.</summary>
    public Task<string> FocusAsync() =>
        Page.EvaluateAsync<string>(
            """
            () => {
              const e = document.activeElement;
              return e.getAttribute("aria-label") ?? (e.id || e.textContent.trim());
            }
            """
        );

    public async ValueTask DisposeAsync()
    {
        await Context.DisposeAsync();
        if (!lenient)
        {
            string.Join("\n", Complaints).ShouldBe("", "the browser complained");
        }
    }

    private static string Describe(AxeResultItem violation) =>
        $"{violation.Impact} {violation.Id}: {violation.Help}\n"
        + string.Join(
            "\n",
            violation.Nodes.Select(node =>
                $"  {node.Html}\n    {string.Join(' ', node.Any.Select(check => check.Message))}"
            )
        );

    private void Complain(string what) => complaints.Enqueue(what);

    private ILocator Role(AriaRole role, string name) => Page.GetByRole(role, new() { Name = name, Exact = true });
}
