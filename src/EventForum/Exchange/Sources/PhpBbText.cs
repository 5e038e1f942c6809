using System.Net;
using System.Text.RegularExpressions;

namespace EventForum.Exchange.Sources;

/// <summary>
/// Turns what phpBB 3 keeps of a post back into the BBCode that was typed: up to 3.1 it marks tags with an id and puts
/// HTML in place of smilies and addresses, from 3.2 on it keeps XML in which what was typed is the text.
/// </summary>
internal static partial class PhpBbText
{
    /// <param name="quotes">The posts that quote tags name, with whose they are.</param>
    public static string Of(string stored, string? uid, out IReadOnlyList<SourceQuote> quotes)
    {
        var text = IsXml.IsMatch(stored) ? Tag.Replace(stored, "") : Marked(stored, uid ?? "");
        var named = new List<SourceQuote>();
        text = QuoteTag.Replace(
            WebUtility.HtmlDecode(text),
            tag =>
            {
                var name = tag.Groups["name"].Value;
                if (PostId.Match(tag.Value) is { Success: true } post)
                {
                    named.Add(new SourceQuote(name, "p" + post.Groups["id"].Value));
                }

                return $"[quote=\"{name}\"]";
            }
        );
        quotes = named;
        return text;
    }

    /// <summary>Titles and names are kept as HTML, too.</summary>
    public static string? Decoded(string? stored) => stored is null ? null : WebUtility.HtmlDecode(stored);

    private static string Marked(string stored, string uid)
    {
        var text = stored;
        if (uid.Length > 0)
        {
            text = text.Replace($"[/*:m:{uid}]", "", StringComparison.Ordinal)
                .Replace($"[/list:u:{uid}]", "[/list]", StringComparison.Ordinal)
                .Replace($"[/list:o:{uid}]", "[/list]", StringComparison.Ordinal)
                .Replace($":{uid}]", "]", StringComparison.Ordinal);
        }

        text = Smiley.Replace(text, "${code}");
        text = Link.Replace(text, "${target}");
        return Tag.Replace(Break.Replace(text, "\n"), "");
    }

    [GeneratedRegex("^<[rt]>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex IsXml { get; }

    [GeneratedRegex("<[a-zA-Z/!][^>]*>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Tag { get; }

    [GeneratedRegex("<br ?/?>\n?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Break { get; }

    [GeneratedRegex(
        "<!-- s(?<code>[^>]{1,50}?) --><img [^>]*><!-- s[^>]{1,50}? -->",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Smiley { get; }

    /// <summary>The text of a long address is shortened; where it leads to is not.</summary>
    [GeneratedRegex(
        """<!-- [mlwe] --><a [^>]*?href="(mailto:)?(?<target>[^"]*)"[^>]*>[^<]*</a><!-- [mlwe] -->""",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Link { get; }

    /// <summary>Such as <c>[quote=Ann post_id=5 time=981173106 user_id=2]</c>.</summary>
    [GeneratedRegex(
        """\[quote=("(?<name>[^"\]\n]{1,255})"|(?<name>[^\s"\]]{1,255}))([ ]+[a-z_]{1,20}=("[^"\]\n]*"|[^\s\]]*))+[ ]*\]""",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex QuoteTag { get; }

    [GeneratedRegex("post_id=\"?(?<id>[0-9]{1,18})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex PostId { get; }
}
