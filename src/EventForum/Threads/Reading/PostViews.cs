using EventForum.Access;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads.Quoting;
using Npgsql;

namespace EventForum.Threads.Reading;

/// <summary>Makes posts out of their rows: resolves quotes and names, renders texts.</summary>
public sealed class PostViews(
    [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database,
    RenderedTexts rendered,
    MemberNames names,
    MemberCards members
)
{
    /// <summary>What a page of posts that show as much as they may can quote, and half as much in between.</summary>
    private const long MostWords = (long)ThreadPage.PostsPerPage * ShownWords.Max * 3 / 2;

    internal async Task<IReadOnlyList<PostView>> ViewAsync(
        IReadOnlyList<PostRow> rows,
        Moment moment,
        Reader reader,
        CancellationToken cancellation,
        Func<SourceRow, SourceRow>? stand = null,
        PageBasis? basis = null
    )
    {
        if (rows.Count == 0)
        {
            return [];
        }

        var sources = await QuoteSources.ReadAsync(database, rows, _ => moment, cancellation, answering: rows);
        if (stand is not null)
        {
            sources = sources.ToDictionary(source => source.Key, source => stand(source.Value));
        }

        var cards = await members.FindAsync(
            rows.SelectMany(row => row.MemberIds).Concat(sources.Values.Select(source => source.AuthorId)),
            reader,
            moment.At,
            basis?.IsFresh ?? true,
            cancellation
        );
        basis?.Add(sources.Values, cards);
        var access = await AccessAsync(reader, rows, sources, cancellation);
        // What has moved to where this reader sees nothing was never here.
        rows = [.. rows.Where(row => row.MovedTo is not { } away || access.Sees(away))];
        var shown = new Shown(sources, cards, access, Silenced(reader), row => rendered.Of(row, keeps: true));
        var words = await WordsAsync(rows, _ => moment, shown, cancellation);
        // What was never so has no later text either.
        var later = await LaterAsync(stand is null ? rows.Where(row => !shown.Hides(row)) : [], reader, cancellation);
        return
        [
            .. rows.Select(row =>
                ViewedPost.Of(row, shown.Text(row, moment, words), shown.Parent(row, moment), cards) with
                {
                    Unknown =
                        !row.IsUnknown || shown.Hides(row)
                            ? null
                            : later.GetValueOrDefault(row.PostId) ?? new UnknownText(null, null, null, null),
                }
            ),
        ];
    }

    /// <summary>Of posts whose words are not known, when they were changed and to what.</summary>
    private async Task<Dictionary<Guid, UnknownText>> LaterAsync(
        IEnumerable<PostRow> rows,
        Reader reader,
        CancellationToken cancellation
    )
    {
        var known = (await ThreadRows.KnownAfterAsync(database, rows, cancellation)).Values.ToList();
        if (known.Count == 0)
        {
            return [];
        }

        var texts = await TextsAsync(known, row => new Moment(row.FromVersion, row.EditedAt), reader, cancellation);
        return known
            .Zip(texts)
            .ToDictionary(
                one => one.First.PostId,
                one => new UnknownText(one.First.EditedAt, one.First.Revision, one.Second.Body, one.Second.Html)
            );
    }

    /// <summary>Only the texts, each as it was at a moment of its own.</summary>
    internal async Task<IReadOnlyList<ShownText>> TextsAsync(
        IReadOnlyList<PostRow> rows,
        Func<PostRow, Moment> when,
        Reader reader,
        CancellationToken cancellation
    )
    {
        var sources = await QuoteSources.ReadAsync(database, rows, when, cancellation);
        var cards = await names.FindAsync(sources.Values.Select(source => source.AuthorId), reader, cancellation);
        var access = await AccessAsync(reader, rows, sources, cancellation);
        var shown = new Shown(sources, cards, access, Silenced(reader), row => rendered.Of(row, keeps: false));
        var words = await WordsAsync(rows, when, shown, cancellation);
        return [.. rows.Select(row => shown.Text(row, when(row), words))];
    }

    /// <summary>Finds quoted words: those that are kept, and for the others the posts that they are in; null where these are too much.</summary>
    private async Task<Func<Quote, QuotedWords?>> WordsAsync(
        IReadOnlyList<PostRow> rows,
        Func<PostRow, Moment> when,
        Shown shown,
        CancellationToken cancellation
    )
    {
        var quotes = rows.Where(row => !shown.Hides(row))
            .SelectMany(row => row.Quotes.Where(quote => shown.ShowsWords(quote, when(row))))
            .ToList();
        // Of posts that quote more than they show, the others are not needed.
        long characters = 0;
        var kept = await rendered.FindAsync(
            quotes.TakeWhile(quote => (characters += quote.Length) < MostWords),
            cancellation
        );
        var own = await QuoteSources.WordsAsync(
            database,
            quotes.Where(quote => !kept.ContainsKey(TextKey.Of(quote))),
            cancellation
        );
        return quote =>
            kept.TryGetValue(TextKey.Of(quote), out var words) ? words
            : own.TryGetValue((quote.PostId, quote.Revision), out var source)
                ? kept[TextKey.Of(quote)] = rendered.Keep(quote, source.Text(quote.Start, quote.Length), source.Format)
            : null;
    }

    private ValueTask<ThreadAccess> AccessAsync(
        Reader reader,
        IReadOnlyList<PostRow> rows,
        Dictionary<(long, Guid, int), SourceRow> sources,
        CancellationToken cancellation
    ) =>
        ThreadAccess.OfAsync(
            reader,
            rows.SelectMany(row => new[] { row.ThreadId, row.MovedTo ?? row.ThreadId })
                .Concat(sources.Values.Select(source => source.ThreadId)),
            database,
            cancellation
        );

    /// <summary>Who reads posts of their own that wait for a moderator.</summary>
    private static Guid? Silenced(Reader reader) => reader.Silence is null ? null : reader.MemberId;

    /// <summary>How texts are shown to a reader.</summary>
    private sealed class Shown(
        Dictionary<(long, Guid, int), SourceRow> sources,
        IReadOnlyDictionary<Guid, MemberCard> cards,
        ThreadAccess access,
        Guid? silenced,
        Func<PostRow, RenderedText> rendered
    )
    {
        public bool Hides(PostRow row) =>
            (
                (row.RemovedAt is not null || row.IsRemovedNow)
                && !access.Moderates(row.MovedTo ?? row.ThreadId)
                && !(row.IsWaiting && row.AuthorId == silenced)
            ) || (row.MovedTo is { } away && !access.Sees(away));

        public bool ShowsWords(Quote quote, Moment moment) =>
            Source(quote, moment) is { } source && State(source) is QuoteState.Exact or QuoteState.EditedSince;

        public ShownText Text(PostRow row, Moment moment, Func<Quote, QuotedWords?> words)
        {
            if (Hides(row))
            {
                return new ShownText(row, isHidden: true, [], rendered);
            }

            var shown = new ShownWords(PlainLine.Length(row.Body));
            return new ShownText(row, isHidden: false, [.. row.Quotes.Select(Quoted)], rendered);

            ShownQuote Quoted(Quote quote)
            {
                var url = $"/posts/{quote.PostId}";
                if (Source(quote, moment) is not { } source)
                {
                    return new ShownQuote(quote, null, new(null, null, QuoteState.Missing, url, null));
                }

                var state = State(source);
                if (state is QuoteState.Hidden)
                {
                    return new ShownQuote(quote, source, new(null, null, state, null, null));
                }

                var fitting = ShowsWords(quote, moment) && !shown.IsFull ? words(quote) : null;
                if (fitting is not null && !shown.Add(fitting.Text))
                {
                    fitting = null;
                }

                var author = cards[source.AuthorId].Name;
                return new ShownQuote(
                    quote,
                    source,
                    new(author, fitting?.Text, state, url, source.ThreadId == row.ThreadId ? source.Number : null)
                    {
                        Words = fitting?.Rendered,
                        Format = source.Format,
                    }
                );
            }
        }

        /// <summary>The post that it answers; null where that is not here, or not to be seen.</summary>
        public ParentView? Parent(PostRow row, Moment moment) =>
            QuoteSources.ParentKey(row, moment) is { } key
            && sources.GetValueOrDefault(key) is { IsLeftOut: false } parent
            && access.Sees(parent.ThreadId)
                ? new ParentView(parent.PostId, parent.ThreadId, parent.Number, cards[parent.AuthorId])
                : null;

        private SourceRow? Source(Quote quote, Moment moment) =>
            sources.GetValueOrDefault((moment.Version, quote.PostId, quote.Revision));

        private QuoteState State(SourceRow source) =>
            !access.Sees(source.ThreadId) ? QuoteState.Hidden
            : source.IsMasked ? QuoteState.Erased
            : source.IsLeftOut ? QuoteState.Orphaned
            : source.IsRemovedThen || (source.IsRemovedNow && !access.Moderates(source.ThreadId)) ? QuoteState.Removed
            : source.RevisionThen != source.Revision ? QuoteState.EditedSince
            : QuoteState.Exact;
    }
}
