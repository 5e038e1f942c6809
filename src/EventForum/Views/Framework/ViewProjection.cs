using JasperFx.Events;
using Marten;
using Marten.Events.Projections;

namespace EventForum.Views.Framework;

/// <summary>A view as a projection of Marten's, which its daemon runs and whose progress it keeps.</summary>
internal sealed class ViewProjection(IView view, FoldPage fold) : IProjection
{
    public async Task ApplyAsync(
        IDocumentOperations operations,
        IReadOnlyList<IEvent> events,
        CancellationToken cancellation
    )
    {
        var page = await ViewFacts.OfAsync(operations, events, cancellation);
        // Asked each time: an event can be skipped while the view rests.
        var skipped = await SkippedEvents.OfAsync(operations, view, cancellation);
        await fold(
            operations,
            skipped.Count == 0 ? page : [.. page.Where(e => !skipped.Contains((e.Event.StreamId, e.Event.Version)))],
            cancellation
        );
    }
}
