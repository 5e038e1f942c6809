namespace EventForum.Threads.Quoting;

/// <summary>A post is read part by part: words, quotes by reference, quote blocks that are still text.</summary>
internal abstract record BodyPart
{
    // Nobody follows a talk deeper, or in more pieces; what goes beyond stays text.
    private const int MaxDepth = 10;
    private const int MaxBlocks = 1_000;

    public sealed record Words(string Text) : BodyPart;

    public sealed record Reference(Quote Quote) : BodyPart;

    public sealed record Block(string? Name, IReadOnlyList<BodyPart> Inner) : BodyPart;

    public static IReadOnlyList<BodyPart> Of(string body, PostFormat format, IReadOnlyList<Quote> quotes)
    {
        var blocks = 0;
        return Of(body, format, quotes, 0, ref blocks);
    }

    /// <summary>The parts before, between and behind the references: one list more than there are references.</summary>
    public static IEnumerable<IReadOnlyList<BodyPart>> BetweenQuotes(IReadOnlyList<BodyPart> parts)
    {
        var between = new List<BodyPart>();
        foreach (var part in parts)
        {
            if (part is not Reference)
            {
                between.Add(part);
                continue;
            }

            yield return between;
            between = [];
        }

        yield return between;
    }

    private static List<BodyPart> Of(
        string body,
        PostFormat format,
        IReadOnlyList<Quote> quotes,
        int depth,
        ref int blocks
    )
    {
        var parts = new List<BodyPart>();
        var start = 0;
        var placed = 0;
        foreach (var block in depth < MaxDepth ? QuoteSyntax.Parse(body) : [])
        {
            if (++blocks > MaxBlocks)
                break;
            AddUpTo(block.Span.Start);
            parts.Add(new Block(block.Name, Of(block.Inner.In(body), format, [], depth + 1, ref blocks)));
            start = block.Span.End;
        }

        AddUpTo(body.Length);
        return format switch
        {
            PostFormat.BbCode => Balanced(parts),
            PostFormat.Mail when MailLines.OwnMark(body.Split('\n')) is { } own => parts.ConvertAll(part =>
                part is Words words ? new Words(MailLines.WithUsualMarks(words.Text, own)) : part
            ),
            _ => parts,
        };

        void AddUpTo(int end)
        {
            for (; placed < quotes.Count && quotes[placed].At <= end; placed++)
            {
                AddWords(Math.Max(start, quotes[placed].At));
                parts.Add(new Reference(quotes[placed]));
            }

            AddWords(end);
        }

        void AddWords(int end)
        {
            if (PostBody.TrimBlankLines(body[start..end]) is { Length: > 0 } words)
                parts.Add(new Words(words));
            start = end;
        }
    }

    private static List<BodyPart> Balanced(List<BodyPart> parts)
    {
        var texts = new Queue<string>(BbCodeParts.Balanced([.. parts.OfType<Words>().Select(words => words.Text)]));
        return parts.ConvertAll(part => part is Words ? new Words(texts.Dequeue()) : part);
    }
}
