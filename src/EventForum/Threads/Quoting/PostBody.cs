namespace EventForum.Threads.Quoting;

/// <summary>Why a text that somebody wrote is not accepted.</summary>
public enum TextFlaw
{
    TooShort,
    TooLong,
    ContainsNul,

    /// <summary>Half of a surrogate pair: not Unicode text.</summary>
    IllFormed,
}

/// <summary>The body of a post as it is stored: line feeds only, no white space around it.</summary>
public static class PostBody
{
    /// <summary>In Unicode scalar values, so that an emoji counts once.</summary>
    public const int MaxLength = 100_000;

    /// <summary>A text as it is typed holds the words that it quotes, with a tag around them; a post holds neither.</summary>
    public const int MaxTyped = ShownWords.Max + 50_000;

    /// <summary>
    /// Trims and unifies line ends. Blank lines before the text go, but its first line keeps its indentation:
    /// in Markdown it may be code.
    /// </summary>
    public static string Normalise(string raw) =>
        TrimBlankLines(raw.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n'));

    /// <summary>What is wrong with a normalised body; null when nothing is.</summary>
    public static TextFlaw? Flaw(string body) => body.FlawOfLength(1, MaxLength);

    /// <summary>What is wrong with a normalised text whose quotes are still in it; null when nothing is.</summary>
    /// <param name="held">How many quotes the post holds that is edited: each has a tag in the text that its page gives.</param>
    public static TextFlaw? FlawOfTyped(string text, int held = 0) =>
        text.FlawOfLength(1, MaxTyped + (held * (QuoteExpansion.MaxTagLength)));

    /// <summary>What is wrong with a normalised excerpt. An empty one is right: it means all of the post.</summary>
    public static TextFlaw? FlawOfExcerpt(string excerpt) => excerpt.FlawOfLength(0, MaxLength);

    internal static TextFlaw? FlawOfLength(this string text, int min, int max)
    {
        var scalars = 0;
        for (var i = 0; i < text.Length; i++, scalars++)
        {
            if (char.IsSurrogatePair(text, i))
                i++;
            else if (char.IsSurrogate(text[i]))
                return TextFlaw.IllFormed;
            else if (text[i] == '\0')
                return TextFlaw.ContainsNul;
        }

        return scalars < min ? TextFlaw.TooShort
            : scalars > max ? TextFlaw.TooLong
            : null;
    }

    internal static string TrimBlankLines(string text)
    {
        var first = text.Length - text.AsSpan().TrimStart().Length;
        return first == text.Length ? "" : text[(text.LastIndexOf('\n', first) + 1)..].TrimEnd();
    }
}
