using System.Collections.Concurrent;
using Npgsql;

namespace EventForum.Platform;

/// <summary>Lets a reader wait until a view has caught up with a write: <c>min-position</c> is the position of its receipt.</summary>
public sealed class ViewFreshness(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>How long a read waits for its view.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>How long after its time an event may still be on its way into the database.</summary>
    private static readonly TimeSpan OnItsWay = TimeSpan.FromSeconds(5);

    /// <summary>How long an answer about the past waits for views, to be kept for ever.</summary>
    private static readonly TimeSpan JustBehind = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    private static readonly Refusal NoSuchPosition = new(
        422,
        "position-unknown",
        "The forum's history has not come to this position.",
        "min-position is the position of a receipt that this forum gave."
    );

    private static readonly Refusal Behind = new(
        503,
        "view-behind",
        "This view has not caught up yet.",
        "Ask again in a moment, or without min-position for what there is."
    )
    {
        RetryAfter = 1,
    };

    private readonly ConcurrentDictionary<string, (long LookedAt, DateTimeOffset Through)> reached = new(
        StringComparer.Ordinal
    );

    /// <summary>Null once every one of the views shows the position.</summary>
    public async Task<Refusal?> WaitAsync(long? position, CancellationToken cancellation, params string[] views)
    {
        if (position is null)
        {
            return null;
        }

        var start = clock.GetTimestamp();
        var shards = views.Select(view => view + ":All").ToArray();
        while (true)
        {
            var (least, last) = await ProgressAsync(shards, cancellation);
            if (least >= position)
            {
                return null;
            }

            if (position > last)
            {
                return NoSuchPosition;
            }

            if (clock.GetElapsedTime(start) > Patience)
            {
                return Behind;
            }

            await Task.Delay(Interval, clock, cancellation);
        }
    }

    /// <summary>
    /// Whether what the views say about a past time is what they will always say. Views that are only just behind are
    /// waited for.
    /// </summary>
    public async Task<bool> HaveSettledAsync(DateTimeOffset at, CancellationToken cancellation, params string[] views)
    {
        // What is stored by then may be older than what was stored before it.
        at += OnItsWay;
        if (at >= clock.GetUtcNow())
        {
            return false;
        }

        var key = string.Join(',', views);
        if (
            reached.TryGetValue(key, out var known)
            && known.Through > at
            && clock.GetElapsedTime(known.LookedAt) < LookAgainAfter
        )
        {
            return true;
        }

        var start = clock.GetTimestamp();
        var shards = views.Select(view => view + ":All").ToArray();
        long? target = null;
        while (true)
        {
            var now = clock.GetUtcNow();
            var (least, last, through) = await ReachAsync(shards, cancellation);
            target ??= last;
            if (through > at || least >= target)
            {
                reached[key] = (clock.GetTimestamp(), least >= last ? now : through);
                return true;
            }

            if (clock.GetElapsedTime(start) > JustBehind)
            {
                return false;
            }

            await Task.Delay(Interval, clock, cancellation);
        }
    }

    private async Task<(long Least, long Last, DateTimeOffset Through)> ReachAsync(
        string[] shards,
        CancellationToken cancellation
    )
    {
        // Positions follow time, except where an import tells of long ago: then only the end of it will do.
        await using var command = database.CreateCommand(
            $"""
            select p.least,
                   coalesce((select max(seq_id) from {Store.Schema}.mt_events), 0),
                   coalesce((select e.timestamp from {Store.Schema}.mt_events e
                              where e.seq_id <= p.least order by e.seq_id desc limit 1), 'epoch')
              from (select coalesce((select min(last_seq_id) from {Store.Schema}.mt_event_progression
                                      where name = any($1) having count(*) = cardinality($1)), 0) as least) p
            """
        );
        command.Parameters.AddWithValue(shards);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return (reader.GetInt64(0), reader.GetInt64(1), reader.GetFieldValue<DateTimeOffset>(2));
    }

    private async Task<(long Least, long Last)> ProgressAsync(string[] shards, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"""
            select coalesce((select min(last_seq_id) from {Store.Schema}.mt_event_progression
                              where name = any($1) having count(*) = cardinality($1)), 0),
                   (select last_value from {Store.Schema}.mt_events_sequence)
            """
        );
        command.Parameters.AddWithValue(shards);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }
}
