namespace EventForum.Threads.Quoting;

/// <summary>How a quote stands to its source today.</summary>
public enum QuoteState
{
    /// <summary>The quoted revision is the current one.</summary>
    Exact,
    EditedSince,
    Removed,
    Erased,

    /// <summary>In a what-if: the quoted words were never written.</summary>
    Orphaned,

    /// <summary>The quoted post is not in this forum: its thread was not imported with the one that quotes it.</summary>
    Missing,

    /// <summary>The quoted post is in a board that the reader does not see: nothing is said of it.</summary>
    Hidden,
}

/// <summary>What a reader sees of a quote.</summary>
/// <param name="Author">The quoted author's name; null when the post is missing or hidden.</param>
/// <param name="Text">The quoted own words, in the format of their post; null when they may not be seen, or are too many (see <see cref="ShownWords"/>).</param>
/// <param name="State">How the quote stands to its source.</param>
/// <param name="Url">The quoted post; null when it is hidden.</param>
/// <param name="Number">Its number; null when it is in another thread.</param>
public sealed record RenderedQuote(string? Author, string? Text, QuoteState State, string? Url, int? Number)
{
    /// <summary>How the quoted words are written.</summary>
    public PostFormat Format { get; init; }

    private readonly RenderedText? words;

    /// <summary>The quoted words as HTML and as plain text; null without the text.</summary>
    public RenderedText? Words
    {
        get => words ?? (Text is null ? null : RenderedText.OfWords(Text, Format));
        init => words = value;
    }

    public bool IsVisible => State is QuoteState.Exact or QuoteState.EditedSince;

    /// <summary>The words may be seen, but the post shows enough without them.</summary>
    public bool IsCut => IsVisible && Text is null;
}
