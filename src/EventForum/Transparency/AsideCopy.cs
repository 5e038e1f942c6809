using EventForum.Access;
using EventForum.Platform;
using Npgsql;

namespace EventForum.Transparency;

/// <summary>Copies what the forum holds as of one moment.</summary>
/// <param name="forum">The forum's database, in the transaction that says as of when.</param>
internal sealed class AsideCopy(AsideDatabase aside, NpgsqlConnection forum)
{
    /// <summary>How many positions are copied before it is said how far it is.</summary>
    private const int AtOnce = 50_000;

    private const string ForumTables = $"""
        select relname from pg_class where relnamespace = '{Store.Schema}'::regnamespace and relkind in ('r', 'p', 'm') order by 1
        """;

    /// <summary>The tables of the forum's database that cannot be compared, and why.</summary>
    public IReadOnlyList<(string Table, string Why)> NotCompared { get; private set; } = [];

    /// <summary>Copies the events, with their streams made of them.</summary>
    public async Task EventsAsync(
        IReadOnlyCollection<EventDescription> events,
        Func<Type, string> alias,
        Action<long, long> progress,
        CancellationToken cancellation
    )
    {
        await using var here = await aside.Source.OpenConnectionAsync(cancellation);
        await CopyAsync(
            here,
            $"select distinct stream_id from {MartenTables.EventTable}",
            $"{MartenTables.Streams} (id)",
            cancellation
        );
        var last = await LastAsync(cancellation);
        for (var (floor, ceiling) = (long.MinValue, 0L); floor < last; (floor, ceiling) = (ceiling, ceiling + AtOnce))
        {
            progress(Math.Max(0, floor), last);
            await CopyAsync(
                here,
                $"select {MartenTables.EventColumns} from {MartenTables.EventTable} where {MartenTables.Position} > {floor} and {MartenTables.Position} <= {ceiling}",
                $"{MartenTables.EventTable} ({MartenTables.EventColumns})",
                cancellation
            );
        }

        // Marten's tombstones, which fill gaps of positions, have a stream without a type, whose version stays 0.
        await using var streams = new NpgsqlCommand(
            $"""
            update {MartenTables.Streams} s set type = kind.name, version = case when kind.name is null then 0 else e.versions end
              from (select stream_id, max(version) as versions, (array_agg(type order by version))[1] as first
                      from {MartenTables.EventTable} group by 1) e
              left join unnest($1, $2) kind(event, name) on kind.event = e.first
             where s.id = e.stream_id
            """,
            here
        );
        streams.Parameters.AddWithValue(events.Select(description => description.Name).ToArray());
        streams.Parameters.AddWithValue(events.Select(description => alias(description.Stream.Aggregate)).ToArray());
        await streams.ExecuteNonQueryAsync(cancellation);
        await AsideDatabase.ExecuteAsync(here, $"analyze {MartenTables.EventTable}", cancellation);
    }

    /// <summary>Copies the rows that are made of the events, and how far each view is.</summary>
    public async Task RowsAsync(Action<long, long> progress, CancellationToken cancellation)
    {
        await using var here = await aside.Source.OpenConnectionAsync(cancellation);
        await AsideDatabase.ExecuteAsync(
            here,
            $"drop schema if exists {AsideDatabase.Stored} cascade; create schema {AsideDatabase.Stored}; create table {AsideDatabase.Stored}.progress (name text, position bigint)",
            cancellation
        );
        await CopyAsync(
            here,
            $"select name::text, {MartenTables.ReachedPosition} from {MartenTables.Progress}",
            $"{AsideDatabase.Stored}.progress",
            cancellation
        );
        ReadModelTable[] copied = [.. aside.Tables, aside.Texts];
        var known = copied.Select(table => table.Name).ToHashSet(StringComparer.Ordinal);
        NotCompared =
        [
            .. (await AsideDatabase.ListAsync(forum, ForumTables, cancellation))
                .Where(table => !known.Contains(table))
                .Select(table =>
                    (
                        $"{Store.Schema}.{table}",
                        ReadModelTables.WhyNotMadeOfEvents(table) ?? "this version of the program has no such table"
                    )
                ),
        ];
        foreach (var (done, table) in copied.Index())
        {
            progress(done, copied.Length);
            var columns = string.Join(", ", table.Columns.Select(column => $"\"{column}\""));
            await AsideDatabase.ExecuteAsync(
                here,
                $"create table {AsideDatabase.Stored}.{table.Name} as select {columns} from {Store.Schema}.{table.Name} limit 0",
                cancellation
            );
            await CopyAsync(
                here,
                $"select {columns} from {Store.Schema}.{table.Name}",
                $"{AsideDatabase.Stored}.{table.Name}",
                cancellation
            );
            await AsideDatabase.ExecuteAsync(here, $"analyze {AsideDatabase.Stored}.{table.Name}", cancellation);
        }
    }

    private async Task CopyAsync(NpgsqlConnection to, string query, string table, CancellationToken cancellation)
    {
        await using var reading = await forum.BeginRawBinaryCopyAsync(
            $"copy ({query}) to stdout (format binary)",
            cancellation
        );
        await using var writing = await to.BeginRawBinaryCopyAsync(
            $"copy {table} from stdin (format binary)",
            cancellation
        );
        await reading.CopyToAsync(writing, cancellation);
    }

    private async Task<long> LastAsync(CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"select coalesce(max({MartenTables.Position}), 0) from {MartenTables.EventTable}",
            forum
        );
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
