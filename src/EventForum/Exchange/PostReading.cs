using EventForum.Threads.Quoting;

namespace EventForum.Exchange;

/// <summary>A text as it is stored, and what had to be changed in it.</summary>
internal sealed record ReadText(ResolvedBody Body, PostFormat Format, IReadOnlyList<string> Flaws);

/// <summary>Reads the texts of a thread's posts: what they quote is found in what was said before. Pure but for the defects it reports.</summary>
/// <param name="usual">The format of texts whose lines name none.</param>
/// <param name="defect">Gets the line, the kind, the detail, what stood there, and what is stored.</param>
internal sealed class PostReading(PostFormat usual, Action<SourceLine, string, string, string?, string?> defect)
{
    /// <summary>Quotes that became references.</summary>
    public int Resolved { get; private set; }

    /// <summary>Quote blocks that stay text, because the thread says that nowhere before.</summary>
    public int Kept { get; private set; }

    public SourceQuotes Quotes { get; } = new();

    public PostFormat FormatOf(SourcePost post, SourceRevision revision) =>
        revision.Line.Format ?? post.Line.Format ?? usual;

    public ReadText Read(SourcePost post, SourceRevision revision)
    {
        var flaws = new List<string>();
        var format = FormatOf(post, revision);
        var (text, flaw) = SourceText.Body(revision.Raw);
        if (flaw is not null)
        {
            flaws.Add(flaw);
            defect(
                revision.Line,
                flaw,
                "The text is outside the limits.",
                revision.Raw,
                flaw == "empty-body" ? text : null
            );
        }

        var body = Resolve(text, post, revision);
        var (mail, blocks) = format is PostFormat.Markdown or PostFormat.Mail
            ? MailQuotes.ToBlocks(text, format, words => Quotes.FindPost(words, post, revision.At))
            : (text, 0);
        if (
            mail != text
            && Resolve(mail, post, revision) is var asMail
            && asMail.Quotes.Count >= body.Quotes.Count + blocks
            && QuoteSyntax.Parse(asMail.Body).Count == QuoteSyntax.Parse(body.Body).Count
        )
        {
            // Otherwise a block came to stand where it is none, as in code: the lines stay as they were.
            body = asMail;
        }

        if (body.Excess.Count > 0)
        {
            defect(
                revision.Line,
                "too-much-quoted",
                $"The post would show more than {ShownWords.Max} characters; {body.Excess.Count} of its quotes stay text.",
                revision.Raw,
                null
            );
        }

        ReportNested(revision, text, body);
        Resolved += body.Quotes.Count;
        Kept += QuoteSyntax.Parse(body.Body).Count;
        return new ReadText(body, format, flaws);
    }

    /// <summary>
    /// A quote is of its author's own words: what these quoted is in the quoted post. Where it is not, as when that was changed since,
    /// it is lost.
    /// </summary>
    private void ReportNested(SourceRevision revision, string text, ResolvedBody body)
    {
        var taken = QuoteSyntax
            .Parse(text)
            .Select(block => (Whole: block.Span.In(text), Inner: block.Inner.In(text)))
            .Where(block => !body.Body.Contains(block.Whole, StringComparison.Ordinal))
            .ToList();
        var isAligned = taken.Count == body.Quotes.Count;
        var lost = taken
            .Where(
                (block, place) =>
                    QuoteSyntax
                        .Parse(block.Inner)
                        .Any(nested =>
                            !isAligned
                            || !Quotes.HasSaid(
                                body.Quotes[place].PostId,
                                QuoteResolution.Excerpt(nested.Inner.In(block.Inner))
                            )
                        )
            )
            .Select(block => block.Whole)
            .ToList();
        if (lost.Count > 0)
        {
            defect(
                revision.Line,
                "nested-quote",
                "What its quotes quoted themselves is not in the posts that they are of; it is left out.",
                string.Join("\n\n", lost),
                null
            );
        }
    }

    private ResolvedBody Resolve(string text, SourcePost post, SourceRevision revision) =>
        QuoteResolution.Resolve(
            text,
            block => Quotes.Candidates(block, post, revision.At),
            known: Quotes.Read,
            loosely: true
        );
}
