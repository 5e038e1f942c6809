using JasperFx.Events;
using Marten;
using Marten.Services.BatchQuerying;

namespace EventForum.Commands;

/// <summary>A stream that a command may write to, whether it is there or not.</summary>
public readonly record struct StreamKey(AggregateKind Kind, Guid Id);

/// <summary>A kind of aggregate that commands write to: how its stream is fetched, and what an event makes of it.</summary>
public sealed class AggregateKind
{
    private readonly Func<IBatchedQuery, StreamKey, Task<StreamState>> fetch;
    private readonly Action<IDocumentSession, Guid, IEvent> start;
    private readonly Func<object?, IEvent, object?> fold;

    private AggregateKind(
        Func<IBatchedQuery, StreamKey, Task<StreamState>> fetch,
        Action<IDocumentSession, Guid, IEvent> start,
        Func<object?, IEvent, object?> fold
    ) => (this.fetch, this.start, this.fold) = (fetch, start, fold);

    public static AggregateKind Of<T>(Func<T?, IEvent, T?> fold)
        where T : class =>
        new(
            async (batch, key) =>
            {
                var stream = await batch.Events.FetchForWriting<T>(key.Id);
                return new StreamState(key, stream.Aggregate, stream.CurrentVersion ?? 0, stream.AppendOne);
            },
            (session, id, e) => session.Events.StartStream<T>(id, e),
            (aggregate, e) => fold((T?)aggregate, e)
        );

    /// <summary>Asks for the stream with the batch's query, and has its version checked when events are saved.</summary>
    internal Task<StreamState> FetchAsync(IBatchedQuery batch, Guid id) =>
        // The store takes the id of zeros for none.
        id == Guid.Empty
            ? Task.FromResult(
                new StreamState(
                    new StreamKey(this, id),
                    null,
                    0,
                    _ => throw new InvalidOperationException("The id of zeros is no stream's.")
                )
            )
            : fetch(batch, new StreamKey(this, id));

    /// <summary>Starts a stream whose id nobody can know of yet.</summary>
    internal void Start(IDocumentSession session, Guid id, IEvent e) => start(session, id, e);

    internal object? Fold(object? aggregate, IEvent e) => fold(aggregate, e);
}
