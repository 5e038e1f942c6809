using Npgsql;

namespace EventForum.Platform;

/// <summary>Lets a reader wait until a view has caught up with a write: <c>min-position</c> is the position of its receipt.</summary>
public sealed class ViewFreshness(
    NpgsqlDataSource database,
    [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource reads,
    TimeProvider clock
)
{
    /// <summary>How long a read waits for its view.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

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

    private static readonly Refusal Paused = new(
        503,
        "view-behind",
        "This view is paused, and has not come to this position.",
        "Ask without min-position for what there is, or again when an admin has resumed it."
    )
    {
        RetryAfter = 60,
    };

    /// <summary>Null once every one of the views shows the position.</summary>
    public async Task<Refusal?> WaitAsync(long? position, CancellationToken cancellation, params string[] views)
    {
        if (position is null)
        {
            return null;
        }

        var start = clock.GetTimestamp();
        var shards = views.Select(view => view + ":All").ToArray();
        var isKnown = false;
        while (true)
        {
            if (await ProgressAsync(shards, cancellation) >= position)
            {
                return null;
            }

            // What the sequence has come to only the database that is written to knows.
            if (!isKnown)
            {
                if (await LastAsync(cancellation) < position)
                {
                    return NoSuchPosition;
                }

                if (await IsPausedAsync(views, cancellation))
                {
                    return Paused;
                }

                isKnown = true;
            }

            if (clock.GetElapsedTime(start) > Patience)
            {
                return Behind;
            }

            await Task.Delay(Interval, clock, cancellation);
        }
    }

    private async Task<long> ProgressAsync(string[] shards, CancellationToken cancellation)
    {
        await using var command = reads.CreateCommand(
            $"""
            select coalesce((select min({MartenTables.ReachedPosition}) from {MartenTables.Progress}
                              where name = any($1) having count(*) = cardinality($1)), 0)
            """
        );
        command.Parameters.AddWithValue(shards);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private async Task<bool> IsPausedAsync(string[] views, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"select exists (select from {ViewRegistry.Table} where view = any($1) and paused_at is not null)"
        );
        command.Parameters.AddWithValue(views);
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private async Task<long> LastAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select last_value from {MartenTables.Positions}");
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
