using System.Text;

namespace EventForum.Threads.Quoting;

/// <summary>Parts of a BBCode text as texts with whole tags.</summary>
internal static class BbCodeParts
{
    /// <summary>Words out of a text, without the tags whose partners were left behind in it.</summary>
    public static string WithoutLoneTags(string words)
    {
        var whole = new StringBuilder();
        var start = 0;
        foreach (var tag in BbCodeTags.In(words).Where(tag => tag.Kind == BbCodeTagKind.Text))
        {
            whole.Append(words, start, tag.Span.Start - start);
            start = tag.Span.End;
        }

        return whole.Append(words, start, words.Length - start).ToString();
    }

    /// <summary>What is open at the end of one text is closed there, and opened again in the next.</summary>
    public static IEnumerable<string> Balanced(IReadOnlyList<string> texts)
    {
        var all = string.Join('\n', texts);
        var tags = texts.Count > 1 ? BbCodeTags.In(all) : [];
        var open = new List<BbCodeTag>();
        var (start, next) = (0, 0);
        foreach (var text in texts)
        {
            var opened = string.Concat(open.Select(tag => tag.Span.In(all)));
            for (; next < tags.Count && tags[next].Span.Start < start + text.Length; next++)
            {
                switch (tags[next].Kind)
                {
                    case BbCodeTagKind.Opens:
                        open.Add(tags[next]);
                        break;
                    case BbCodeTagKind.Closes:
                        var closed = open.FindLastIndex(tag => tag.Name == tags[next].Name);
                        open.RemoveRange(closed, open.Count - closed);
                        break;
                    case BbCodeTagKind.Item:
                        var list = open.FindLastIndex(tag => tag.Name == "list");
                        open.RemoveRange(list + 1, open.Count - list - 1);
                        break;
                }
            }

            yield return opened + text + string.Concat(open.AsEnumerable().Reverse().Select(tag => $"[/{tag.Name}]"));
            start += text.Length + 1;
        }
    }
}
