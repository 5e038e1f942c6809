using System.Globalization;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace EventForum.Exchange.Saved;

/// <summary>A page of the forum as it is saved: without what needs a server. Pure.</summary>
internal static class SavedPage
{
    /// <summary>What is only of use while the forum runs; pages mark with <c>data-live</c> what nothing else tells.</summary>
    private const string Live = "script, form, noscript, nav[aria-label=Account], .viewers, #news, .reply, [data-live]";

    /// <summary>The addresses that the page leads to and that its files are at, as it names them.</summary>
    public static IReadOnlyList<string> LinksOf(string html, string address)
    {
        using var page = Parse(html);
        return
        [
            .. page.QuerySelectorAll("a[href]")
                .Select(link => Absolute(link.GetAttribute("href")!, address))
                .Distinct(StringComparer.Ordinal),
        ];
    }

    /// <summary>Addresses of style sheets and pictures.</summary>
    public static IReadOnlyList<string> FilesOf(string html)
    {
        using var page = Parse(html);
        return [.. Files(page).Select(file => file.Address).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Where its posts stand: the number of each. And the number of its thread's last page and last post, on a thread's page.</summary>
    public static (IReadOnlyList<(Guid Id, int Number)> Posts, (Guid Thread, int Pages, int LastPost)? Thread) PlacesOf(
        string html
    )
    {
        using var page = Parse(html);
        var thread = page.QuerySelector("#thread[data-thread][data-pages]");
        return (
            [
                .. page.QuerySelectorAll("article.post[data-id][data-number]")
                    .Select(post => (Guid.Parse(post.GetAttribute("data-id")!), Number(post, "data-number"))),
            ],
            thread is null
                ? null
                : (
                    Guid.Parse(thread.GetAttribute("data-thread")!),
                    Number(thread, "data-pages"),
                    Number(thread, "data-posts")
                )
        );
    }

    /// <summary>The page for a disk: links lead to files, or are none any more.</summary>
    /// <param name="address">Where the forum has it.</param>
    /// <param name="target">What a link leads to from there; null for what is not saved.</param>
    /// <param name="file">The same for style sheets and pictures.</param>
    /// <param name="saved">What the page says at its end.</param>
    public static string Rewrite(
        string html,
        string address,
        Func<string, string?> target,
        Func<string, string?> file,
        string saved
    )
    {
        using var page = Parse(html);
        foreach (var live in page.QuerySelectorAll(Live))
        {
            live.Remove();
        }

        foreach (var link in page.QuerySelectorAll("a[href]"))
        {
            var href = link.GetAttribute("href")!;
            if (href.StartsWith('#') || href.Contains(':', StringComparison.Ordinal))
            {
                continue;
            }

            if (target(Absolute(href, address)) is { } to)
            {
                link.SetAttribute("href", to);
            }
            else
            {
                link.RemoveAttribute("href");
            }
        }

        foreach (var (element, attribute, from) in Files(page))
        {
            if (file(from) is { } to)
            {
                element.SetAttribute(attribute, to);
            }
        }

        // "An hour ago" is true for an hour.
        foreach (var time in page.QuerySelectorAll("time[title]"))
        {
            time.TextContent = time.GetAttribute("title")!;
        }

        foreach (var footer in page.QuerySelectorAll("footer.site"))
        {
            footer.InnerHtml = "<p></p>";
            footer.FirstElementChild!.TextContent = saved;
        }

        // The forum says so in a header.
        var policy = page.CreateElement("meta");
        policy.SetAttribute("http-equiv", "Content-Security-Policy");
        policy.SetAttribute("content", "script-src 'none'; object-src 'none'; form-action 'none'");
        page.Head!.Prepend(policy);
        return "<!DOCTYPE html>\n" + page.DocumentElement.OuterHtml;
    }

    private static IHtmlDocument Parse(string html) => new HtmlParser().ParseDocument(html);

    private static IEnumerable<(IElement Element, string Attribute, string Address)> Files(IHtmlDocument page) =>
        page.QuerySelectorAll("link[href], img[src]")
            .Select(element => (element, Attribute: element.LocalName == "link" ? "href" : "src"))
            .Select(one => (one.element, one.Attribute, one.element.GetAttribute(one.Attribute)!))
            .Where(one => one.Item3.StartsWith('/'));

    private static string Absolute(string href, string address)
    {
        var plain = href.Split('#')[0];
        return plain.StartsWith('?') ? address.Split('?')[0] + plain : plain;
    }

    private static int Number(IElement element, string attribute) =>
        int.Parse(element.GetAttribute(attribute)!, NumberStyles.None, CultureInfo.InvariantCulture);
}
