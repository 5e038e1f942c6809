namespace EventForum.Threads.Quoting;

/// <summary>A mail as plain text: its prose without its author's margin, quotes indented.</summary>
internal static class MailPlainText
{
    private const string Indent = "    ";

    public static string Of(string mail) => Of(MailParts.Of(Legible.Of(mail)));

    private static string Of(IReadOnlyList<MailPart> parts) =>
        MarkdownText.Join(
            parts.Select(part =>
                part switch
                {
                    MailPart.Paragraph paragraph => string.Join('\n', paragraph.Lines),
                    MailPart.Verbatim verbatim => verbatim.Text,
                    MailPart.Attribution attribution => attribution.Text,
                    MailPart.Signature signature => signature.Text,
                    MailPart.Footer footer => footer.Text,
                    MailPart.Quoted quoted => MarkdownText.Indented(Of(quoted.Parts), Indent),
                    _ => "",
                }
            )
        );
}
