using System.Text;

namespace EventForum.Threads.Quoting;

/// <summary>
/// Some spans of a body as they are searched: each run of white space is one space,
/// and a back slash that only shields a bracket or a fence (<see cref="QuoteTags.Shield"/>) is gone.
/// </summary>
internal sealed record FoldedText(string Text, IReadOnlyList<int> Positions)
{
    public static FoldedText Of(string body, IReadOnlyList<TextSpan> spans)
    {
        var text = new StringBuilder(body.Length);
        var positions = new List<int>(body.Length);
        foreach (var span in spans)
        {
            var gap = true;
            for (var i = span.Start; i < span.End; i++)
            {
                if (char.IsWhiteSpace(body[i]))
                {
                    gap = true;
                    continue;
                }

                if (Shields(body, i, span.End))
                    continue;
                if (gap && text.Length > 0)
                {
                    text.Append(' ');
                    positions.Add(i);
                }

                text.Append(body[i]);
                positions.Add(i);
                gap = false;
            }
        }

        return new(text.ToString(), positions);
    }

    /// <summary>Where the folded words stand in the body: their first occurrence.</summary>
    public TextSpan? Find(string folded)
    {
        var at = Text.IndexOf(folded, StringComparison.Ordinal);
        return at < 0 ? null : new(Positions[at], Positions[at + folded.Length - 1] + 1 - Positions[at]);
    }

    private static bool Shields(string body, int at, int end) =>
        body[at] == '\\' && at + 1 < end && body[at + 1] is ('[' or '`' or '~');
}
