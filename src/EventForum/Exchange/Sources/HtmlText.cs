using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace EventForum.Exchange.Sources;

/// <summary>HTML as the text of a mail: quotes behind <c>&gt;</c>, addresses behind what leads to them.</summary>
internal static class HtmlText
{
    // Nobody nests deeper by hand; what is below comes without its breaks.
    private const int MaxDepth = 200;

    public static string Of(string html)
    {
        using var document = new HtmlParser().ParseDocument(html);
        return document.Body is { } body ? Of(body, 0) : "";
    }

    private static string Of(IElement element, int depth)
    {
        var text = new StringBuilder();
        AppendChildren(text, element, isVerbatim: false, depth);
        return text.ToString().Trim('\n', ' ');
    }

    private static void AppendChildren(StringBuilder text, INode parent, bool isVerbatim, int depth)
    {
        if (depth > MaxDepth)
        {
            AppendWords(text, parent.TextContent, isVerbatim);
            return;
        }

        foreach (var node in parent.ChildNodes)
        {
            if (node is IText words)
            {
                AppendWords(text, words.Data, isVerbatim);
            }
            else if (node is IElement element)
            {
                Append(text, element, isVerbatim, depth);
            }
        }
    }

    private static void Append(StringBuilder text, IElement element, bool isVerbatim, int depth)
    {
        switch (element.LocalName)
        {
            case "script" or "style" or "head" or "title" or "template" or "noscript":
                break;
            case "br":
                text.Append('\n');
                break;
            case "hr":
                Break(text, 1);
                text.Append("----------\n");
                break;
            case "blockquote":
                Break(text, 1);
                foreach (var line in Of(element, depth + 1).Split('\n'))
                {
                    text.Append(line.StartsWith('>') ? ">" : "> ").Append(line).Append('\n');
                }

                break;
            case "pre":
                Break(text, 2);
                AppendChildren(text, element, isVerbatim: true, depth + 1);
                Break(text, 2);
                break;
            case "li":
                Break(text, 1);
                text.Append("- ");
                AppendChildren(text, element, isVerbatim, depth + 1);
                Break(text, 1);
                break;
            case "td" or "th":
                AppendChildren(text, element, isVerbatim, depth + 1);
                AppendWords(text, " ", isVerbatim: false);
                break;
            case "p" or "ul" or "ol" or "table" or "h1" or "h2" or "h3" or "h4" or "h5" or "h6":
                Break(text, 2);
                AppendChildren(text, element, isVerbatim, depth + 1);
                Break(text, 2);
                break;
            case "div" or "tr" or "section" or "article" or "header" or "footer" or "address" or "dt" or "dd":
                Break(text, 1);
                AppendChildren(text, element, isVerbatim, depth + 1);
                Break(text, 1);
                break;
            case "a":
                AppendLink(text, element, isVerbatim, depth);
                break;
            case "img":
                AppendWords(text, element.GetAttribute("alt") ?? "", isVerbatim: false);
                break;
            default:
                AppendChildren(text, element, isVerbatim, depth + 1);
                break;
        }
    }

    private static void AppendLink(StringBuilder text, IElement link, bool isVerbatim, int depth)
    {
        AppendChildren(text, link, isVerbatim, depth + 1);
        var words = link.TextContent.Trim();
        if (
            link.GetAttribute("href") is { } target
            && target.StartsWith("http", StringComparison.OrdinalIgnoreCase)
            && words.Length > 0
            && !target.Contains(words, StringComparison.OrdinalIgnoreCase)
        )
        {
            text.Append(" <").Append(target).Append('>');
        }
    }

    private static void AppendWords(StringBuilder text, string words, bool isVerbatim)
    {
        if (isVerbatim)
        {
            text.Append(words);
            return;
        }

        foreach (var c in words)
        {
            if (!char.IsWhiteSpace(c) || c == '\u00A0')
            {
                text.Append(c == '\u00A0' ? ' ' : c);
            }
            else if (text.Length > 0 && text[^1] is not (' ' or '\n'))
            {
                text.Append(' ');
            }
        }
    }

    /// <summary>So many ends of lines stand at the end then, unless nothing stands before them.</summary>
    private static void Break(StringBuilder text, int lines)
    {
        while (text.Length > 0 && text[^1] == ' ')
        {
            text.Length--;
        }

        var there = 0;
        while (there < text.Length && text[^(there + 1)] == '\n')
        {
            there++;
        }

        if (there < text.Length)
        {
            text.Append('\n', Math.Max(0, lines - there));
        }
    }
}
