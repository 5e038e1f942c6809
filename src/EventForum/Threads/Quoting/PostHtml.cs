using System.Globalization;
using System.Text;

namespace EventForum.Threads.Quoting;

/// <summary>A post as HTML that is safe to put into a page.</summary>
public static class PostHtml
{
    /// <summary>
    /// Words are sanitised Markdown (see <c>SafeMarkdown</c>); each quote is a <c>blockquote class="quote"</c>
    /// whose <c>data-state</c> is exact, edited-since, removed, erased, orphaned, missing, hidden or unknown.
    /// </summary>
    public static string Render(string body, IReadOnlyList<Quote> quotes, Func<Quote, RenderedQuote> source)
    {
        var html = new StringBuilder();
        Write(html, BodyPart.Of(body, quotes), source);
        return html.ToString();
    }

    private static void Write(StringBuilder html, IReadOnlyList<BodyPart> parts, Func<Quote, RenderedQuote> source)
    {
        foreach (var part in parts)
        {
            switch (part)
            {
                case BodyPart.Words words:
                    html.Append(SafeMarkdown.ToHtml(words.Markdown));
                    break;
                case BodyPart.Reference reference:
                    Write(html, source(reference.Quote), reference.Quote.Revision);
                    break;
                case BodyPart.Block block:
                    var said = block.Name is null ? "" : $"<bdi>{Html.Encode(block.Name)}</bdi> wrote, ";
                    html.Append("<blockquote class=\"quote\" data-state=\"unknown\">")
                        .Append(CultureInfo.InvariantCulture, $"<p class=\"quote-source\">{said}source unknown</p>");
                    Write(html, block.Inner, source);
                    html.Append("</blockquote>\n");
                    break;
            }
        }
    }

    private static void Write(StringBuilder html, RenderedQuote quote, int revision)
    {
        var url = Html.Encode(quote.Url ?? "");
        var (state, remark) = quote.State switch
        {
            QuoteState.Exact => ("exact", ""),
            QuoteState.EditedSince => ("edited-since", $" (<a href=\"{url}/diff?from={revision}\">edited since</a>)"),
            QuoteState.Removed => ("removed", ": the quoted post was removed"),
            QuoteState.Erased => ("erased", ": the quoted post was erased"),
            QuoteState.Orphaned => ("orphaned", ": the quoted words are left out"),
            QuoteState.Missing => ("missing", "The quoted post is not in this forum"),
            QuoteState.Hidden => ("hidden", "You may not see the quoted post"),
        };
        var wrote = quote.Number is { } number ? $" wrote in #{number}" : " wrote";
        var (cite, said) = quote.Author is { } author
            ? ($" cite=\"{url}\"", $"<a href=\"{url}\"><bdi>{Html.Encode(author)}</bdi>{wrote}</a>")
            : ("", "");
        html.Append(CultureInfo.InvariantCulture, $"<blockquote class=\"quote\" data-state=\"{state}\"{cite}>")
            .Append(
                CultureInfo.InvariantCulture,
                $"<p class=\"quote-source\">{said}{remark}{(quote.IsCut ? ": too long to be shown here" : "")}</p>"
            )
            .Append(Visible(quote) is { } text ? SafeMarkdown.ToHtml(text) : "")
            .Append("</blockquote>\n");
    }

    private static string? Visible(RenderedQuote quote) =>
        quote.State is QuoteState.Exact or QuoteState.EditedSince ? quote.Text : null;
}
