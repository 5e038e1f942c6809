using EventForum.Members;

namespace EventForum.Threads.Reading;

/// <summary>
/// What a page was made of: it still stands while the threads that it shows have these versions and its members these
/// names and titles. Versions are those of the snapshots that the text came from, so none vouches for an older text.
/// </summary>
/// <param name="isFresh">Names and titles must be those of this very moment.</param>
internal sealed class PageBasis(Guid threadId, long version, bool isFresh)
{
    private readonly Dictionary<Guid, MemberCard> cards = [];

    public bool IsFresh => isFresh;

    /// <summary>By thread. Where a thread was read twice, the first look counts.</summary>
    public Dictionary<Guid, long> Versions { get; } = new() { [threadId] = version };

    public IReadOnlyDictionary<Guid, MemberCard> Cards => cards;

    public void Add(IEnumerable<SourceRow> sources, IReadOnlyDictionary<Guid, MemberCard> shown)
    {
        foreach (var source in sources)
        {
            Versions.TryAdd(source.ThreadId, source.ThreadVersion);
        }

        foreach (var (id, card) in shown)
        {
            cards.TryAdd(id, card);
        }
    }
}
