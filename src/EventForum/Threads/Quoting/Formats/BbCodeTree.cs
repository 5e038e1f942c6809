using System.Globalization;
using System.Text;

namespace EventForum.Threads.Quoting;

/// <summary>A BBCode text as a tree of what its tags enclose.</summary>
internal abstract record BbCodeNode
{
    public sealed record Text(string Words) : BbCodeNode;

    public sealed record Item : BbCodeNode;

    /// <param name="Content">What is no text with tags, such as code; null of an element with nodes in it.</param>
    public sealed record Element(string Name, string? Attribute, string? Content) : BbCodeNode
    {
        public List<BbCodeNode> Inner { get; } = [];
    }
}

internal static class BbCodeTree
{
    public static IReadOnlyList<BbCodeNode> Of(string text)
    {
        var root = new BbCodeNode.Element("", null, null);
        var open = new Stack<BbCodeNode.Element>([root]);
        var words = new StringBuilder();
        var start = 0;
        foreach (var tag in BbCodeTags.In(text))
        {
            if (tag.Kind == BbCodeTagKind.Text)
                continue;
            words.Append(text, start, tag.Span.Start - start);
            start = tag.Span.End;
            EndWords();
            switch (tag.Kind)
            {
                case BbCodeTagKind.Opens:
                    var element = new BbCodeNode.Element(tag.Name, tag.Attribute, null);
                    open.Peek().Inner.Add(element);
                    open.Push(element);
                    break;
                case BbCodeTagKind.Whole:
                    open.Peek().Inner.Add(new BbCodeNode.Element(tag.Name, tag.Attribute, tag.Content));
                    break;
                case BbCodeTagKind.Closes:
                    while (open.Pop().Name != tag.Name) { }
                    break;
                case BbCodeTagKind.Item:
                    while (!IsList(open.Peek()))
                        open.Pop();
                    open.Peek().Inner.Add(new BbCodeNode.Item());
                    break;
            }
        }

        words.Append(text, start, text.Length - start);
        EndWords();
        return root.Inner;

        void EndWords()
        {
            if (words.Length > 0)
                open.Peek().Inner.Add(new BbCodeNode.Text(words.ToString()));
            words.Clear();
        }

        static bool IsList(BbCodeNode.Element element) => element.Name == "list";
    }

    /// <summary>An address, or a picture or a file, of which the address is shown.</summary>
    public static bool IsAddress(BbCodeNode node) =>
        node is BbCodeNode.Element { Content: not null, Name: not ("code" or "php" or "html") };

    /// <summary>Whether a word goes on beside this character.</summary>
    public static bool IsOfWord(char c) =>
        char.IsLetterOrDigit(c)
        || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    /// <summary>Whether it begins a line of its own, or something in it does.</summary>
    public static bool IsBlock(BbCodeNode node) =>
        node is BbCodeNode.Element element
        && (
            element.Name is "list" or "table" or "center" or "align" or "spoiler" or "code" or "php" or "html"
            || element.Inner.Exists(IsBlock)
        );

    /// <summary>The items of a list: what stands between the marks of items, and elements that are items.</summary>
    public static IEnumerable<IReadOnlyList<BbCodeNode>> Items(BbCodeNode.Element list)
    {
        var item = new List<BbCodeNode>();
        foreach (var node in list.Inner)
        {
            if (node is not (BbCodeNode.Item or BbCodeNode.Element { Name: "li" }))
            {
                item.Add(node);
                continue;
            }

            if (!IsBlank(item))
                yield return item;
            item = [];
            if (node is BbCodeNode.Element li)
                yield return li.Inner;
        }

        if (!IsBlank(item))
            yield return item;
    }

    /// <summary>The rows of a table, or the cells of a row; what stands between them is one, too.</summary>
    public static IEnumerable<(string Name, IReadOnlyList<BbCodeNode> Inner)> Parts(
        IReadOnlyList<BbCodeNode> nodes,
        string name,
        string? otherName = null
    )
    {
        var between = new List<BbCodeNode>();
        foreach (var node in nodes)
        {
            if (node is not BbCodeNode.Element element || (element.Name != name && element.Name != otherName))
            {
                between.Add(node);
                continue;
            }

            if (!IsBlank(between))
                yield return (name, between);
            between = [];
            yield return (element.Name, element.Inner);
        }

        if (!IsBlank(between))
            yield return (name, between);
    }

    private static bool IsBlank(List<BbCodeNode> nodes) =>
        nodes.TrueForAll(node => node is BbCodeNode.Text text && string.IsNullOrWhiteSpace(text.Words));
}
