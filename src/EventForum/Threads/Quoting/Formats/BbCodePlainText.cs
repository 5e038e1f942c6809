using System.Text;

namespace EventForum.Threads.Quoting;

/// <summary>BBCode without its tags.</summary>
internal static class BbCodePlainText
{
    public static string Of(string text) => Text(BbCodeTree.Of(Legible.Of(text))).Trim('\n').TrimEnd();

    private static string Text(IEnumerable<BbCodeNode> nodes)
    {
        var text = new StringBuilder();
        BbCodeNode? before = null;
        foreach (var node in nodes)
        {
            var words = node switch
            {
                BbCodeNode.Text plain => plain.Words,
                BbCodeNode.Element element => Text(element),
                _ => "",
            };
            if (before is not null && text.Length > 0 && words.Length > 0)
                text.Append(Between(before, node, text[^1], words[0]));
            text.Append(words);
            before = node;
        }

        return text.ToString();
    }

    private static string Between(BbCodeNode before, BbCodeNode node, char last, char next) =>
        BbCodeTree.IsBlock(before) || BbCodeTree.IsBlock(node)
            ? last == '\n' || next == '\n'
                ? ""
                : "\n"
            // What would be a picture beside a word is an address here.
            : (BbCodeTree.IsAddress(before) || BbCodeTree.IsAddress(node))
            && BbCodeTree.IsOfWord(last)
            && BbCodeTree.IsOfWord(next)
                ? " "
                : "";

    private static string Text(BbCodeNode.Element element) =>
        element.Name switch
        {
            "code" or "php" or "html" => element.Content!.Trim('\n'),
            "url" when element.Content is null => Link(Text(element.Inner), element.Attribute!),
            "list" => string.Join(
                '\n',
                BbCodeTree.Items(element).Select((item, i) => Item(element, Text(item).Trim(), i))
            ),
            "table" => string.Join('\n', BbCodeTree.Parts(element.Inner, "tr").Select(row => Row(row.Inner))),
            "spoiler" when !string.IsNullOrWhiteSpace(element.Attribute) =>
                $"{element.Attribute}: {Text(element.Inner)}",
            "tr" or "td" or "th" or "li" => Text(element.Inner) + " ",
            _ => element.Content?.Trim() ?? Text(element.Inner),
        };

    private static string Item(BbCodeNode.Element list, string text, int place)
    {
        var mark = string.IsNullOrEmpty(list.Attribute) ? "- " : $"{place + 1}. ";
        return text.Length == 0 ? mark.TrimEnd() : MarkdownText.Indented(text, new string(' ', mark.Length), mark);
    }

    private static string Row(IReadOnlyList<BbCodeNode> row) =>
        string.Join(" | ", BbCodeTree.Parts(row, "td", "th").Select(cell => Text(cell.Inner).Trim()));

    private static string Link(string text, string target) =>
        text.Length == 0 ? target
        : string.Equals(text, target, StringComparison.Ordinal) ? text
        : $"{text} [{target}]";
}
