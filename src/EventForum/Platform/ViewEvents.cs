using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using JasperFx.Events;
using Marten;
using Npgsql;

namespace EventForum.Platform;

/// <summary>
/// Reads events for views: position, stream, version, type, time, actor and data, but not the long texts of posts, which
/// are most of it. What several views ask for at about the same time is read once, and what they will ask for next is
/// read meanwhile.
/// </summary>
internal sealed class ViewEvents
{
    /// <summary>The most positions that a view takes in at once. A split at its multiples is the same for every view.</summary>
    public const int Most = 5_000;

    /// <summary>The header that says how many characters a text has that is left out.</summary>
    public const string BodyLength = "body-length";

    /// <summary>How many readings are kept for the views that come to them a little later.</summary>
    private const int Kept = 6;

    /// <summary>Taking the text out of an event costs more than reading it, unless it is long: so many bytes as they are stored.</summary>
    private const string IsLong = "pg_column_size(data) > 1500";

    private const string Sql = $"""
        select position, stream_id, version, type, timestamp, user_name, case when {IsLong} then data - 'body' else data end,
               headers ->> '{Telemetry.TraceParent}', case when {IsLong} then char_length(data ->> 'body') end, id, causation_id
          from {MartenTables.Events} e where position > $1 and position <= $2 order by position
        """;

    private static readonly ConditionalWeakTable<DocumentStore, ViewEvents> ByStore = [];

    private readonly DocumentStore store;
    private readonly FrozenDictionary<string, Type> types;
    private readonly Queue<(long Floor, long Ceiling, Task<List<IEvent>> Events)> recent = new();

    private ViewEvents(DocumentStore store)
    {
        this.store = store;
        types = store
            .Events.AllKnownEventTypes()
            .DistinctBy(type => type.EventTypeName, StringComparer.Ordinal)
            .ToFrozenDictionary(type => type.EventTypeName, type => type.EventType, StringComparer.Ordinal);
    }

    public static ViewEvents Of(DocumentStore store) => ByStore.GetValue(store, known => new ViewEvents(known));

    /// <summary>The parts of the positions above a floor up to a ceiling.</summary>
    public static IEnumerable<(long Floor, long Ceiling)> Split(long floor, long ceiling)
    {
        do
        {
            var next = Math.Min(ceiling, (floor / Most + 1) * Most);
            yield return (floor, next);
            floor = next;
        } while (floor < ceiling);
    }

    /// <summary>
    /// The events above a position up to another one, in their order. Long bodies are null; of headers there is the span.
    /// </summary>
    /// <param name="last">Up to where events may be read already: what comes next is read meanwhile.</param>
    public async Task<List<IEvent>> ReadAsync(long floor, long ceiling, CancellationToken cancellation, long last = 0)
    {
        var events = await Reading(floor, ceiling).WaitAsync(cancellation);
        if (ceiling < last)
        {
            var (from, to) = Split(ceiling, last).First();
            _ = Reading(from, to);
        }

        return events;
    }

    private Task<List<IEvent>> Reading(long floor, long ceiling)
    {
        lock (recent)
        {
            var reading = recent
                .Where(r => r.Floor == floor && r.Ceiling == ceiling && !r.Events.IsFaulted && !r.Events.IsCanceled)
                .Select(r => r.Events)
                .FirstOrDefault();
            if (reading is null)
            {
                // One view's end does not end a reading that others wait for.
                reading = Task.Run(() => ReadAsync(floor, ceiling), CancellationToken.None);
                recent.Enqueue((floor, ceiling, reading));
                if (recent.Count > Kept)
                {
                    recent.Dequeue();
                }
            }

            return reading;
        }
    }

    private async Task<List<IEvent>> ReadAsync(long floor, long ceiling)
    {
        var serializer = store.Options.Serializer();
        await using var session = store.QuerySession();
        await using var command = new NpgsqlCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = floor });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = ceiling });
        var events = new List<IEvent>();
        await using var reader = await session.ExecuteReaderAsync(command, CancellationToken.None);
        while (await reader.ReadAsync(CancellationToken.None))
        {
            if (!types.TryGetValue(reader.GetString(3), out var type))
            {
                continue;
            }

            var e = store.Events.BuildEvent(serializer.FromJson(type, reader, 6));
            e.Sequence = reader.GetInt64(0);
            e.StreamId = reader.GetGuid(1);
            e.Version = reader.GetInt64(2);
            e.Timestamp = reader.GetFieldValue<DateTimeOffset>(4);
            e.UserName = reader.IsDBNull(5) ? null : reader.GetString(5);
            e.TenantId = JasperFx.StorageConstants.DefaultTenantId;
            if (!reader.IsDBNull(7))
            {
                e.SetHeader(Telemetry.TraceParent, reader.GetString(7));
            }

            if (!reader.IsDBNull(8))
            {
                e.SetHeader(BodyLength, reader.GetInt32(8));
            }

            e.Id = reader.GetGuid(9);
            e.CausationId = reader.IsDBNull(10) ? null : reader.GetString(10);
            events.Add(e);
        }

        return events;
    }
}
