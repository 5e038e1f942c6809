using System.Globalization;
using System.Text.RegularExpressions;

namespace EventForum.Threads.Quoting;

/// <summary>A quote block as somebody wrote it: <c>[quote="name, post:7"]…[/quote]</c>.</summary>
/// <param name="Span">The block in its text, with both tags.</param>
/// <param name="Inner">What stands between the tags.</param>
/// <param name="Name">The name that the block gives as the author's, if it gives one.</param>
/// <param name="PostId">The post that it names by id.</param>
/// <param name="PostNumber">The post that it names by its number in the thread.</param>
public sealed record QuoteBlock(TextSpan Span, TextSpan Inner, string? Name, Guid? PostId, int? PostNumber)
{
    public bool NamesPost => PostId is not null || PostNumber is not null;
}

/// <summary>Reads quote blocks the way Discourse, XenForo and phpBB write them.</summary>
public static partial class QuoteSyntax
{
    /// <summary>
    /// The outermost quote blocks of a text, in order. Tags without a partner are text, and so are tags in code.
    /// </summary>
    public static IReadOnlyList<QuoteBlock> Parse(string text)
    {
        if (!text.Contains("[quote", StringComparison.OrdinalIgnoreCase))
            return [];
        var open = new Stack<QuoteTags.Tag>();
        var blocks = new List<(QuoteTags.Tag Open, QuoteTags.Tag Close)>();
        foreach (var tag in QuoteTags.In(text).Tags)
        {
            if (!tag.Closes)
                open.Push(tag);
            else if (open.TryPop(out var start))
            {
                while (blocks.Count > 0 && blocks[^1].Open.Span.Start > start.Span.Start)
                    blocks.RemoveAt(blocks.Count - 1);
                blocks.Add((start, tag));
            }
        }

        return [.. blocks.Select(block => Block(text, block.Open, block.Close))];
    }

    /// <summary>The text without its quote blocks: the stretches between them.</summary>
    public static IEnumerable<TextSpan> Between(string text)
    {
        var start = 0;
        foreach (var block in Parse(text))
        {
            yield return new(start, block.Span.Start - start);
            start = block.Span.End;
        }

        yield return new(start, text.Length - start);
    }

    private static QuoteBlock Block(string text, QuoteTags.Tag open, QuoteTags.Tag close)
    {
        var span = new TextSpan(open.Span.Start, close.Span.End - open.Span.Start);
        var inner = new TextSpan(open.Span.End, close.Span.Start - open.Span.End);
        var attribute = open.Attribute?.In(text).Trim() ?? "";
        // phpBB goes on after the quoted name: [quote="name" post_id=7].
        if (attribute is ['"' or '\'', ..] && attribute.IndexOf(attribute[0], 1) is > 0 and var end)
            attribute = attribute[1..end];
        // vBulletin goes on within it: [quote=name;7].
        attribute = OtherForumsId.Replace(attribute, "");

        var parts = attribute.Split(',');
        var keys = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var named = parts.Length;
        while (named > 0 && Key(parts[named - 1]) is var (key, value) && (named > 1 || key is "post"))
        {
            keys.TryAdd(key, value);
            named--;
        }

        var name = string.Join(',', parts[..named]).Trim();
        var post = keys.GetValueOrDefault("post");
        return new(
            span,
            inner,
            name.Length == 0 ? null : name,
            Guid.TryParse(post, out var id) ? id : null,
            // With a topic, the number counts the posts of another forum's thread.
            !keys.ContainsKey("topic")
            && int.TryParse(post, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : null
        );
    }

    [GeneratedRegex(";n?[0-9]{1,15}$", RegexOptions.CultureInvariant)]
    private static partial Regex OtherForumsId { get; }

    private static (string Key, string Value)? Key(string part) =>
        part.Split(':', 2) is [var key, var value] && key.Trim() is { Length: > 0 } name && name.All(char.IsAsciiLetter)
            ? (name, value.Trim())
            : null;
}
