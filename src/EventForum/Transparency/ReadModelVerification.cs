using System.Text.Json;
using EventForum.Access;
using EventForum.Platform;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Npgsql;

namespace EventForum.Transparency;

/// <summary>A row that is not what the events say.</summary>
/// <param name="Table">With its schema.</param>
/// <param name="Key">Of the row, as JSON.</param>
/// <param name="What">The columns that differ, or that the row is missing or that there is none by the events.</param>
internal sealed record RowFlaw(string Table, string Key, string What)
{
    public const string Missing = "the row is missing";

    public const string None = "the events make no such row";

    public static string Differ(IEnumerable<string> columns) =>
        $"{string.Join(", ", columns)} is not what the events say";

    public override string ToString() => $"row: {Table} {Key}: {What}";
}

/// <param name="Flaws">Some of a table at most, in the order of tables and keys.</param>
/// <param name="Count">How many there are altogether.</param>
internal sealed record ReadModelReport(IReadOnlyList<RowFlaw> Flaws, long Count);

/// <summary>
/// Makes every projection of the program again from a copy of the events, each as far as it had come, and compares all rows that are
/// made of the events, table by table.
/// </summary>
internal sealed class ReadModelVerification(
    IDocumentStore store,
    IReadOnlyCollection<EventDescription> events,
    AsideDatabase aside
)
{
    /// <summary>How many rows of a table are named.</summary>
    public const int MostNamed = 100;

    /// <summary>How many positions the inline projections take in at once.</summary>
    private const int AtOnce = 2_000;

    private readonly DocumentStore store = (DocumentStore)store;

    /// <summary>Copies events and rows as of one moment.</summary>
    /// <param name="forum">The forum's database, in a transaction that sees one moment.</param>
    public async Task CopyAsync(NpgsqlConnection forum, Action<long, long> progress, CancellationToken cancellation)
    {
        await aside.CopyEventsAsync(forum, events, store.Events.AggregateAliasFor, progress, cancellation);
        await aside.CopyRowsAsync(forum, progress, cancellation);
    }

    /// <summary>Makes the rows again, by every projection of the program: the answer is their names.</summary>
    /// <exception cref="Exception">What a projection fails with: the events cannot be read, or make no sense to it.</exception>
    public async Task<IReadOnlyList<string>> BuildAsync(Action<long, long> progress, CancellationToken cancellation)
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

    /// <summary>Compares what was copied with what was made.</summary>
    public async Task<ReadModelReport> CompareAsync(Action<long, long> progress, CancellationToken cancellation)
    {
        var flaws = new List<RowFlaw>();
        var count = 0L;
        await using var connection = await aside.Source.OpenConnectionAsync(cancellation);
        foreach (var (done, table) in aside.Tables.Index())
        {
            progress(done, aside.Tables.Count + 1);
            await using var command = new NpgsqlCommand(Comparison(table), connection) { CommandTimeout = 0 };
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                count += flaws.Count == 0 || flaws[^1].Table != Qualified(table) ? reader.GetInt64(0) : 0;
                flaws.Add(
                    Difference(
                        table,
                        reader.IsDBNull(1) ? null : JsonElement.Parse(reader.GetString(1)),
                        reader.IsDBNull(2) ? null : JsonElement.Parse(reader.GetString(2))
                    )
                );
            }
        }

        var texts = 0;
        await foreach (var flaw in RenderedTextComparison.FindAsync(connection))
        {
            if (texts++ < MostNamed)
            {
                flaws.Add(flaw);
            }
        }

        return new ReadModelReport(flaws, count + texts);
    }

    /// <summary>What differs between a row and what the events make of it.</summary>
    internal static RowFlaw Difference(ReadModelTable table, JsonElement? stored, JsonElement? made)
    {
        var key = string.Join(
            ", ",
            table.Key.Select(column => $"{column} {(stored ?? made)!.Value.GetProperty(column)}")
        );
        return new RowFlaw(
            Qualified(table),
            key,
            stored is null ? RowFlaw.Missing
                : made is null ? RowFlaw.None
                : RowFlaw.Differ(Members("", stored.Value, made.Value))
        );
    }

    /// <summary>The columns that differ; of one that holds an object, its members.</summary>
    private static IEnumerable<string> Members(string path, JsonElement stored, JsonElement made) =>
        (stored.ValueKind, made.ValueKind) == (JsonValueKind.Object, JsonValueKind.Object)
            ? stored
                .EnumerateObject()
                .Concat(made.EnumerateObject())
                .Select(member => member.Name)
                .Distinct(StringComparer.Ordinal)
                .SelectMany(name =>
                {
                    var at = path.Length == 0 ? name : $"{path}.{name}";
                    return stored.TryGetProperty(name, out var one) && made.TryGetProperty(name, out var other)
                        ? JsonElement.DeepEquals(one, other)
                            ? []
                            : Members(at, one, other)
                        : [at];
                })
            : [path];

    private static string Qualified(ReadModelTable table) => $"{Store.Schema}.{table.Name}";

    /// <summary>How many rows differ, and some of them: as they are stored, and as the events make them.</summary>
    private static string Comparison(ReadModelTable table)
    {
        var key = string.Join(", ", table.Key.Select(column => $"\"{column}\""));
        return $"""
            select count(*) over (), to_jsonb(s) - 'there', to_jsonb(m) - 'there'
              from (select true as there, * from {AsideDatabase.Stored}.{table.Name}) s
              full join (select true as there, {Columns("t")} from {Qualified(table)} t) m using ({key})
             where s.there is null or m.there is null or ({Columns("s")}) is distinct from ({Columns("m")})
             order by {key} limit {MostNamed}
            """;

        string Columns(string alias) => string.Join(", ", table.Columns.Select(column => $"{alias}.\"{column}\""));
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
