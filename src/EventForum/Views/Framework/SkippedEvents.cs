using Marten;

namespace EventForum.Views.Framework;

/// <summary>Which events an admin had a version of a view skip: by the events, since a rebuild makes the view before the rest.</summary>
internal static class SkippedEvents
{
    public static async Task<HashSet<(Guid StreamId, long Version)>> OfAsync(
        IQuerySession session,
        IView view,
        CancellationToken cancellation
    ) =>
        await session.Events.AggregateStreamAsync<ManagedView>(ViewStream.IdOf(view.Name), token: cancellation)
            is { } managed
            ?
            [
                .. managed
                    .Skipped.Where(skipped => skipped.ViewVersion == view.Version)
                    .Select(skipped => (skipped.StreamId, skipped.Version)),
            ]
            : [];
}
