using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace EventForum.Threads.Quoting;

internal enum BbCodeTagKind
{
    /// <summary>Text: an unknown tag, or one without a partner.</summary>
    Text,
    Opens,
    Closes,

    /// <summary>Closes what a tag around it has closed already.</summary>
    Closed,

    /// <summary>Begins an item of a list.</summary>
    Item,

    /// <summary>The opening tag, its content and the closing tag: no tags are looked for in the content.</summary>
    Whole,
}

/// <param name="Content">Of a <see cref="BbCodeTagKind.Whole"/> one.</param>
internal sealed record BbCodeTag(TextSpan Span, string Name, string? Attribute, string? Content)
{
    public BbCodeTagKind Kind { get; set; }
}

/// <summary>The tags of a BBCode text, each with its part in it. One pass; what is nested deeper than anybody nests stays text.</summary>
internal static partial class BbCodeTags
{
    private const int MaxDepth = 20;
    private const string List = "list";

    private static readonly FrozenSet<string> Whole = FrozenSet.Create(
        StringComparer.Ordinal,
        "code",
        "php",
        "html",
        "img",
        "email",
        "attachment",
        "attach",
        "youtube",
        "media",
        "video"
    );

    private static readonly FrozenSet<string> Known = FrozenSet.Create(
        StringComparer.Ordinal,
        "b",
        "i",
        "u",
        "s",
        "strike",
        "url",
        List,
        "li",
        "table",
        "tr",
        "td",
        "th",
        "size",
        "color",
        "center",
        "align",
        "left",
        "right",
        "justify",
        "font",
        "spoiler"
    );

    public static IReadOnlyList<BbCodeTag> In(string text)
    {
        var tags = new List<BbCodeTag>();
        var withoutEnd = new HashSet<string>(StringComparer.Ordinal);
        for (var match = Token.Match(text); match.Success; )
        {
            var next = match.Index + match.Length;
            var name = match.Groups["name"].Value.ToLowerInvariant();
            var attribute = match.Groups["attribute"] is { Success: true } group ? Unquoted(group.Value) : null;
            var span = new TextSpan(match.Index, match.Length);
            var closes = match.Groups["close"].Success;
            if (!closes && IsWhole(name, attribute))
            {
                var end = withoutEnd.Contains(name)
                    ? -1
                    : text.IndexOf($"[/{name}]", next, StringComparison.OrdinalIgnoreCase);
                if (end >= 0)
                {
                    var content = text[next..end];
                    next = end + name.Length + 3;
                    span = new(match.Index, next - match.Index);
                    tags.Add(new(span, name, attribute, content) { Kind = BbCodeTagKind.Whole });
                }
                else
                {
                    withoutEnd.Add(name);
                }
            }
            else if (name == "*" || Known.Contains(name))
            {
                tags.Add(
                    new(span, name, attribute, null)
                    {
                        Kind =
                            closes ? BbCodeTagKind.Closes
                            : name == "*" ? BbCodeTagKind.Item
                            : BbCodeTagKind.Opens,
                    }
                );
            }

            match = Token.Match(text, next);
        }

        Match(tags);
        return tags;
    }

    /// <summary>An address between the tags is no text with tags.</summary>
    private static bool IsWhole(string name, string? attribute) =>
        Whole.Contains(name) || (name == "url" && attribute is null);

    private static string Unquoted(string attribute) =>
        attribute is ['"' or '\'', ..] && attribute.IndexOf(attribute[0], 1) is > 0 and var end
            ? attribute[1..end]
            : attribute.Trim();

    private static void Match(List<BbCodeTag> tags)
    {
        var open = new Stack<BbCodeTag>();
        var withItems = new HashSet<BbCodeTag>(ReferenceEqualityComparer.Instance);
        var opened = new Dictionary<string, int>(StringComparer.Ordinal);
        var tooDeep = new Dictionary<string, int>(StringComparer.Ordinal);
        var closed = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var tag in tags)
        {
            switch (tag.Kind)
            {
                case BbCodeTagKind.Opens when open.Count == MaxDepth:
                    Count(tooDeep, tag.Name, 1);
                    tag.Kind = BbCodeTagKind.Text;
                    break;
                case BbCodeTagKind.Opens:
                    open.Push(tag);
                    Count(opened, tag.Name, 1);
                    break;
                case BbCodeTagKind.Item when opened.GetValueOrDefault(List) > 0:
                    CloseUpTo(List);
                    withItems.Add(open.Peek());
                    break;
                case BbCodeTagKind.Closes when tag.Name == "*":
                    tag.Kind = opened.GetValueOrDefault(List) > 0 ? BbCodeTagKind.Closed : BbCodeTagKind.Text;
                    break;
                case BbCodeTagKind.Closes when tooDeep.GetValueOrDefault(tag.Name) > 0:
                    Count(tooDeep, tag.Name, -1);
                    tag.Kind = BbCodeTagKind.Text;
                    break;
                case BbCodeTagKind.Closes when opened.GetValueOrDefault(tag.Name) > 0:
                    CloseUpTo(tag.Name);
                    Count(opened, open.Pop().Name, -1);
                    break;
                case BbCodeTagKind.Closes when closed.GetValueOrDefault(tag.Name) > 0:
                    Count(closed, tag.Name, -1);
                    tag.Kind = BbCodeTagKind.Closed;
                    break;
                case BbCodeTagKind.Closes or BbCodeTagKind.Item:
                    tag.Kind = BbCodeTagKind.Text;
                    break;
            }
        }

        // A list that has items ends with the text.
        foreach (var tag in open.Where(tag => !withItems.Contains(tag)))
            tag.Kind = BbCodeTagKind.Text;

        void CloseUpTo(string name)
        {
            while (open.Peek().Name != name)
            {
                var inner = open.Pop();
                Count(opened, inner.Name, -1);
                Count(closed, inner.Name, 1);
            }
        }
    }

    private static void Count(Dictionary<string, int> counts, string name, int by) =>
        counts[name] = counts.GetValueOrDefault(name) + by;

    // phpBB stores an id with each tag, as in [b:1a2b3c4d5e]. No part of an attribute goes beyond the next bracket or quote.
    [GeneratedRegex(
        """
            \[ (?<close>/)? (?<name> \* | [a-z][a-z0-9]{0,19} ) (?: : [0-9a-z]{1,10} ){0,2}
               (?: = (?<attribute> "[^"\n]{0,1000}" [^\[\]\n]{0,200} | [^\[\]\n]{0,1000} ) | [ ] [^\[\]\n]{0,200} )? \]
            """,
        RegexOptions.IgnoreCase
            | RegexOptions.CultureInvariant
            | RegexOptions.ExplicitCapture
            | RegexOptions.IgnorePatternWhitespace
    )]
    private static partial Regex Token { get; }
}
