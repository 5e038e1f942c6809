namespace EventForum.Questions.Policies;

/// <summary>
/// When a member wrote: posts and edits in the order of their times. An import brings them in another order.
/// </summary>
internal sealed class WriterHistory
{
    private readonly List<(DateTimeOffset At, long Position)> posts = [];
    private readonly List<(DateTimeOffset At, long Position)> edits = [];
    private bool isSorted = true;

    public void Add(DateTimeOffset at, long position, bool isEdit)
    {
        var list = isEdit ? edits : posts;
        isSorted &= list.Count == 0 || list[^1].CompareTo((at, position)) < 0;
        list.Add((at, position));
    }

    /// <summary>How many posts the member had written before that one.</summary>
    public int PostsBefore(DateTimeOffset at, long position) => Before(Sorted().posts, at, position);

    /// <summary>How many posts, and edits if they count, the member wrote in a span that ends with that one, itself among them.</summary>
    public int WritesWithin(DateTimeOffset at, long position, TimeSpan span, bool withEdits)
    {
        Sorted();
        return Within(posts) + (withEdits ? Within(edits) : 0);

        int Within(List<(DateTimeOffset, long)> list) =>
            Before(list, at, position + 1) - Before(list, at - span, long.MaxValue);
    }

    private static int Before(List<(DateTimeOffset, long)> list, DateTimeOffset at, long position)
    {
        var index = list.BinarySearch((at, position));
        return index < 0 ? ~index : index;
    }

    private WriterHistory Sorted()
    {
        if (!isSorted)
        {
            posts.Sort();
            edits.Sort();
            isSorted = true;
        }

        return this;
    }
}
