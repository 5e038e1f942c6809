using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using EventForum.Platform;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Npgsql;
using NpgsqlTypes;

namespace EventForum.Exchange;

/// <summary>An event that happened before, here or elsewhere: with its id, stream, version, time and actor.</summary>
/// <param name="Kind">The kind of its stream, as the store names it: forum_thread, member, board.</param>
/// <param name="Data">The event's data as JSON, stored as it is.</param>
/// <param name="Headers">Its headers as JSON.</param>
/// <param name="File">The name of the file that tells it.</param>
/// <param name="Line">Where in the file, counted from 1.</param>
internal sealed record PastEvent(IEvent Event, string Kind, byte[] Data, byte[]? Headers, string File, int Line)
{
    public Defect Defect(string kind, string detail, string? stored)
    {
        var source = Event.Headers?.GetValueOrDefault("import") as IReadOnlyDictionary<string, object>;
        return new Defect(
            File,
            Line,
            kind,
            detail,
            Told("source"),
            Told("thread"),
            Told("post"),
            Encoding.UTF8.GetString(Data),
            stored
        );

        string? Told(string name) => source?.GetValueOrDefault(name)?.ToString();
    }
}

/// <summary>What became of some past events.</summary>
/// <param name="Known">Events that are there already.</param>
/// <param name="Defects">Each event that is left out, and each that is there with other data.</param>
internal sealed record Stored(int Added, int Known, IReadOnlyList<Defect> Defects);

/// <summary>
/// Stores events as they once happened, with COPY, and in the same transaction what the inline projections make of
/// them. An append of Marten's stamps events with the present and orders positions stream by stream; here both stay.
/// </summary>
internal sealed class PastEvents
{
    private const string Events = Store.Schema + ".mt_events";
    private const string Streams = Store.Schema + ".mt_streams";
    private const string Positions = Store.Schema + ".mt_events_sequence";

    private readonly DocumentStore store;
    private readonly IReadOnlyStoreOptions options;
    private readonly NpgsqlDataSource database;
    private readonly IReadOnlyList<IInlineProjection<IDocumentOperations>> projections;
    private readonly FrozenDictionary<string, IEventType> types;
    private readonly FrozenDictionary<string, Type> kinds;

    /// <summary>Streams of which an event was left out: nothing can follow it.</summary>
    private readonly HashSet<Guid> broken = [];

    public PastEvents(IDocumentStore store, NpgsqlDataSource database)
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
        kinds = all.SelectMany(projection => projection.PublishedTypes())
            .Distinct()
            .ToFrozenDictionary(this.store.Events.AggregateAliasFor, StringComparer.Ordinal);
    }

    public string KindOf<T>() => store.Events.AggregateAliasFor(typeof(T));

    public bool KnowsKind(string kind) => kinds.ContainsKey(kind);

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

    /// <exception cref="FormatException">Its data is not what its type has.</exception>
    public PastEvent Read(ExportedEvent exported, string file, int line)
    {
        try
        {
            var data = Encoding.UTF8.GetBytes(exported.Data.GetRawText());
            var headers = exported.Headers is { } given ? Encoding.UTF8.GetBytes(given.GetRawText()) : null;
            var e = store.Events.BuildEvent(store.Serializer.FromJson(TypeOf(exported.Type)!, new MemoryStream(data)));
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
    public async Task<Stored> StoreAsync(
        IReadOnlyList<PastEvent> events,
        bool keepPositions,
        CancellationToken cancellation
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var versions = await VersionsAsync(connection, events, cancellation);
        var stored = await StoredAsync(connection, events, versions, cancellation);
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
            await ProjectAsync(transaction, fresh, versions, cancellation);
            await NumberAsync(connection, fresh, keepPositions, cancellation);
            await CopyStreamsAsync(connection, fresh, versions, cancellation);
            await CopyEventsAsync(connection, fresh, cancellation);
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
                update {options.Schema.For(kind.Key)} d set mt_version = n.version
                  from unnest($1, $2) as n(id, version) where d.id = n.id and d.mt_version <> n.version
                """,
                transaction.Connection
            );
            command.Parameters.Add(new NpgsqlParameter { Value = kind.Select(stream => stream.Id).ToArray() });
            command.Parameters.Add(new NpgsqlParameter { Value = kind.Select(stream => stream.Version).ToArray() });
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    /// <summary>
    /// Gives the events their positions. Kept ones are for a forum that has not come so far. Altering the sequence
    /// waits for every transaction that has drawn a position, and lets none draw one meanwhile: all positions up to
    /// the last are settled, and the high-water mark may step over the gaps that the original left.
    /// </summary>
    private static async Task NumberAsync(
        NpgsqlConnection connection,
        List<PastEvent> events,
        bool keep,
        CancellationToken cancellation
    )
    {
        if (keep)
        {
            await ExecuteAsync($"alter sequence {Positions} increment by 1");
            var top = events[^1].Event.Sequence;
            if (await LastAsync() < events[0].Event.Sequence)
            {
                // The last position is drawn, as by an append: Marten takes one that is only to come for lost.
                await ExecuteAsync($"alter sequence {Positions} restart with {top}");
                await ExecuteAsync($"select nextval('{Positions}')");
                await ExecuteAsync(
                    $"""
                    insert into {Store.Schema}.mt_event_progression (name, last_seq_id) values ('HighWaterMark', {top})
                        on conflict (name) do update set last_seq_id = greatest(mt_event_progression.last_seq_id, {top})
                    """
                );
                return;
            }
        }

        await using var command = new NpgsqlCommand(
            $"select nextval('{Positions}') from generate_series(1, $1)",
            connection
        );
        command.Parameters.Add(new NpgsqlParameter { Value = events.Count });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        foreach (var past in events)
        {
            await reader.ReadAsync(cancellation);
            past.Event.Sequence = reader.GetInt64(0);
        }

        async Task ExecuteAsync(string sql)
        {
            await using var one = new NpgsqlCommand(sql, connection);
            await one.ExecuteNonQueryAsync(cancellation);
        }

        async Task<long> LastAsync()
        {
            await using var one = new NpgsqlCommand(
                $"select case when is_called then last_value else last_value - 1 end from {Positions}",
                connection
            );
            return (long)(await one.ExecuteScalarAsync(cancellation))!;
        }
    }

    private static async Task CopyStreamsAsync(
        NpgsqlConnection connection,
        List<PastEvent> events,
        Dictionary<Guid, long> versions,
        CancellationToken cancellation
    )
    {
        var streams = events.GroupBy(past => past.Event.StreamId).ToList();
        foreach (var grown in streams.Where(stream => versions.ContainsKey(stream.Key)))
        {
            await using var command = new NpgsqlCommand(
                $"update {Streams} set version = $2, timestamp = $3 where id = $1 and version = $4",
                connection
            );
            command.Parameters.Add(new NpgsqlParameter { Value = grown.Key });
            command.Parameters.Add(new NpgsqlParameter { Value = grown.Last().Event.Version });
            command.Parameters.Add(new NpgsqlParameter { Value = grown.Last().Event.Timestamp });
            command.Parameters.Add(new NpgsqlParameter { Value = versions[grown.Key] });
            if (await command.ExecuteNonQueryAsync(cancellation) != 1)
            {
                throw new InvalidOperationException($"Somebody wrote to stream {grown.Key} meanwhile: import again.");
            }
        }

        await using var writer = await connection.BeginBinaryImportAsync(
            $"copy {Streams} (id, type, version, created, timestamp) from stdin (format binary)",
            cancellation
        );
        foreach (var started in streams.Where(stream => !versions.ContainsKey(stream.Key)))
        {
            await writer.StartRowAsync(cancellation);
            await writer.WriteAsync(started.Key, NpgsqlDbType.Uuid, cancellation);
            await writer.WriteAsync(started.First().Kind, NpgsqlDbType.Varchar, cancellation);
            await writer.WriteAsync(started.Last().Event.Version, NpgsqlDbType.Bigint, cancellation);
            await writer.WriteAsync(started.First().Event.Timestamp, NpgsqlDbType.TimestampTz, cancellation);
            await writer.WriteAsync(started.Last().Event.Timestamp, NpgsqlDbType.TimestampTz, cancellation);
        }

        await writer.CompleteAsync(cancellation);
    }

    private static async Task CopyEventsAsync(
        NpgsqlConnection connection,
        List<PastEvent> events,
        CancellationToken cancellation
    )
    {
        await using var writer = await connection.BeginBinaryImportAsync(
            $"""
            copy {Events} (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type,
                           correlation_id, causation_id, headers, user_name) from stdin (format binary)
            """,
            cancellation
        );
        foreach (var (e, _, data, headers, _, _) in events)
        {
            await writer.StartRowAsync(cancellation);
            await writer.WriteAsync(e.Sequence, NpgsqlDbType.Bigint, cancellation);
            await writer.WriteAsync(e.Id, NpgsqlDbType.Uuid, cancellation);
            await writer.WriteAsync(e.StreamId, NpgsqlDbType.Uuid, cancellation);
            await writer.WriteAsync(e.Version, NpgsqlDbType.Bigint, cancellation);
            await writer.WriteAsync(data, NpgsqlDbType.Jsonb, cancellation);
            await WriteAsync(e.EventTypeName);
            await writer.WriteAsync(e.Timestamp, NpgsqlDbType.TimestampTz, cancellation);
            await WriteAsync(e.DotNetTypeName);
            await WriteAsync(e.CorrelationId);
            await WriteAsync(e.CausationId);
            await (
                headers is null
                    ? writer.WriteNullAsync(cancellation)
                    : writer.WriteAsync(headers, NpgsqlDbType.Jsonb, cancellation)
            );
            await WriteAsync(e.UserName);
        }

        await writer.CompleteAsync(cancellation);

        Task WriteAsync(string? text) =>
            text is null
                ? writer.WriteNullAsync(cancellation)
                : writer.WriteAsync(text, NpgsqlDbType.Varchar, cancellation);
    }

    private static async Task<Dictionary<Guid, long>> VersionsAsync(
        NpgsqlConnection connection,
        IReadOnlyList<PastEvent> events,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(
            $"select id, version from {Streams} where id = any($1)",
            connection
        );
        command.Parameters.Add(
            new NpgsqlParameter { Value = events.Select(past => past.Event.StreamId).Distinct().ToArray() }
        );
        var versions = new Dictionary<Guid, long>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            versions[reader.GetGuid(0)] = reader.GetInt64(1);
        }

        return versions;
    }

    /// <summary>What is stored as the events' versions: its id, and its data where the event has other data.</summary>
    private static async Task<Dictionary<(Guid, long), (Guid Id, string? OtherData)>> StoredAsync(
        NpgsqlConnection connection,
        IReadOnlyList<PastEvent> events,
        Dictionary<Guid, long> versions,
        CancellationToken cancellation
    )
    {
        var maybe = events
            .Where(past => past.Event.Version <= versions.GetValueOrDefault(past.Event.StreamId))
            .ToList();
        var stored = new Dictionary<(Guid, long), (Guid, string?)>();
        if (maybe.Count == 0)
        {
            return stored;
        }

        await using var command = new NpgsqlCommand(
            $"""
            select e.stream_id, e.version, e.id, case when e.data <> n.data then e.data::text end
              from unnest($1, $2, $3) as n(stream_id, version, data)
              join {Events} e on e.stream_id = n.stream_id and e.version = n.version
            """,
            connection
        );
        command.Parameters.Add(new NpgsqlParameter { Value = maybe.Select(past => past.Event.StreamId).ToArray() });
        command.Parameters.Add(new NpgsqlParameter { Value = maybe.Select(past => past.Event.Version).ToArray() });
        command.Parameters.Add(
            new NpgsqlParameter
            {
                Value = maybe.Select(past => past.Data).ToArray(),
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb,
            }
        );
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            stored[(reader.GetGuid(0), reader.GetInt64(1))] = (
                reader.GetGuid(2),
                await reader.IsDBNullAsync(3, cancellation) ? null : reader.GetString(3)
            );
        }

        return stored;
    }

    private byte[] Json(object value) => Encoding.UTF8.GetBytes(store.Serializer.ToJson(value));
}
