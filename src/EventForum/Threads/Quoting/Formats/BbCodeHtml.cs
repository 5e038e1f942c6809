using System.Text;

namespace EventForum.Threads.Quoting;

/// <summary>BBCode as HTML. Images are links, as they are in Markdown; styles are classes.</summary>
internal static class BbCodeHtml
{
    public static string Of(string text)
    {
        text = Legible.Of(text);
        var html = new StringBuilder();
        var nodes = BbCodeTree.Of(text);
        for (var i = 0; i < nodes.Count; )
        {
            var end = i;
            while (end < nodes.Count && !BbCodeTree.IsBlock(nodes[end]))
                end++;
            AppendParagraph(html, [.. nodes.Skip(i).Take(end - i)]);
            for (i = end; i < nodes.Count && BbCodeTree.IsBlock(nodes[i]); i++)
                Append(html, [nodes[i]], inLink: false);
        }

        return SafeHtml.Of(html.ToString(), text);
    }

    private static void AppendParagraph(StringBuilder html, BbCodeNode[] nodes)
    {
        if (Array.TrueForAll(nodes, node => node is BbCodeNode.Text text && string.IsNullOrWhiteSpace(text.Words)))
            return;
        if (nodes[0] is BbCodeNode.Text first)
            nodes[0] = new BbCodeNode.Text(first.Words.TrimStart('\n'));
        if (nodes[^1] is BbCodeNode.Text last)
            nodes[^1] = new BbCodeNode.Text(last.Words.TrimEnd());
        html.Append("<p>");
        Append(html, nodes, inLink: false);
        html.Append("</p>\n");
    }

    private static void Append(StringBuilder html, IReadOnlyList<BbCodeNode> nodes, bool inLink)
    {
        for (var i = 0; i < nodes.Count; i++)
        {
            switch (nodes[i])
            {
                case BbCodeNode.Text text:
                    var words =
                        i > 0 && BbCodeTree.IsBlock(nodes[i - 1]) && text.Words is ['\n', .. var after]
                            ? after
                            : text.Words;
                    words =
                        i + 1 < nodes.Count && BbCodeTree.IsBlock(nodes[i + 1]) && words is [.. var before, '\n']
                            ? before
                            : words;
                    html.Append(i > 0 && BbCodeTree.IsAddress(nodes[i - 1]) && StartsWord(words) ? " " : "");
                    VerbatimText.AppendLines(html, words, withLinks: !inLink);
                    break;
                case BbCodeNode.Element element:
                    // What would be a picture beside a word is an address here.
                    html.Append(
                        BbCodeTree.IsAddress(element) && html.Length > 0 && BbCodeTree.IsOfWord(html[^1]) ? " " : ""
                    );
                    Append(html, element, inLink);
                    break;
            }
        }
    }

    private static bool StartsWord(string words) => words.Length > 0 && BbCodeTree.IsOfWord(words[0]);

    private static void Append(StringBuilder html, BbCodeNode.Element element, bool inLink)
    {
        switch (element.Name)
        {
            case "b":
                Wrap("<strong>", "</strong>");
                break;
            case "i":
                Wrap("<em>", "</em>");
                break;
            case "u":
                Wrap("<u>", "</u>");
                break;
            case "s" or "strike":
                Wrap("<del>", "</del>");
                break;
            case "size" when BbCodeStyles.SizeClass(element.Attribute ?? "") is { } size:
                Wrap($"<span class=\"{size}\">", "</span>");
                break;
            case "color" when BbCodeStyles.ColorClass(element.Attribute ?? "") is { } color:
                Wrap($"<span class=\"{color}\">", "</span>");
                break;
            case "center":
                Wrap("<div class=\"center\">", "</div>\n");
                break;
            case "align" when string.Equals(element.Attribute, "center", StringComparison.OrdinalIgnoreCase):
                Wrap("<div class=\"center\">", "</div>\n");
                break;
            case "spoiler":
                html.Append("<details class=\"spoiler\"><summary>")
                    .Append(Html.Encode(string.IsNullOrWhiteSpace(element.Attribute) ? "Spoiler" : element.Attribute))
                    .Append("</summary>");
                Append(html, Trimmed(element.Inner), inLink);
                html.Append("</details>\n");
                break;
            case "code" or "php" or "html":
                html.Append("<pre><code>").Append(Html.Encode(element.Content!.Trim('\n'))).Append("</code></pre>\n");
                break;
            case "url" when element.Content is null:
                AppendLinked(html, element, inLink);
                break;
            case "list":
                AppendList(html, element, inLink);
                break;
            case "table":
                AppendTable(html, element, inLink);
                break;
            case "tr" or "td" or "th" or "li":
                Append(html, element.Inner, inLink);
                html.Append(' ');
                break;
            case var _ when element.Content is not null:
                AppendAddress(html, element, inLink);
                break;
            default:
                Append(html, element.Inner, inLink);
                break;
        }

        void Wrap(string before, string after)
        {
            html.Append(before);
            Append(html, element.Inner, inLink);
            html.Append(after);
        }
    }

    private static void AppendLinked(StringBuilder html, BbCodeNode.Element element, bool inLink)
    {
        var target = inLink ? null : Addresses.Target(element.Attribute!);
        var content = new StringBuilder();
        Append(content, element.Inner, inLink || target is not null);
        if (target is not null)
            Addresses.AppendLink(html, target, content.Length > 0 ? content.ToString() : Html.Encode(target));
        else
            html.Append(content).Append(" [").Append(Html.Encode(element.Attribute!)).Append(']');
    }

    /// <summary>An address, an image or an attachment: what stands between the tags, linked where it is an address.</summary>
    private static void AppendAddress(StringBuilder html, BbCodeNode.Element element, bool inLink)
    {
        var content = element.Content!.Trim();
        var address =
            element.Name == "email" && content.Contains('@', StringComparison.Ordinal) ? $"mailto:{content}" : content;
        if (!inLink && Addresses.Target(address) is { } target)
            Addresses.AppendLink(html, target, Html.Encode(content));
        else
            VerbatimText.AppendLines(html, content, withLinks: false);
    }

    private static void AppendList(StringBuilder html, BbCodeNode.Element list, bool inLink)
    {
        var type = list.Attribute is "1" or "a" or "A" or "i" or "I" ? list.Attribute : null;
        html.Append(
            type is null ? "<ul>\n"
            : type == "1" ? "<ol>\n"
            : $"<ol type=\"{type}\">\n"
        );
        foreach (var item in BbCodeTree.Items(list))
        {
            html.Append("<li>");
            Append(html, Trimmed(item), inLink);
            html.Append("</li>\n");
        }

        html.Append(type is null ? "</ul>\n" : "</ol>\n");
    }

    private static void AppendTable(StringBuilder html, BbCodeNode.Element table, bool inLink)
    {
        html.Append("<table><tbody>\n");
        foreach (var (_, row) in BbCodeTree.Parts(table.Inner, "tr"))
        {
            html.Append("<tr>");
            foreach (var (name, cell) in BbCodeTree.Parts(row, "td", "th"))
            {
                html.Append('<').Append(name).Append('>');
                Append(html, Trimmed(cell), inLink);
                html.Append("</").Append(name).Append('>');
            }

            html.Append("</tr>\n");
        }

        html.Append("</tbody></table>\n");
    }

    private static BbCodeNode[] Trimmed(IReadOnlyList<BbCodeNode> nodes)
    {
        BbCodeNode[] trimmed = [.. nodes];
        if (trimmed is [BbCodeNode.Text first, ..])
            trimmed[0] = new BbCodeNode.Text(first.Words.TrimStart());
        if (trimmed is [.., BbCodeNode.Text last])
            trimmed[^1] = new BbCodeNode.Text(last.Words.TrimEnd());
        return trimmed;
    }
}
