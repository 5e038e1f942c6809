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
            foreach (var element in post.QuerySelectorAll("*"))
            {
                Forbidden.Contains(element.LocalName).ShouldBeFalse($"{what}: <{element.LocalName}>");
                AttributesShouldBeHarmless(element, what);
            }

            html = post.InnerHtml;
        }
    }

    /// <summary>A whole page of the forum: it has scripts and styles of its own, as files of its own.</summary>
    public static IDocument ShouldBeHarmlessPage(string html, string what)
    {
        var page = Parser.ParseDocument(html);
        foreach (var element in page.QuerySelectorAll("*"))
        {
            AttributesShouldBeHarmless(element, what);
        }

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

    private static void AttributesShouldBeHarmless(IElement element, string what)
    {
        foreach (var attribute in element.Attributes)
        {
            attribute.LocalName.ShouldNotStartWith("on", Case.Insensitive, what);
            (attribute.LocalName is "style" or "srcset" or "ping").ShouldBeFalse($"{what}: {attribute.LocalName}");
            // White space and control characters do not keep a browser from seeing a scheme.
            var address = string.Concat(attribute.Value.Where(c => c > ' '));
            if (attribute.LocalName is not ("title" or "aria-label" or "value" or "content"))
            {
                Schemes.ShouldAllBe(
                    scheme => !address.StartsWith(scheme, StringComparison.OrdinalIgnoreCase),
                    $"{what}: {attribute.Name}={attribute.Value}"
                );
            }
        }
    }
}
