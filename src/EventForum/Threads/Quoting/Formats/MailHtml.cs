using System.Text;

namespace EventForum.Threads.Quoting;

/// <summary>A mail as HTML.</summary>
internal static class MailHtml
{
    public static string Of(string mail)
    {
        mail = Legible.Of(mail);
        var html = new StringBuilder();
        Append(html, MailParts.Of(mail));
        return SafeHtml.Of(html.ToString(), mail);
    }

    private static void Append(StringBuilder html, IReadOnlyList<MailPart> parts)
    {
        foreach (var part in parts)
        {
            switch (part)
            {
                case MailPart.Paragraph paragraph:
                    html.Append("<p>");
                    VerbatimText.AppendLines(html, string.Join('\n', paragraph.Lines));
                    html.Append("</p>\n");
                    break;
                case MailPart.Verbatim verbatim:
                    AppendPreformatted(html, verbatim.Text);
                    break;
                case MailPart.Attribution attribution:
                    html.Append("<p class=\"attribution\">");
                    Addresses.Append(html, attribution.Text);
                    html.Append("</p>\n");
                    break;
                case MailPart.Signature signature:
                    html.Append("<details class=\"signature\"><summary>Signature</summary>");
                    AppendPreformatted(html, signature.Text);
                    html.Append("</details>\n");
                    break;
                case MailPart.Footer footer:
                    html.Append("<div class=\"list-footer\">");
                    AppendPreformatted(html, footer.Text);
                    html.Append("</div>\n");
                    break;
                case MailPart.Quoted quoted:
                    html.Append("<blockquote>\n");
                    Append(html, quoted.Parts);
                    html.Append("</blockquote>\n");
                    break;
            }
        }
    }

    private static void AppendPreformatted(StringBuilder html, string text)
    {
        html.Append("<pre>");
        Addresses.Append(html, text);
        html.Append("</pre>\n");
    }
}
