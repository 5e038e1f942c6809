using EventForum.Access;
using EventForum.Commands;
using EventForum.Platform;
using JasperFx.Events;
using Marten;
using Marten.Events.Aggregation;
using Marten.Events.Projections;

namespace EventForum.Views.Framework;

/// <summary>What admins did to a view, as commands see it.</summary>
public sealed record ManagedView(Guid Id, long Version, bool IsPaused, IReadOnlyList<SkippedEvent> Skipped)
{
    private static readonly AggregateKind Kind = AggregateKind.Of<ManagedView>(Fold);

    public static StreamKey Stream(string view) => new(Kind, ViewStream.IdOf(view));

    public static ManagedView? Fold(ManagedView? view, IEvent e)
    {
        var before = view ?? new ManagedView(e.StreamId, 0, false, []);
        return before.With(e.Data) with { Version = before.Version + 1 };
    }

    private ManagedView With(object data) =>
        data switch
        {
            ViewPaused => this with { IsPaused = true },
            ViewResumed => this with { IsPaused = false },
            ViewEventSkipped e => this with
            {
                Skipped = [.. Skipped, new SkippedEvent(e.ViewVersion, e.StreamId, e.EventVersion)],
            },
            _ => this,
        };
}

public sealed record SkippedEvent(int ViewVersion, Guid StreamId, long Version);

public sealed partial class ManagedViewProjection : SingleStreamProjection<ManagedView, Guid>
{
    public ManagedViewProjection()
    {
        foreach (var description in ManagedViewEventDescriptions.All)
        {
            IncludeType(description.EventType);
        }
    }

    public override ManagedView? Evolve(ManagedView? snapshot, Guid id, IEvent e) => ManagedView.Fold(snapshot, e);
}

/// <summary>Enters in the registry which views are paused, in the transaction that pauses them.</summary>
internal sealed class ViewPauses : IProjection
{
    public const string Name = "ViewPauses";

    public Task ApplyAsync(IDocumentOperations operations, IReadOnlyList<IEvent> events, CancellationToken cancellation)
    {
        foreach (var e in events)
        {
            if (e.Data is ViewPaused paused)
            {
                Enter(paused.Name, e.Timestamp);
            }
            else if (e.Data is ViewResumed resumed)
            {
                Enter(resumed.Name, null);
            }
        }

        return Task.CompletedTask;

        void Enter(string view, DateTimeOffset? at) =>
            operations.QueueSqlCommand(
                $"update {ViewRegistry.Table} set paused_at = ?::timestamptz where name = ?",
                at!,
                view
            );
    }
}

internal static class ManagedViewEventDescriptions
{
    private static readonly StreamKind Stream = new("view", typeof(ManagedView));

    public static readonly EventDescription[] All =
    [
        Stream.Event<ViewPaused>((e, words) => $"{words.Actor} paused the view {e.Name}{words.Because(e.Reason)}"),
        Stream.Event<ViewResumed>((e, words) => $"{words.Actor} resumed the view {e.Name}{words.Because(e.Reason)}"),
        Stream.Event<ViewEventSkipped>(
            (e, words) =>
                $"{words.Actor} had version {e.ViewVersion} of the view {e.Name} skip an event{words.Because(e.Reason)}"
        ) with
        {
            // The event may be of a board that is hidden.
            ForModerators = ["streamId", "eventVersion"],
        },
    ];
}
