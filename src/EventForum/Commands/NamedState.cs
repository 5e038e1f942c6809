using EventForum.Platform;
using JasperFx.Events;
using Marten;
using Marten.Services.BatchQuerying;

namespace EventForum.Commands;

/// <summary>What rules look at beside the streams that they write to, kept up as a batch goes on.</summary>
public interface INamedState
{
    /// <summary>What an event of this batch makes of it: a later command in the batch must see it.</summary>
    void Evolve(IEvent e, string actorName);
}

/// <summary>How a feature loads what the commands of a batch name beside streams. Its module registers it.</summary>
/// <param name="IsNamedBy">Whether a command names any of it.</param>
/// <param name="NeedsStreams">Whether it is asked for when the streams are known, not together with them.</param>
/// <param name="LoadAsync">Loads it; empty where no command names any.</param>
public sealed record NamedStateSource(
    Func<PendingCommand, bool> IsNamedBy,
    bool NeedsStreams,
    Func<NamedStateQuery, Task<INamedState>> LoadAsync
);

/// <param name="Commands">The commands of the batch.</param>
/// <param name="Batch">The query that loads the streams, too: what it is asked before it is sent comes with them.</param>
/// <param name="Session">For what is asked when the streams are known.</param>
/// <param name="Streams">The streams; empty until they are known.</param>
public sealed record NamedStateQuery(
    IReadOnlyList<PendingCommand> Commands,
    IBatchedQuery Batch,
    IDocumentSession Session,
    IReadOnlyDictionary<StreamKey, StreamState> Streams
)
{
    public T? Find<T>(StreamKey stream)
        where T : class => (T?)Streams[stream].Aggregate;
}

/// <summary>Hears of each stream of a batch that was stored with new events. A feature's module registers it.</summary>
public delegate void StreamStored(StreamState stream);

/// <summary>
/// A constraint that a command breaks only when the state that rules decide with is older than the events: another
/// attempt does not help. A feature's module registers it.
/// </summary>
/// <param name="Constraint">Its name in the database.</param>
/// <param name="Refusal">What the command is answered.</param>
public sealed record StateIsBehind(string Constraint, Refusal Refusal);
