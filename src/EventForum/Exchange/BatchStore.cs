namespace EventForum.Exchange;

/// <summary>Stores batches of events in their order, two at a time: while one is copied, the next is projected.</summary>
/// <param name="done">Gets what came of each batch, and its posts, in their order.</param>
internal sealed class BatchStore(PastEvents past, Action<Stored, int> done) : IAsyncDisposable
{
    private const int AtOnce = 2;

    private readonly Queue<(Task<Stored> Storing, int Posts)> begun = [];
    private StoreTurn? last;

    public async Task AddAsync(IReadOnlyList<PastEvent> events, int posts, CancellationToken cancellation)
    {
        last = new StoreTurn(last);
        begun.Enqueue((StoreAsync(events, last, cancellation), posts));
        if (begun.Count == AtOnce)
        {
            await TakeAsync();
        }
    }

    public async Task CompleteAsync()
    {
        while (begun.Count > 0)
        {
            await TakeAsync();
        }
    }

    /// <summary>Waits for what is begun; it fails for the same reason as what was before it.</summary>
    public async ValueTask DisposeAsync()
    {
        Task rest = Task.WhenAll(begun.Select(one => one.Storing));
        await rest.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task TakeAsync()
    {
        var (storing, posts) = begun.Dequeue();
        done(await storing, posts);
    }

    private async Task<Stored> StoreAsync(
        IReadOnlyList<PastEvent> events,
        StoreTurn turn,
        CancellationToken cancellation
    )
    {
        try
        {
            var stored = await past.StoreAsync(events, keepPositions: false, cancellation, turn);
            turn.Stored.SetResult();
            return stored;
        }
        catch (Exception e)
        {
            turn.Fail(e);
            throw;
        }
    }
}
