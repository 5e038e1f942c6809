using Marten;

namespace EventForum.Views.Framework;

/// <summary>Which events an admin had a version of a view skip.</summary>
internal static class SkippedEvents
{
    public static async Task<HashSet<(Guid StreamId, long Version)>> OfAsync(
        IQuerySession session,
        IView view,
        CancellationToken cancellation
    ) =>
        await session.LoadAsync<ManagedView>(ViewStream.IdOf(view.Name), cancellation) is { } managed
            ?
            [
                .. managed
                    .Skipped.Where(skipped => skipped.ViewVersion == view.Version)
                    .Select(skipped => (skipped.StreamId, skipped.Version)),
            ]
            : [];
}
