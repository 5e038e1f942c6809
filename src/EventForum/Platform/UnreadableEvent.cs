using Marten;

namespace EventForum.Platform;

/// <summary>Finds an event that no projection could take in, before a rebuild empties what others have filled.</summary>
internal static class UnreadableEvent
{
    private const int AtOnce = 2_000;

    /// <summary>Where the first one is and why it cannot be read, as sentences; null when all can be.</summary>
    public static async Task<string?> FindAsync(IDocumentStore store, TimeProvider clock)
    {
        var last = (await store.Advanced.FetchEventStoreStatistics()).EventSequenceNumber;
        return await Progress.ShowAsync("Events checked", clock, progress => FindAsync(store, last, progress));
    }

    private static async Task<string?> FindAsync(IDocumentStore store, long last, Action<long, long> progress)
    {
        for (var after = 0L; after < last; after += AtOnce)
        {
            if (await FailureAsync(store, after, after + AtOnce) is not null)
            {
                for (var position = after; position < after + AtOnce; position++)
                {
                    if (await FailureAsync(store, position, position + 1) is { } failure)
                    {
                        return $"The event at position {position + 1} cannot be read: {Outage.Reason(failure)}";
                    }
                }
            }

            progress(after, last);
        }

        return null;
    }

    /// <summary>What reading the events of some positions comes to; null when they can be read.</summary>
    private static async Task<Exception?> FailureAsync(IDocumentStore store, long after, long upTo)
    {
        await using var session = store.QuerySession();
        try
        {
            await session.Events.QueryAllRawEvents().Where(e => e.Sequence > after && e.Sequence <= upTo).ToListAsync();
            return null;
        }
        catch (Exception e) when (!Outage.Is(e))
        {
            return e;
        }
    }
}
