using EventForum.Access;
using EventForum.Platform;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;

namespace EventForum.Transparency;

/// <summary>Has every projection of the program make its rows again from a copy of the events, each as far as it had come.</summary>
internal sealed class ReadModelBuild(
    IDocumentStore store,
    IReadOnlyCollection<EventDescription> events,
    AsideDatabase aside
)
{
    /// <summary>How many positions the inline projections take in at once.</summary>
    private const int AtOnce = 2_000;

    private readonly DocumentStore store = (DocumentStore)store;

    /// <summary>Makes the rows again; the answer is the names of all projections.</summary>
    /// <exception cref="Exception">What a projection fails with: the events cannot be read, or make no sense to it.</exception>
    public async Task<IReadOnlyList<string>> RunAsync(Action<long, long> progress, CancellationToken cancellation)
    {
        // Which views there are is no event; that one was paused is.
        await using (
            var registry = aside.Source.CreateCommand(
                $"insert into {ViewRegistry.Table} (view, name, version) select view, name, version from {AsideDatabase.Stored}.views"
            )
        )
        {
            await registry.ExecuteNonQueryAsync(cancellation);
        }

        var projections = store.Options.Projections.All;
        var newest = await NewestAsync(cancellation);
        var inline = projections.Where(projection => projection.Lifecycle == ProjectionLifecycle.Inline).ToList();
        await ProjectAsync(inline, newest, position => progress(position, 2 * newest), cancellation);
        var reached = await ReachedAsync(cancellation);
        var views = projections
            .Where(projection => projection.Lifecycle == ProjectionLifecycle.Async)
            .Cast<View>()
            .Select(view => (View: view, Reached: reached.GetValueOrDefault($"{view.Name}:All")))
            .ToList();
        await FoldAsync(views, position => progress(newest + position, 2 * newest), cancellation);
        return [.. inline.Select(projection => projection.Name), .. views.Select(view => view.View.Name)];
    }

    /// <summary>Has the inline projections take in all events, some at a time, as when they are appended.</summary>
    private async Task ProjectAsync(
        IEnumerable<IProjectionSource<IDocumentOperations, IQuerySession>> projections,
        long newest,
        Action<long> progress,
        CancellationToken cancellation
    )
    {
        var inline = projections.Select(projection => projection.BuildForInline()).ToList();
        var kinds = events
            .DistinctBy(description => description.EventType)
            .ToDictionary(description => description.EventType, description => description.Stream.Aggregate);
        for (var floor = 0L; floor < newest; floor += AtOnce)
        {
            progress(floor);
            var ceiling = floor + AtOnce;
            await using var session = store.LightweightSession(
                Marten.Services.SessionOptions.ForDatabase(aside.Marten)
            );
            var page = await session
                .Events.QueryAllRawEvents()
                .Where(e => e.Sequence > floor && e.Sequence <= ceiling)
                .OrderBy(e => e.Sequence)
                .ToListAsync(cancellation);
            var streams = page.Where(e => kinds.ContainsKey(e.EventType))
                .GroupBy(e => e.StreamId)
                .Select(stream => StreamOf([.. stream], kinds))
                .ToList();
            foreach (var projection in inline)
            {
                await projection.ApplyAsync(session, streams, cancellation);
            }

            await session.SaveChangesAsync(cancellation);
        }

        // Marten counts saves; an append gives a document its stream's version.
        foreach (var kind in kinds.Values.Distinct())
        {
            await using var command = aside.Source.CreateCommand(
                $"""
                update {((IDocumentStore)store).Options.Schema.For(
                    kind
                )} d set {MartenTables.DocumentVersion} = s.version
                  from {MartenTables.Streams} s where s.id = d.id and d.{MartenTables.DocumentVersion} <> s.version
                """
            );
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    private static StreamAction StreamOf(IEvent[] events, Dictionary<Type, Type> kinds)
    {
        var stream =
            events[0].Version == 1
                ? StreamAction.Start(events[0].StreamId, events)
                : StreamAction.Append(events[0].StreamId, events);
        stream.AggregateType = kinds[events[0].EventType];
        stream.TenantId = JasperFx.StorageConstants.DefaultTenantId;
        stream.Version = events[^1].Version;
        return stream;
    }

    /// <summary>Has every view take in the events up to where it was, a page for all of them after the other.</summary>
    private async Task FoldAsync(
        List<(View View, long Reached)> views,
        Action<long> progress,
        CancellationToken cancellation
    )
    {
        var reading = ViewEvents.Of(store, aside.Marten);
        var last = views.Count == 0 ? 0 : views.Max(view => view.Reached);
        foreach (var (floor, ceiling) in last == 0 ? [] : ViewEvents.Split(0, last))
        {
            progress(floor);
            var page = await reading.ReadAsync(floor, ceiling, cancellation);
            foreach (var (view, reached) in views.Where(view => view.Reached > floor))
            {
                var part = reached >= ceiling ? page : [.. page.Where(e => e.Sequence <= reached)];
                await using var session = store.LightweightSession(
                    Marten.Services.SessionOptions.ForDatabase(aside.Marten)
                );
                await view.Inner.ApplyAsync(session, part, cancellation);
                await session.SaveChangesAsync(cancellation);
            }
        }
    }

    private async Task<Dictionary<string, long>> ReachedAsync(CancellationToken cancellation)
    {
        await using var command = aside.Source.CreateCommand(
            $"select name, position from {AsideDatabase.Stored}.progress where position is not null"
        );
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var reached = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation))
        {
            reached[reader.GetString(0)] = reader.GetInt64(1);
        }

        return reached;
    }

    private async Task<long> NewestAsync(CancellationToken cancellation)
    {
        await using var command = aside.Source.CreateCommand(
            $"select coalesce(max({MartenTables.Position}), 0) from {MartenTables.EventTable}"
        );
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
