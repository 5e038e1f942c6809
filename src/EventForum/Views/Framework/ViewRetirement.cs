using EventForum.Platform;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EventForum.Views.Framework;

/// <summary>Drops versions of views that another one has taken over from, once their time of grace is over.</summary>
public sealed class ViewRetirement(
    NpgsqlDataSource database,
    IEnumerable<ViewDefinition> views,
    IOptionsMonitor<ViewOptions> options,
    TimeProvider clock,
    ILogger<ViewRetirement> log
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>A row that another server is about to drop is locked, and passed over.</summary>
    private const string Superseded = $"""
        select old.name, old.version
          from {ViewRegistry.Table} old
          join {ViewRegistry.Table} current using (name)
          join unnest($1, $2) ours(name, version) on ours.name = current.name and ours.version = current.version
         where old.version < current.version and current.caught_up_at < now() - $3
        """;

    public async Task<IReadOnlyList<string>> DropSupersededAsync(CancellationToken cancellation)
    {
        var ours = views.ToList();
        await using var command = database.CreateCommand(Superseded);
        command.Parameters.AddWithValue(ours.Select(view => view.Name).ToArray());
        command.Parameters.AddWithValue(ours.Select(view => view.Version).ToArray());
        command.Parameters.AddWithValue(options.CurrentValue.GraceTime);
        var found = new List<(string Name, int Version)>();
        await using (var rows = await command.ExecuteReaderAsync(cancellation))
        {
            while (await rows.ReadAsync(cancellation))
            {
                found.Add((rows.GetString(0), rows.GetInt32(1)));
            }
        }

        var dropped = new List<string>();
        foreach (var (name, version) in found)
        {
            if (await DropAsync(name, version, cancellation))
            {
                dropped.Add(ViewRegistry.IdOf(name, version));
                log.LogInformation(
                    "Version {Version} of the view {View} is dropped: a newer one answers",
                    version,
                    name
                );
            }
        }

        return dropped;
    }

    /// <summary>
    /// Drops what the program's views do not need: other versions, whatever their time of grace, views that it does not have, and
    /// what a rebuild that was broken off left aside.
    /// </summary>
    /// <param name="own">The ids of all that the program's daemon keeps up.</param>
    /// <param name="onlyOlder">Only earlier versions of the program's views: others may be those of another server.</param>
    /// <returns>Whether there are no others now.</returns>
    public async Task<bool> DropOthersAsync(IReadOnlySet<string> own, bool onlyOlder, CancellationToken cancellation)
    {
        var versions = views.ToDictionary(view => view.Name, view => view.Version, StringComparer.Ordinal);
        var others = new List<(string Name, int Version)>();
        await using (var command = database.CreateCommand($"select view, name, version from {ViewRegistry.Table}"))
        await using (var rows = await command.ExecuteReaderAsync(cancellation))
        {
            while (await rows.ReadAsync(cancellation))
            {
                if (!own.Contains(rows.GetString(0)))
                {
                    others.Add((rows.GetString(1), rows.GetInt32(2)));
                }
            }
        }

        var dropped = onlyOlder
            ? others.FindAll(one => versions.TryGetValue(one.Name, out var newest) && one.Version < newest)
            : others;
        foreach (var (name, version) in dropped)
        {
            await DropAsync(name, version, cancellation);
        }

        foreach (var view in views)
        {
            await using var aside = database.CreateCommand(
                $"""
                drop table if exists {ViewRebuild.AsideOf(view.Table)};
                update {ViewRegistry.Table} set aside = 0 where view = '{view.Id}'
                """
            );
            await aside.ExecuteNonQueryAsync(cancellation);
        }

        return dropped.Count == others.Count;
    }

    /// <summary>Drops a version with its table and its progress; false where there is none, or another server does it.</summary>
    public async Task<bool> DropAsync(string name, int version, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var entry = new NpgsqlCommand(
            $"""
            delete from {ViewRegistry.Table}
             where ctid = (select ctid from {ViewRegistry.Table} where name = $1 and version = $2 for update skip locked)
            """,
            connection,
            transaction
        );
        entry.Parameters.AddWithValue(name);
        entry.Parameters.AddWithValue(version);
        if (await entry.ExecuteNonQueryAsync(cancellation) == 0)
        {
            return false;
        }

        await using var rest = new NpgsqlCommand(
            $"""
            drop table if exists {ViewDefinition.TableOf(name, version)};
            drop table if exists {ViewRebuild.AsideOf(ViewDefinition.TableOf(name, version))};
            delete from {MartenTables.Progress} where name = '{ViewRegistry.IdOf(name, version)}:All';
            delete from {ViewLeases.Leases} where view = '{ViewRegistry.IdOf(name, version)}:All'
            """,
            connection,
            transaction
        );
        await rest.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await DropSupersededAsync(stoppingToken);
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    // Whoever asks something meanwhile reports an outage.
                    if (!Outage.Is(e))
                    {
                        log.LogError(e, "Could not look for superseded views; the next look is another try");
                    }
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
    }
}
