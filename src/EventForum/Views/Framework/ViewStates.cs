using EventForum.Platform;
using Npgsql;

namespace EventForum.Views.Framework;

/// <summary>How a version of a view stands.</summary>
/// <param name="Name">The view's name.</param>
/// <param name="Version">The version; several of one view while one takes over from another.</param>
/// <param name="Summary">What it shows; null for a version that the program does not have any more.</param>
/// <param name="State">
/// building: from the first event, and it does not answer yet; live; paused: an admin had it stop; failed: it threw, and is
/// tried again; superseded: the program has another version, or the view no more.
/// </param>
/// <param name="Answers">Whether it is the version that answers.</param>
/// <param name="Position">The position of the last event that it has taken in.</param>
/// <param name="EventsBehind">How many positions it is behind the newest event.</param>
/// <param name="SecondsBehind">How long ago the oldest event came that it has not taken in.</param>
/// <param name="EventsPerSecond">How many it took in over the last seconds.</param>
/// <param name="SecondsLeft">How long it takes to the newest event at that speed; null where that is not known.</param>
/// <param name="Bytes">The size of its tables with their indexes; null where it shares them.</param>
/// <param name="Failure">What it failed with, and on which event; null when it did not, or has moved on.</param>
/// <param name="KeptUpBy">The server that keeps it up; null for none just now.</param>
public sealed record ViewStatus(
    string Name,
    int Version,
    string? Summary,
    string State,
    bool Answers,
    long Position,
    long EventsBehind,
    double SecondsBehind,
    double EventsPerSecond,
    double? SecondsLeft,
    long? Bytes,
    DateTimeOffset BeganAt,
    DateTimeOffset? CaughtUpAt,
    DateTimeOffset? PausedAt,
    string? Failure,
    DateTimeOffset? FailedAt,
    string? KeptUpBy
);

/// <summary>Every version of every view there is, as it stands.</summary>
public sealed class ViewStates(
    NpgsqlDataSource database,
    IEnumerable<ViewDefinition> views,
    ViewQueries queries,
    ViewWatch watch
)
{
    private static readonly string Sql = $"""
        select entry.view, entry.name, entry.version, entry.began_at, entry.caught_up_at, entry.paused_at, entry.failure,
               entry.failed_at, coalesce(reached.{MartenTables.ReachedPosition}, 0),
               pg_total_relation_size(to_regclass('{Store.Schema}.view_' || replace(entry.name, '-', '_') || '_v' || entry.version)),
               lease.server, coalesce((select max(position) from {MartenTables.Events} e), 0)
          from {ViewRegistry.Table} entry
          left join {MartenTables.Progress} reached on reached.name = entry.view || ':All'
          left join {ViewLeases.Leases} lease on lease.view = entry.view || ':All' and lease.until > clock_timestamp()
         order by entry.name, entry.version
        """;

    public async Task<IReadOnlyList<ViewStatus>> ReadAsync(CancellationToken cancellation)
    {
        var known = views.ToDictionary(view => view.Id, StringComparer.Ordinal);
        var seen = watch.States().ToDictionary(state => state.View, StringComparer.Ordinal);
        var found = new List<ViewStatus>();
        await using var command = database.CreateCommand(Sql);
        await using (var rows = await command.ExecuteReaderAsync(cancellation))
        {
            while (await rows.ReadAsync(cancellation))
            {
                var id = rows.GetString(0);
                var isOurs = seen.TryGetValue(id, out var state) || known.ContainsKey(id);
                var behind = Math.Max(0, rows.GetInt64(11) - rows.GetInt64(8));
                found.Add(
                    new ViewStatus(
                        rows.GetString(1),
                        rows.GetInt32(2),
                        known.GetValueOrDefault(id)?.View.Summary,
                        !isOurs ? "superseded"
                            : Time(5) is not null ? "paused"
                            : !rows.IsDBNull(6) ? "failed"
                            : Time(4) is null ? "building"
                            : "live",
                        Answers: !known.ContainsKey(id) && isOurs,
                        rows.GetInt64(8),
                        behind,
                        Math.Round(state?.Behind.TotalSeconds ?? 0, 1),
                        Math.Round(state?.PerSecond ?? 0, 1),
                        state is { PerSecond: > 0 } ? Math.Round(behind / state.PerSecond, 1) : null,
                        rows.IsDBNull(9) ? null : rows.GetInt64(9),
                        rows.GetFieldValue<DateTimeOffset>(3),
                        Time(4),
                        Time(5),
                        rows.IsDBNull(6) ? null : rows.GetString(6),
                        Time(7),
                        rows.IsDBNull(10) ? null : rows.GetString(10)
                    )
                );
            }

            DateTimeOffset? Time(int i) => rows.IsDBNull(i) ? null : rows.GetFieldValue<DateTimeOffset>(i);
        }

        foreach (var view in views)
        {
            var answering = await queries.AnsweringAsync(view, cancellation);
            var at = found.FindIndex(status => status.Name == view.Name && status.Version == answering);
            if (at >= 0)
            {
                found[at] = found[at] with { Answers = true };
            }
        }

        return found;
    }
}
