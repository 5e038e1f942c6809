namespace EventForum.Exchange;

/// <summary>Has a post of a source stand in one thread: the first of a file that it comes with.</summary>
/// <param name="defect">Gets the line, the kind, the detail, what stood there, and what is stored.</param>
internal sealed class SourcePlaces(Action<SourceLine, string, string, string?, string?> defect)
{
    private readonly HashSet<Guid> met = [];

    /// <summary>The lines of a thread whose posts stand in no thread before it.</summary>
    /// <param name="here">What is stored of the thread already.</param>
    public List<SourceLine> Of(List<SourceLine> lines, ThreadHere? here = null)
    {
        var (own, posts) = (new List<SourceLine>(lines.Count), new HashSet<Guid>());
        foreach (var line in lines)
        {
            var post = SourcePosts.PostId(line);
            if (here?.IsElsewhere(line) == true)
            {
                own.Add(line);
            }
            else if (met.Contains(post))
            {
                defect(
                    line,
                    "post-twice",
                    "Another thread of the source has a post of this id; this one is not stored.",
                    line.Raw,
                    null
                );
            }
            else
            {
                posts.Add(post);
                own.Add(line);
            }
        }

        met.UnionWith(posts);
        return own;
    }
}
