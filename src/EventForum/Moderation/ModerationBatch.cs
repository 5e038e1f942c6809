using EventForum.Access;
using EventForum.Commands;
using JasperFx.Events;
using Marten.Events.Aggregation;

namespace EventForum.Moderation;

/// <summary>A batch, as far as others must know of it: what it undoes.</summary>
public sealed record ModerationBatch(Guid Id, long Version, string Kind, Guid? UndoneBatchId)
{
    private static readonly AggregateKind AggregateKind = AggregateKind.Of<ModerationBatch>(Fold);

    public static StreamKey Stream(Guid id) => new(AggregateKind, id);

    public static ModerationBatch? Fold(ModerationBatch? batch, IEvent e) =>
        e.Data is BatchApplied done ? new ModerationBatch(e.StreamId, 1, done.Kind, done.UndoneBatchId) : batch;
}

/// <summary>Keeps <see cref="ModerationBatch"/> beside its stream.</summary>
public sealed partial class ModerationBatchProjection : SingleStreamProjection<ModerationBatch, Guid>
{
    public ModerationBatchProjection() => IncludeType<BatchApplied>();

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
    ];
}
