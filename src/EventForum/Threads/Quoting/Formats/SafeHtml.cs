using Ganss.Xss;

namespace EventForum.Threads.Quoting;

/// <summary>The last step of every format: HTML that a page may hold.</summary>
internal static class SafeHtml
{
    public const string Rel = "nofollow ugc noopener";

    /// <summary>Quotes are shown nested up to here; what is nested deeper is shown at this depth.</summary>
    public const int MaxShownDepth = 10;

    // Beyond it, AngleSharp takes seconds for what nobody wrote by hand.
    private const int MaxTags = 8_000;

    // A shared instance is safe as long as nobody changes it.
    private static readonly HtmlSanitizer Sanitizer = Create();

    /// <summary>The HTML, sanitised; the text itself, unformatted, when it became more HTML than is shown within bounds.</summary>
    public static string Of(string html, string text) =>
        html.AsSpan().Count('<') > MaxTags ? Html.Preformatted(text) : Sanitizer.Sanitize(html);

    private static HtmlSanitizer Create()
    {
        var sanitizer = new HtmlSanitizer(
            new HtmlSanitizerOptions
            {
                AllowedTags = Set(
                    "a blockquote br code del details div em h1 h2 h3 h4 h5 h6 hr li ol p pre span strong summary table tbody td th thead tr u ul"
                ),
                AllowedAttributes = Set("class href rel start title type"),
                AllowedSchemes = Set("http https mailto"),
                UriAttributes = Set("href"),
            }
        );
        sanitizer.AllowedClasses.UnionWith(
            Set("attribution center list-footer signature size-1 size-2 size-4 size-5 spoiler verbatim")
        );
        sanitizer.AllowedClasses.UnionWith(BbCodeStyles.Colors.Select(color => $"color-{color}"));
        return sanitizer;
    }

    private static HashSet<string> Set(string words) => [.. words.Split(' ')];
}
