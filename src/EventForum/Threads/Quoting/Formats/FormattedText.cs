namespace EventForum.Threads.Quoting;

/// <summary>Words of a post, without the quotes in it, rendered by their format.</summary>
internal static class FormattedText
{
    /// <summary>Safe HTML.</summary>
    public static string ToHtml(string text, PostFormat format) =>
        format switch
        {
            PostFormat.BbCode => BbCodeHtml.Of(text),
            PostFormat.Mail => MailHtml.Of(text),
            PostFormat.Text => VerbatimText.ToHtml(text),
            _ => SafeMarkdown.ToHtml(text),
        };

    /// <summary>Without mark-up: paragraphs with a blank line between them.</summary>
    public static string ToPlain(string text, PostFormat format) =>
        format switch
        {
            PostFormat.BbCode => BbCodePlainText.Of(text),
            PostFormat.Mail => MailPlainText.Of(text),
            PostFormat.Text => Legible.Of(text),
            _ => MarkdownText.Of(text),
        };

    /// <summary>What an author repeats of others in it beside the quote blocks.</summary>
    public static IEnumerable<TextSpan> QuotedIn(string text, PostFormat format) =>
        format switch
        {
            PostFormat.BbCode or PostFormat.Text => [],
            PostFormat.Mail => MailLines.NotOwn(text),
            _ => MarkdownQuotes.In(text),
        };
}
