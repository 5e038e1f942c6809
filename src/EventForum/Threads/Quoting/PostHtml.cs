using System.Globalization;
using System.Text;

namespace EventForum.Threads.Quoting;

/// <summary>A post as HTML that is safe to put into a page.</summary>
public static class PostHtml
{
    /// <summary>
    /// Words are sanitised (see <see cref="FormattedText"/>); each quote is a <c>blockquote class="quote"</c>
    /// whose <c>data-state</c> is exact, edited-since, removed, erased, orphaned, missing, hidden or unknown.
    /// </summary>
    public static string Render(
        string body,
        PostFormat format,
        IReadOnlyList<Quote> quotes,
        Func<Quote, RenderedQuote> source
    ) => Render(Pieces(body, format, quotes), quotes, source);

    /// <param name="pieces">What stands between the quotes, as <see cref="Pieces"/> gave it.</param>
    /// <param name="quotes">The quotes between them, in order.</param>
    /// <param name="source">What a reader sees of a quote.</param>
    public static string Render(
        IReadOnlyList<string> pieces,
        IReadOnlyList<Quote> quotes,
        Func<Quote, RenderedQuote> source
    )
    {
        if (pieces.Count == 1)
        {
            return pieces[0];
        }

        var html = new StringBuilder(pieces[0]);
        foreach (var box in QuoteBox.Of(pieces, quotes, source))
        {
            Write(html, box.Quotes, box.Revision);
            html.Append(pieces[box.End]);
        }

        return html.ToString();
    }

    /// <summary>
    /// The HTML between the quotes: one piece more than there are quotes in it. Quotes have no mark of their own in it,
    /// which somebody could write.
    /// </summary>
    public static IReadOnlyList<string> Pieces(string body, PostFormat format, IReadOnlyList<Quote> quotes)
    {
        return [.. BodyPart.BetweenQuotes(BodyPart.Of(body, format, quotes)).Select(Piece)];

        string Piece(IReadOnlyList<BodyPart> parts)
        {
            if (parts is [BodyPart.Words words])
            {
                return FormattedText.ToHtml(words.Text, format);
            }

            var html = new StringBuilder();
            Write(html, parts, format);
            return html.ToString();
        }
    }

    private static void Write(StringBuilder html, IReadOnlyList<BodyPart> parts, PostFormat format)
    {
        foreach (var part in parts)
        {
            switch (part)
            {
                case BodyPart.Words words:
                    html.Append(FormattedText.ToHtml(words.Text, format));
                    break;
                case BodyPart.Block block:
                    var inner = new StringBuilder();
                    Write(inner, block.Inner, format);
                    if (inner.Length == 0)
                    {
                        break;
                    }

                    var said = block.Name is null ? "" : $"<bdi>{Html.Encode(block.Name)}</bdi> wrote, ";
                    html.Append("<blockquote class=\"quote\" data-state=\"unknown\">")
                        .Append(CultureInfo.InvariantCulture, $"<p class=\"quote-source\">{said}source unknown</p>")
                        .Append(inner)
                        .Append("</blockquote>\n");
                    break;
            }
        }
    }

    private static void Write(StringBuilder html, IReadOnlyList<RenderedQuote> quotes, int revision)
    {
        if (quotes.Count == 0)
        {
            return;
        }

        var quote = quotes[0];
        var url = Html.Encode(quote.Url ?? "");
        var (state, remark) = quote.State switch
        {
            QuoteState.Exact => ("exact", ""),
            QuoteState.EditedSince => ("edited-since", $" (<a href=\"{url}/diff?from={revision}\">edited since</a>)"),
            QuoteState.Removed => ("removed", ": the quoted post was removed"),
            QuoteState.Erased => ("erased", ": the quoted words are gone"),
            QuoteState.Orphaned => ("orphaned", ": the quoted words are left out"),
            QuoteState.Missing => ("missing", "The quoted post is not in this forum"),
            QuoteState.Hidden => ("hidden", "You may not see the quoted post"),
        };
        var wrote = quote.Number is { } number ? $" wrote in #{number}" : " wrote in another thread";
        var (cite, said) = quote.Author is { } author
            ? ($" cite=\"{url}\"", $"<a href=\"{url}\"><bdi>{Html.Encode(author)}</bdi>{wrote}</a>")
            : ("", "");
        html.Append(CultureInfo.InvariantCulture, $"<blockquote class=\"quote\" data-state=\"{state}\"{cite}>")
            .Append(
                CultureInfo.InvariantCulture,
                $"<p class=\"quote-source\">{said}{remark}{(quotes.Any(one => one.IsCut) ? ": too long to be shown here" : "")}</p>"
            )
            .AppendJoin("", quotes.Where(one => one.IsVisible).Select(one => one.Words?.Html[0]))
            .Append("</blockquote>\n");
    }
}
