using EventForum.Access;
using Microsoft.Extensions.Caching.Memory;

namespace EventForum.Members;

/// <summary>
/// Members' cards as they are now, remembered for as long as names and titles may lag: they come from a view that does
/// so anyway. A page's look-up costs a query only for those that are older. Readers who see different boards share none.
/// </summary>
public sealed class MemberCards(MemberNames names, TimeProvider clock) : IDisposable
{
    /// <summary>How old a name or a title may be that is shown.</summary>
    public static readonly TimeSpan MayBe = TimeSpan.FromSeconds(2);

    private readonly MemoryCache known = new(new MemoryCacheOptions { SizeLimit = 50_000 });

    /// <summary>As they were at a time; null is now.</summary>
    /// <param name="fresh">Those of this very moment: a reader has waited for them.</param>
    public async Task<IReadOnlyDictionary<Guid, MemberCard>> FindAsync(
        IEnumerable<Guid> ids,
        Reader reader,
        DateTimeOffset? at,
        bool fresh,
        CancellationToken cancellation
    )
    {
        if (at is not null)
        {
            return await names.FindAsync(ids, reader, at, cancellation);
        }

        var scope = reader.SeesAllBoards ? "" : reader.Scope;
        var found = new Dictionary<Guid, MemberCard>();
        var unknown = new List<Guid>();
        foreach (var id in ids.Distinct())
        {
            if (
                !fresh
                && known.TryGetValue<Known>((id, scope), out var card)
                && clock.GetElapsedTime(card!.ReadAt) < MayBe
            )
            {
                found.Add(id, card.Card);
            }
            else
            {
                unknown.Add(id);
            }
        }

        // Read before, so that a card is never taken for newer than it is.
        var now = clock.GetTimestamp();
        foreach (var (id, card) in await names.FindAsync(unknown, reader, cancellation))
        {
            found.Add(id, card);
            known.Set((id, scope), new Known(card, now), new MemoryCacheEntryOptions { Size = 1 });
        }

        return found;
    }

    public void Dispose() => known.Dispose();

    private sealed record Known(MemberCard Card, long ReadAt);
}
