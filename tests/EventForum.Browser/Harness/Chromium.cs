using EventForum.Acceptance.Harness;
using EventForum.Browser.Harness;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(Chromium))]
[assembly: Parallelization(Mode = ParallelMode.All, MaxThreads = 4)]

namespace EventForum.Browser.Harness;

/// <summary>
/// The one browser of a run; each visit is a profile of its own. <c>ops/test</c> says in EVENTFORUM_CHROMIUM where it
/// is, or in EVENTFORUM_CHROMIUM_MISSING why there is none: then tests are skipped, on a build server they fail.
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string? Missing = Environment.GetEnvironmentVariable("EVENTFORUM_CHROMIUM_MISSING");

    /// <summary>In milliseconds. Other people's tests may be running on this machine's cores too.</summary>
    private const float Patience = 60_000;

    private IPlaywright? playwright;
    private IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        if (Missing is not null)
        {
            return;
        }

        var path =
            Environment.GetEnvironmentVariable("EVENTFORUM_CHROMIUM")
            ?? throw new InvalidOperationException(
                "EVENTFORUM_CHROMIUM is not set: these tests need Chromium. Run them with `make test`, which finds or installs one; in an IDE, set it to the path of a Chromium or Chrome."
            );
        SetDefaultExpectTimeout(Patience);
        playwright = await Playwright.CreateAsync();
        string[] always =
        [
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ];
        browser = await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions
            {
                ExecutablePath = path,
                Timeout = Patience,
                // Chromium's sandbox does not start under root.
                Args = Environment.UserName == "root" ? [.. always, "--no-sandbox"] : always,
            }
        );
    }

    /// <summary>Opens a tab in a profile of its own.</summary>
    /// <param name="visitor">Signed in as that member; null for a guest.</param>
    /// <param name="javaScript">False to have the pages do without.</param>
    /// <param name="userAgent">Tells guests apart.</param>
    /// <param name="lenient">Lets the tab complain: it looks at pages that are not the forum's.</param>
    public async Task<Visit> VisitAsync(
        ForumServer forum,
        TestMember? visitor = null,
        bool javaScript = true,
        string? userAgent = null,
        bool lenient = false
    )
    {
        if (browser is null && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip(Missing!);
        }

        var context = await (browser ?? throw new InvalidOperationException(Missing)).NewContextAsync(
            new BrowserNewContextOptions
            {
                BaseURL = forum.Address.ToString(),
                JavaScriptEnabled = javaScript,
                UserAgent = userAgent,
                ColorScheme = ColorScheme.Light,
                ReducedMotion = ReducedMotion.Reduce,
                ViewportSize = Screen.Desktop.Size,
            }
        );
        context.SetDefaultTimeout(Patience);
        if (visitor?.Token is { } token)
        {
            await context.AddCookiesAsync([
                new Cookie
                {
                    Name = "eventforum",
                    Value = token,
                    Url = forum.Address.ToString(),
                    HttpOnly = true,
                    SameSite = SameSiteAttribute.Strict,
                },
            ]);
        }

        return await Visit.OpenAsync(context, forum.Address, lenient);
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
    }
}
