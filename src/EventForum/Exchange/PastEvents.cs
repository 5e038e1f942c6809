using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using EventForum.Access;
using EventForum.Platform;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Npgsql;

namespace EventForum.Exchange;

/// <summary>
/// Stores events as they once happened, with COPY, and in the same transaction what the inline projections make of
/// them. An append of Marten's stamps events with the present and orders positions stream by stream; here both stay.
/// </summary>
internal sealed class PastEvents
{
    private readonly DocumentStore store;
    private readonly IReadOnlyStoreOptions options;
    private readonly NpgsqlDataSource database;
    private readonly IReadOnlyList<IInlineProjection<IDocumentOperations>> projections;
    private readonly FrozenDictionary<string, IEventType> types;
    private readonly FrozenDictionary<string, Type> kinds;
    private readonly FrozenDictionary<Type, string> kindsOfEvents;

    /// <summary>Streams of which an event was left out: nothing can follow it.</summary>
    private readonly HashSet<Guid> broken = [];

    /// <summary>Streams of which an event is here with other words: what follows it in an export was said after those.</summary>
    private readonly HashSet<Guid> different = [];

    public PastEvents(IDocumentStore store, NpgsqlDataSource database, IReadOnlyCollection<EventDescription> events)
    {
        this.store = (DocumentStore)store;
        this.database = database;
        options = store.Options;
        var all = this
            .store.Options.Projections.All.Where(projection => projection.Lifecycle == ProjectionLifecycle.Inline)
            .ToList();
        projections = [.. all.Select(projection => projection.BuildForInline())];
        types = options
            .Events.AllKnownEventTypes()
            .DistinctBy(type => type.EventTypeName, StringComparer.Ordinal)
            .ToFrozenDictionary(type => type.EventTypeName, StringComparer.Ordinal);
        kindsOfEvents = events.ToFrozenDictionary(
            description => description.EventType,
            description => this.store.Events.AggregateAliasFor(description.Stream.Aggregate)
        );
        kinds = events
            .Select(description => description.Stream.Aggregate)
            .Distinct()
            .ToFrozenDictionary(this.store.Events.AggregateAliasFor, StringComparer.Ordinal);
    }

    public string KindOf<T>() => store.Events.AggregateAliasFor(typeof(T));

    /// <summary>The kind of the streams that hold an event of this type.</summary>
    public string KindOf(Type eventType) => kindsOfEvents.GetValueOrDefault(eventType) ?? "";

    public Type? TypeOf(string eventType) => types.GetValueOrDefault(eventType)?.EventType;

    /// <summary>A time that calendars and charts can count from and to: PostgreSQL takes the first of all for infinity.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static DateTimeOffset Plausible(DateTimeOffset time) =>
        time.Year is >= 1900 and < 9000
            ? time
            : throw new FormatException($"The year {time.Year} is not between 1900 and 9000.");

    /// <summary>An event of now, whose metadata the caller fills in.</summary>
    public PastEvent Build(string kind, object data, string file, int line, Action<IEvent> describe)
    {
        var e = store.Events.BuildEvent(data);
        describe(e);
        return new PastEvent(e, kind, Json(data), e.Headers is { Count: > 0 } ? Json(e.Headers) : null, file, line);
    }

    /// <exception cref="FormatException">Its type is not known here, or its data is not what its type has.</exception>
    public PastEvent Read(ExportedEvent exported, string file, int line)
    {
        var type = TypeOf(exported.Type) ?? throw new FormatException($"No event {exported.Type} is known here.");
        if (!kinds.ContainsKey(exported.StreamKind))
        {
            throw new FormatException($"No stream of kind {exported.StreamKind} is known here.");
        }

        if (
            exported.Data is { ValueKind: JsonValueKind.Object } said
            && said.TryGetProperty("quotes", out var quotes)
            && quotes.ValueKind == JsonValueKind.Array
            && quotes.EnumerateArray().Any(quote => quote.ValueKind == JsonValueKind.Null)
        )
        {
            throw new FormatException("A quote in it is none.");
        }

        try
        {
            var data = Encoding.UTF8.GetBytes(exported.Data.GetRawText());
            var headers = exported.Headers is { } given ? Encoding.UTF8.GetBytes(given.GetRawText()) : null;
            var e = store.Events.BuildEvent(
                JsonSerializer.Deserialize(data, type, StrictJson.Options)
                    ?? throw new FormatException("Its data is no object.")
            );
            e.Id = exported.Id;
            e.StreamId = exported.StreamId;
            e.Version = exported.Version;
            e.Sequence = exported.Position;
            e.Timestamp = exported.Time;
            e.UserName = exported.Actor;
            e.CorrelationId = exported.Correlation;
            e.CausationId = exported.Causation;
            e.Headers = headers is null
                ? null
                : store.Serializer.FromJson<Dictionary<string, object>>(new MemoryStream(headers));
            return new PastEvent(e, exported.StreamKind, data, headers, file, line);
        }
        catch (JsonException e)
        {
            throw new FormatException(e.Message, e);
        }
    }

    /// <summary>Stores the events that are not there yet, in their order: all in one transaction, or none.</summary>
    /// <param name="keepPositions">Whether events keep the positions that they have, as far as those are free.</param>
    /// <param name="turn">Where others are stored at the same time.</param>
    public async Task<Stored> StoreAsync(
        IReadOnlyList<PastEvent> events,
        bool keepPositions,
        CancellationToken cancellation,
        StoreTurn? turn = null
    )
    {
        turn ??= new StoreTurn(null);
        await turn.ProjectedBefore;
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var versions = await EventRows.VersionsAsync(connection, events, cancellation);
        var stored = await EventRows.StoredAsync(connection, events, versions, cancellation);
        var heads = new Dictionary<Guid, long>(versions);
        var defects = new List<Defect>();
        var known = 0;
        var fresh = new List<PastEvent>(events.Count);
        foreach (var past in events)
        {
            var e = past.Event;
            var head = heads.GetValueOrDefault(e.StreamId);
            var isStored = stored.TryGetValue((e.StreamId, e.Version), out var here);
            var refusal =
                broken.Contains(e.StreamId) ? "What comes before it is left out."
                : !isStored && keepPositions && different.Contains(e.StreamId)
                    ? "What comes before it has other words here; it is left out."
                : isStored && here.Id != e.Id
                    ? $"Version {e.Version} of stream {e.StreamId} is another event here; it is left out."
                : !isStored && e.Version != head + 1
                    ? $"Version {e.Version} of stream {e.StreamId} cannot follow version {head}; it is left out."
                : null;
            if (refusal is not null)
            {
                broken.Add(e.StreamId);
                defects.Add(past.Defect("conflict", refusal, null));
            }
            else if (isStored)
            {
                known++;
                if (here.OtherData is { } other)
                {
                    different.Add(e.StreamId);
                    defects.Add(
                        past.Defect("changed", "It is here already with other words; what is here stays.", other)
                    );
                }
            }
            else
            {
                heads[e.StreamId] = e.Version;
                fresh.Add(past);
            }
        }

        if (fresh.Count > 0)
        {
            await EventRows.NumberAsync(connection, fresh, keepPositions, cancellation);
            await ProjectAsync(transaction, fresh, versions, cancellation);
        }

        turn.Projected.SetResult();
        if (fresh.Count > 0)
        {
            await EventRows.CopyStreamsAsync(connection, fresh, versions, cancellation);
            await EventRows.CopyEventsAsync(connection, fresh, cancellation);
        }

        await turn.StoredBefore;
        if (fresh.Count > 0)
        {
            await transaction.CommitAsync(cancellation);
        }

        return new Stored(fresh.Count, known, defects);
    }

    /// <summary>What the inline projections do when the same events are appended.</summary>
    private async Task ProjectAsync(
        NpgsqlTransaction transaction,
        List<PastEvent> events,
        Dictionary<Guid, long> versions,
        CancellationToken cancellation
    )
    {
        var streams = events
            .GroupBy(past => past.Event.StreamId)
            .Select(group =>
            {
                var all = group.Select(past => past.Event).ToArray();
                var stream = versions.ContainsKey(group.Key)
                    ? StreamAction.Append(group.Key, all)
                    : StreamAction.Start(group.Key, all);
                stream.AggregateType = kinds[group.First().Kind];
                stream.TenantId = JasperFx.StorageConstants.DefaultTenantId;
                stream.Version = all[^1].Version;
                return stream;
            })
            .ToList();
        await using var session = store.LightweightSession(Marten.Services.SessionOptions.ForTransaction(transaction));
        foreach (var projection in projections)
        {
            await projection.ApplyAsync(session, streams, cancellation);
        }

        await session.SaveChangesAsync(cancellation);
        // Marten counts saves; a rebuild gives a document its stream's version.
        foreach (var kind in streams.GroupBy(stream => stream.AggregateType!))
        {
            await using var command = new NpgsqlCommand(
                $"""
                update {options.Schema.For(kind.Key)} d set {MartenTables.DocumentVersion} = n.version
                  from unnest($1, $2) as n(id, version) where d.id = n.id and d.{MartenTables.DocumentVersion} <> n.version
                """,
                transaction.Connection
            );
            command.Parameters.Add(new NpgsqlParameter { Value = kind.Select(stream => stream.Id).ToArray() });
            command.Parameters.Add(new NpgsqlParameter { Value = kind.Select(stream => stream.Version).ToArray() });
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    private byte[] Json(object value) => Encoding.UTF8.GetBytes(store.Serializer.ToJson(value));
}
