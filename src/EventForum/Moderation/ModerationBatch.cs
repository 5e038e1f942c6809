using EventForum.Access;
using EventForum.Commands;
using JasperFx.Events;
using Marten.Events.Aggregation;

namespace EventForum.Moderation;

/// <summary>A batch, as far as others must know of it: what it undoes.</summary>
/// <param name="Kind">Empty for what a command did that is no batch of a request, once that is undone.</param>
public sealed record ModerationBatch(Guid Id, long Version, string Kind, Guid? UndoneBatchId)
{
    private static readonly AggregateKind AggregateKind = AggregateKind.Of<ModerationBatch>(Fold);

    public static StreamKey Stream(Guid id) => new(AggregateKind, id);

    public static ModerationBatch? Fold(ModerationBatch? batch, IEvent e) =>
        e.Data switch
        {
            BatchApplied done => new ModerationBatch(e.StreamId, 1, done.Kind, done.UndoneBatchId),
            BatchUndone when batch is null => new ModerationBatch(e.StreamId, 1, "", null),
            BatchUndone => batch with { Version = batch.Version + 1 },
            _ => batch,
        };
}

/// <summary>Keeps <see cref="ModerationBatch"/> beside its stream.</summary>
public sealed partial class ModerationBatchProjection : SingleStreamProjection<ModerationBatch, Guid>
{
    public ModerationBatchProjection()
    {
        IncludeType<BatchApplied>();
        IncludeType<BatchUndone>();
    }

    public override ModerationBatch? Evolve(ModerationBatch? snapshot, Guid id, IEvent e) =>
        ModerationBatch.Fold(snapshot, e);
}

internal static class BatchEventDescriptions
{
    private static readonly StreamKind Stream = new("batch", typeof(ModerationBatch));

    public static readonly EventDescription[] All =
    [
        Stream.Event<BatchApplied>((e, words) => $"{words.Actor} {Acts.Sentence(e.Kind)}{words.Because(e.Reason)}") with
        {
            IsForModerators = true,
        },
        Stream.Event<BatchUndone>((_, words) => $"{words.Actor} undid it") with
        {
            IsForModerators = true,
        },
    ];
}
