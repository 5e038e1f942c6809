using System.Threading.Channels;

namespace EventForum.Exchange;

/// <summary>Events to be stored in one transaction.</summary>
/// <param name="Posts">How many posts of the source they are taken to be, for its progress.</param>
internal sealed record EventBatch(IReadOnlyList<PastEvent> Events, int Posts);

/// <summary>
/// Stores batches of events in their order. While one is copied the next is projected, and the one after that is made.
/// </summary>
/// <param name="done">Gets what came of each batch, and its posts, in their order.</param>
internal sealed class BatchStore(PastEvents past, Action<Stored, int> done)
{
    private const int AtOnce = 2;

    private readonly Queue<(Task<Stored> Storing, int Posts)> begun = [];
    private StoreTurn? last;

    /// <summary>What is stored when it fails is the beginning of what was made.</summary>
    /// <param name="make">Makes the batches; it is told when no more are wanted.</param>
    public async Task StoreAsync(
        Func<CancellationToken, IAsyncEnumerable<EventBatch>> make,
        CancellationToken cancellation
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var made = Channel.CreateBounded<EventBatch>(1);
        var making = MakeAsync(make, made.Writer, stop.Token);
        try
        {
            await foreach (var (events, posts) in made.Reader.ReadAllAsync(cancellation))
            {
                last = new StoreTurn(last);
                begun.Enqueue((StoreAsync(events, last, cancellation), posts));
                if (begun.Count == AtOnce)
                {
                    await TakeAsync();
                }
            }

            while (begun.Count > 0)
            {
                await TakeAsync();
            }
        }
        finally
        {
            await stop.CancelAsync();
            await making;
            // They fail for the same reason as the one before.
            Task rest = Task.WhenAll(begun.Select(one => one.Storing));
            await rest.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Never fails itself: who reads the channel is told.</summary>
    private static Task MakeAsync(
        Func<CancellationToken, IAsyncEnumerable<EventBatch>> make,
        ChannelWriter<EventBatch> made,
        CancellationToken stop
    ) =>
        Task.Run(
            async () =>
            {
                Exception? failure = null;
                try
                {
                    await foreach (var batch in make(stop))
                    {
                        await made.WriteAsync(batch, stop);
                    }
                }
                catch (Exception e)
                {
                    failure = e;
                }

                made.Complete(failure);
            },
            CancellationToken.None
        );

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
