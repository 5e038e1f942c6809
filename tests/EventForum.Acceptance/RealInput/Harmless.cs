using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace EventForum.Acceptance.RealInput;

/// <summary>What a browser makes of HTML: nothing in it may run, or ask another host for anything.</summary>
internal static class Harmless
{
    private static readonly HtmlParser Parser = new(new HtmlParserOptions { IsScripting = true });

    /// <summary>Elements that run, load, submit or change how the rest is read.</summary>
    private static readonly HashSet<string> Forbidden = new(
        "applet audio base button embed form frame frameset iframe image img input link math meta noscript object picture plaintext portal script select source style svg template textarea track video xmp".Split(
            ' '
        ),
        StringComparer.OrdinalIgnoreCase
    );

    private static readonly string[] Schemes = ["javascript:", "data:", "vbscript:"];

    /// <summary>Attributes that hold words, not addresses.</summary>
    private static readonly HashSet<string> Texts = new(["title", "aria-label", "value"], StringComparer.Ordinal);

    /// <summary>A post's HTML, in the place that a page has for it; read twice, as a page that moves it about would.</summary>
    public static void ShouldBeHarmless(string html, string what)
    {
        for (var i = 0; i < 2; i++)
        {
            using var page = Parser.ParseDocument(
                $"<!DOCTYPE html><body><div id=post>{html}</div><p id=after>After.</p></body>"
            );
            var post = page.GetElementById("post").ShouldNotBeNull(what);
            string.Join(' ', page.Body!.Children.Select(child => child.Id)).ShouldBe("post after", what);
            post.QuerySelectorAll("*")
                .SelectMany(element =>
                    Forbidden.Contains(element.LocalName) ? [element.OuterHtml] : HarmfulAttributes(element)
                )
                .ShouldBeEmpty(what);
            html = post.InnerHtml;
        }
    }

    /// <summary>A whole page of the forum: it has scripts and styles of its own, as files of its own.</summary>
    public static IDocument ShouldBeHarmlessPage(string html, string what)
    {
        var page = Parser.ParseDocument(html);
        page.QuerySelectorAll("*").SelectMany(HarmfulAttributes).ShouldBeEmpty(what);
        page.QuerySelectorAll("style, iframe, object, embed, base, svg, math").ShouldBeEmpty(what);
        foreach (var own in page.QuerySelectorAll("script, link, img, source, audio, video"))
        {
            own.TextContent.Trim().ShouldBeEmpty(what);
            var address = own.GetAttribute("src") ?? own.GetAttribute("href") ?? "";
            (address.StartsWith('/') && !address.StartsWith("//", StringComparison.Ordinal)).ShouldBeTrue(
                $"{what}: {own.OuterHtml}"
            );
        }

        return page;
    }

    private static IEnumerable<string> HarmfulAttributes(IElement element) =>
        element
            .Attributes.Where(attribute =>
                attribute.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase)
                || attribute.LocalName is "style" or "srcset" or "ping"
                || (
                    !Texts.Contains(attribute.LocalName)
                    && Schemes.Any(scheme => Address(attribute).StartsWith(scheme, StringComparison.Ordinal))
                )
            )
            .Select(attribute => $"<{element.LocalName} {attribute.Name}=\"{attribute.Value}\">");

    /// <summary>White space and control characters do not keep a browser from seeing a scheme.</summary>
    private static string Address(IAttr attribute) =>
        string.Concat(attribute.Value.Where(c => c > ' ')).ToLowerInvariant();
}
