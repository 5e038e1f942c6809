using System.Text;

namespace EventForum.Threads.Quoting;

/// <summary>Text as it is: its line breaks and spaces are kept, and its addresses are links.</summary>
internal static class VerbatimText
{
    public static string ToHtml(string text)
    {
        text = Legible.Of(text);
        if (text.Length == 0)
            return "";
        var html = new StringBuilder("<p class=\"verbatim\">");
        AppendLines(html, text);
        return SafeHtml.Of(html.Append("</p>\n").ToString(), text);
    }

    /// <summary>Lines with breaks between them.</summary>
    public static void AppendLines(StringBuilder html, string text, bool withLinks = true)
    {
        foreach (var (place, line) in text.Split('\n').Index())
        {
            html.Append(place > 0 ? "<br>" : "");
            if (withLinks)
                Addresses.Append(html, line);
            else
                html.Append(Html.Encode(line));
        }
    }
}
