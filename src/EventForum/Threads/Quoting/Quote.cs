namespace EventForum.Threads.Quoting;

/// <summary>A quote in a post: a reference to words of another post, never a copy of them.</summary>
/// <param name="At">
/// Where the quote stands in the quoting post's body: before the character at this offset (UTF-16 code units).
/// </param>
/// <param name="PostId">The quoted post.</param>
/// <param name="Revision">The revision of the quoted post whose words these are.</param>
/// <param name="Start">Where the quoted span begins in that revision's body.</param>
/// <param name="Length">The span's length; the source's <see cref="OwnWords"/> inside it are what is quoted.</param>
public sealed record Quote(int At, Guid PostId, int Revision, int Start, int Length)
{
    /// <summary>The quotes of a stored event, which may hold none, or nothing in place of one.</summary>
    public static IReadOnlyList<Quote> WithoutNulls(IReadOnlyList<Quote>? quotes) =>
        quotes is null ? []
        : quotes.Contains(null!) ? [.. quotes.OfType<Quote>()]
        : quotes;
}

/// <summary>A stretch of a text, in UTF-16 code units.</summary>
public readonly record struct TextSpan(int Start, int Length)
{
    public int End => Start + Length;

    public string In(string text) => text.Substring(Start, Length);
}
