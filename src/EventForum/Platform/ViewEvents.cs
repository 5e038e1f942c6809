using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using JasperFx.Events;
using Marten;
using Marten.Storage;
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

    /// <summary>How many pages are read before they are asked for.</summary>
    private const int Ahead = 2;

    /// <summary>How long a view that is ahead waits for one that does not move.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Taking the text out of an event costs more than reading it, unless it is long: so many bytes as they are stored.</summary>
    private const string IsLong = "pg_column_size(data) > 1500";

    private const string Sql = $"""
        select position, stream_id, version, type, timestamp, user_name, case when {IsLong} then data - 'body' else data end,
               headers ->> '{Telemetry.TraceParent}', case when {IsLong} and not data ? 'mask' then char_length(data ->> 'body') end, id, causation_id
          from {MartenTables.Events} e where position > $1 and position <= $2 order by position
        """;

    private static readonly ConditionalWeakTable<IMartenDatabase, ViewEvents> ByDatabase = [];

    private readonly Func<long, long, Task<List<IEvent>>> load;
    private readonly TimeProvider clock;
    private readonly Queue<(long Floor, long Ceiling, Task<List<IEvent>> Events)> recent = new();

    /// <summary>Where each view is: the floor of the page that it reads next.</summary>
    private readonly Dictionary<string, long> views = new(StringComparer.Ordinal);
    private TaskCompletionSource moved = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="load">Reads the events above a position up to another one.</param>
    internal ViewEvents(Func<long, long, Task<List<IEvent>>> load, TimeProvider clock) =>
        (this.load, this.clock) = (load, clock);

    /// <param name="store">How events are read.</param>
    /// <param name="database">Where; without it, where the store keeps them.</param>
    public static ViewEvents Of(DocumentStore store, IMartenDatabase? database = null) =>
        ByDatabase.GetValue(
            database ?? store.Tenancy.Default.Database,
            where =>
            {
                var types = store
                    .Events.AllKnownEventTypes()
                    .DistinctBy(type => type.EventTypeName, StringComparer.Ordinal)
                    .ToFrozenDictionary(type => type.EventTypeName, type => type.EventType, StringComparer.Ordinal);
                return new ViewEvents(
                    (floor, ceiling) => LoadAsync(store, where, types, floor, ceiling),
                    TimeProvider.System
                );
            }
        );

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
    public Task<List<IEvent>> ReadAsync(long floor, long ceiling, CancellationToken cancellation) =>
        Reading(floor, ceiling).WaitAsync(cancellation);

    /// <summary>The same for a view that the daemon keeps up.</summary>
    /// <param name="last">Up to where events may be read already: what comes next is read meanwhile.</param>
    public async Task<List<IEvent>> ReadAsync(
        string view,
        long floor,
        long ceiling,
        long last,
        CancellationToken cancellation
    )
    {
        var events = await ReadTogetherAsync(view, floor, ceiling, cancellation);
        var next = ceiling < last ? Split(ceiling, last).Take(Ahead) : [];
        lock (recent)
        {
            // None is left out: pages are kept in their order.
            foreach (var (from, to) in next.TakeWhile(page => Others(view, page.Floor, page.Ceiling).Count == 0))
            {
                _ = Reading(from, to);
            }
        }

        return events;
    }

    /// <summary>
    /// Views that are built together stay together: one that is ahead waits for those that come next to the page that its
    /// own would push out. One that does not come is not waited for again until it moves.
    /// </summary>
    private async Task<List<IEvent>> ReadTogetherAsync(
        string view,
        long floor,
        long ceiling,
        CancellationToken cancellation
    )
    {
        while (true)
        {
            List<string> waiting;
            Task<List<IEvent>>? reading;
            Task others;
            lock (recent)
            {
                var before = views.TryGetValue(view, out var known) ? known : -1;
                waiting = Others(view, floor, ceiling);
                reading = waiting.Count == 0 ? Reading(floor, ceiling) : null;
                // At once: who waits for this view may push out its page now.
                views[view] = reading is null ? floor : ceiling;
                if (views[view] != before)
                {
                    moved.SetResult();
                    moved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }

                others = moved.Task;
            }

            if (reading is not null)
            {
                return await reading.WaitAsync(cancellation);
            }

            await others
                .WaitAsync(Patience, clock, cancellation)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
            lock (recent)
            {
                foreach (var other in others.IsCompleted ? [] : waiting)
                {
                    views.Remove(other);
                }
            }
        }
    }

    /// <summary>The other views that lose what they come to next when a page is read.</summary>
    private List<string> Others(string view, long floor, long ceiling) =>
        ceiling - floor == Most
        && recent.Count == Kept
        && recent.Peek().Floor is var oldest
        && !recent.Any(reading => reading.Floor == floor && reading.Ceiling == ceiling)
            ?
            [
                .. views
                    .Where(other => other.Key != view && other.Value >= oldest && other.Value < oldest + Most)
                    .Select(other => other.Key),
            ]
            : [];

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
                reading = Task.Run(() => load(floor, ceiling), CancellationToken.None);
                recent.Enqueue((floor, ceiling, reading));
                if (recent.Count > Kept)
                {
                    recent.Dequeue();
                }
            }

            return reading;
        }
    }

    private static async Task<List<IEvent>> LoadAsync(
        DocumentStore store,
        IMartenDatabase database,
        FrozenDictionary<string, Type> types,
        long floor,
        long ceiling
    )
    {
        var serializer = store.Options.Serializer();
        await using var session = store.QuerySession(Marten.Services.SessionOptions.ForDatabase(database));
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

            var e = store.Events.BuildEvent(
                serializer.FromJson(type, new MemoryStream(reader.GetFieldValue<byte[]>(6)))
            );
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
