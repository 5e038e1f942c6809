using EventForum.Platform;
using JasperFx.Events;
using Marten;

namespace EventForum.Commands;

/// <summary>What a command came to, to be answered when the batch is stored.</summary>
/// <param name="StreamId">The first stream that was written to.</param>
/// <param name="Receipt">Null when it was refused; still without positions.</param>
/// <param name="Last">The last event of each stream that was written to: it learns its position when it is stored.</param>
internal sealed record DecidedCommand(Guid StreamId, Receipt? Receipt, IReadOnlyList<IEvent> Last)
{
    public DecidedCommand()
        : this(Guid.Empty, null, []) { }

    public PendingCommand? Command { get; init; }

    public Refusal? Refusal { get; init; }

    public Exception? Failure { get; init; }

    /// <summary>What a command with this key came to before.</summary>
    public static async Task<DecidedCommand> OfAsync(GivenAnswer answer, IQuerySession session)
    {
        var receipt = answer.Receipt;
        var last = new List<IEvent>();
        foreach (var (id, version, _) in receipt.Streams ?? [new StreamReceipt(answer.StreamId, receipt.Version)])
        {
            last.Add((await session.Events.FetchStreamAsync(id, version, fromVersion: version))[^1]);
        }

        return new DecidedCommand(answer.StreamId, receipt, last);
    }

    public void Answer()
    {
        if (Failure is not null)
        {
            Command!.Fail(Failure);
        }
        else
        {
            Command!.Answer(Refusal is not null ? Refusal : new CommandResult(Placed(Receipt!), null, StreamId));
        }
    }

    /// <summary>The receipt with positions, of one stream or of several.</summary>
    private Receipt Placed(Receipt receipt) =>
        receipt.Streams is null
            ? receipt with
            {
                Position = Last[0].Sequence,
            }
            : receipt with
            {
                Position = Last.Max(e => e.Sequence),
                Streams = [.. receipt.Streams.Select((stream, i) => stream with { Position = Last[i].Sequence })],
            };
}
