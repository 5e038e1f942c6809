using EventForum.Members;
using EventForum.Threads.Quoting;

namespace EventForum.Threads.Reading;

/// <summary>Makes what a reader gets of a post out of its row and its text. Pure.</summary>
internal static class ViewedPost
{
    public static PostView Of(
        PostRow row,
        ShownText text,
        ParentView? parent,
        IReadOnlyDictionary<Guid, MemberCard> cards
    )
    {
        return new PostView(
            row.PostId,
            row.Number,
            cards[row.AuthorId],
            row.PostedAt,
            row.EditedAt,
            row.EditedBy is { } editor ? cards[editor] : null,
            text.IsHidden ? null : row.EditReason,
            row.Revision,
            row.RemovedAt is null ? PostVisibility.Visible : PostVisibility.Removed,
            row is { RemovedAt: { } at, ShownRemover: { } by }
                ? new Removal(
                    cards[by],
                    at,
                    row.RemovalReason,
                    by == row.AuthorId && !row.IsWaiting,
                    row.Behind is not null,
                    row.IsWaiting
                )
                : null,
            text.Body,
            text.Html,
            [.. text.Quotes.Select(Quoted)],
            row.AnsweredVersion,
            text.IsHidden && row.RemovedAt is null
        )
        {
            Redacted = row.Mask is not null && !row.IsUnknown,
            Format = text.IsHidden ? null : row.Format,
            Text = text,
            Parent = parent,
            Late = row.IsLate,
        };

        QuoteView Quoted(ShownQuote quote) =>
            quote.Rendered.State is QuoteState.Hidden
                ? new(null, null, null, null, null, "hidden", null)
                : new(
                    quote.Quote.PostId,
                    quote.Source?.ThreadId,
                    quote.Source?.Number,
                    quote.Source is { } source ? cards[source.AuthorId] : null,
                    quote.Quote.Revision,
                    quote.Rendered.State switch
                    {
                        QuoteState.Exact => "exact",
                        QuoteState.EditedSince => "edited-since",
                        QuoteState.Removed => "removed",
                        QuoteState.Erased => "erased",
                        QuoteState.Orphaned => "orphaned",
                        QuoteState.Missing => "missing",
                        QuoteState.Hidden => "hidden",
                    },
                    quote.Rendered.Text,
                    quote.Rendered.IsCut
                )
                {
                    Format = quote.Source?.Format,
                };
    }
}
