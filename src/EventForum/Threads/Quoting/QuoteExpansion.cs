using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace EventForum.Threads.Quoting;

/// <summary>
/// The text that a person edits: each reference becomes a quote block again,
/// which <see cref="QuoteResolution"/> turns back into the same reference.
/// </summary>
public static partial class QuoteExpansion
{
    private const int MaxNameLength = 100;

    private const string HiddenName = "hidden:";

    /// <summary>Of the tags around a quote and the lines between: the name, the post's id, and what is around them.</summary>
    public const int MaxTagLength = MaxNameLength + 100;

    /// <param name="body">The stored body.</param>
    /// <param name="quotes">Its quotes.</param>
    /// <param name="source">
    /// The quoted author's name and the quoted words; null words when they may not be seen (removed, erased), and no name
    /// either when nothing may be said of the quote, which then has its place among the post's quotes for a name.
    /// </param>
    public static string Expand(
        string body,
        IReadOnlyList<Quote> quotes,
        Func<Quote, (string? Name, string? Text)> source
    )
    {
        var sources = quotes.Select(source).ToList();
        var (plain, readsBack) = Compose(body, quotes, sources, text => text);
        return readsBack ? plain : Compose(body, quotes, sources, QuoteTags.Shield).Text;
    }

    /// <summary>The quote block to start an answer from.</summary>
    public static string Block(string name, Guid postId, string? text)
    {
        var plain = OutsideName.Replace(name, "").Trim();
        var attribution = plain.Length is > 0 and <= MaxNameLength ? plain + ", " : "";
        return $"[quote=\"{attribution}post:{postId}\"]\n{text}\n[/quote]";
    }

    /// <summary>Which of a post's quotes a block stands for, of whose source nothing is said; null for all other blocks.</summary>
    public static int? PlaceOfHidden(QuoteBlock block) =>
        block.Name is { } name
        && name.StartsWith(HiddenName, StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(HiddenName.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number - 1
            : null;

    private static string Hidden(int place) => $"[quote=\"{HiddenName}{place + 1}\"]\n\n[/quote]";

    private static (string Text, bool ReadsBack) Compose(
        string body,
        IReadOnlyList<Quote> quotes,
        List<(string? Name, string? Text)> sources,
        Func<string, string> shield
    )
    {
        var composed = new StringBuilder();
        var blocks = new HashSet<TextSpan>();
        var start = 0;
        foreach (var (place, quote) in quotes.Index())
        {
            var (name, text) = sources[place];
            var at = Math.Clamp(quote.At, start, body.Length);
            Add(body[start..at].TrimEnd());
            blocks.Add(Add(name is null ? Hidden(place) : Block(name, quote.PostId, shield(text ?? ""))));
            start = at;
        }

        Add(body[start..]);
        var result = composed.ToString();
        return (result, blocks.IsSubsetOf(QuoteSyntax.Parse(result).Where(IsFlat).Select(block => block.Span)));

        TextSpan Add(string piece)
        {
            composed.Append(composed.Length > 0 && piece.Length > 0 ? "\n\n" : "").Append(piece);
            return new(composed.Length - piece.Length, piece.Length);
        }

        bool IsFlat(QuoteBlock block) => QuoteSyntax.Parse(block.Inner.In(result)).Count == 0;
    }

    [GeneratedRegex("""["`\[\]\p{Cc}\u2028\u2029]""")]
    private static partial Regex OutsideName { get; }
}
