using Npgsql;
using Weasel.Postgresql.Tables;

namespace EventForum.Platform;

/// <summary>
/// Shares the views out over the servers of a forum: each view has a lease, which its server renews while it lives and
/// which another takes over once it has run out. All times are the database's.
/// </summary>
/// <remarks>
/// A lease says who should work, not who may: a server that was frozen goes on for a moment with what it held before.
/// What it writes then is undone: each page checks that the view's progress is where this server left it (<see cref="View"/>).
/// </remarks>
public sealed class ViewLeases(IConfiguration configuration) : IAsyncDisposable
{
    public const string Leases = Store.Schema + ".view_leases";

    public const string Servers = Store.Schema + ".view_servers";

    /// <summary>How long a lease holds without being renewed: a server that is silent for so long has its views taken over.</summary>
    public static readonly TimeSpan Term = TimeSpan.FromSeconds(3);

    /// <summary>How long a lease that has run out waits for a server with fewer views before any server takes it.</summary>
    private static readonly TimeSpan Preference = TimeSpan.FromSeconds(1);

    private const string Present = $"""
        insert into {Servers} (id, seen_at) values ($1, clock_timestamp())
            on conflict (id) do update set seen_at = excluded.seen_at
        """;

    private const string Forget = $"delete from {Servers} where seen_at < clock_timestamp() - interval '1 hour'";

    private const string Renew = $"update {Leases} set until = clock_timestamp() + $2 where server = $1";

    private const string Take = $"""
        insert into {Leases} as lease (view, server, until)
        select free.view, $1, clock_timestamp() + $2
          from (select wanted.view, held.until, row_number() over (order by held.until) as turn
                  from unnest($3) as wanted(view) left join {Leases} held using (view)
                 where held.until is null or held.until < clock_timestamp()) free
         where free.until is null
            or free.until < clock_timestamp() - $4
            or free.turn + (select count(*) from {Leases} where server = $1)
               <= ceil(cardinality($3)::numeric
                       / (select count(*) from {Servers} where seen_at > clock_timestamp() - $2))
            on conflict (view) do update set server = excluded.server, until = excluded.until
               where lease.until < clock_timestamp()
        """;

    private const string Survey = $"""
        select wanted.view, coalesce(lease.server, ''), coalesce(reached.{MartenTables.ReachedPosition}, 0),
               entry.paused_at is not null, entry.caught_up_at is not null, entry.failure is not null
          from unnest($1) as wanted(view)
               left join {Leases} lease using (view)
               left join {ViewRegistry.Table} entry on entry.view || ':All' = wanted.view
               left join {MartenTables.Progress} reached on reached.name = wanted.view
        """;

    private const string Sight = $"""
        select coalesce((select max(position) from {MartenTables.Events} e), 0),
               coalesce((select {MartenTables.ReachedPosition} from {MartenTables.Progress} where name = 'HighWaterMark'), 0),
               (select min(held) from (select count(lease.view) as held
                                         from {Servers} server left join {Leases} lease on lease.server = server.id
                                        where server.seen_at > clock_timestamp() - $1
                                        group by server.id) every)
        """;

    // Requests that wait for a connection do not keep the leases from being renewed. A data source does not give its
    // password away, so this one starts from the settings.
    private readonly NpgsqlDataSource own = StoreModule.DataSource(
        "leases",
        new NpgsqlConnectionStringBuilder(StoreModule.ConnectionString(configuration, serves: true))
        {
            MinPoolSize = 0,
            MaxPoolSize = 2,
            Timeout = 2,
            CommandTimeout = 2,
            CancellationTimeout = 1000,
        }.ConnectionString
    );

    /// <summary>This server, as the tables name it: its machine, its process, and what no other server has.</summary>
    public string Server { get; } = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.CreateVersion7():N}";

    public static IEnumerable<Table> Tables()
    {
        var leases = new Table(Leases);
        leases.AddColumn<string>("view").AsPrimaryKey();
        leases.AddColumn<string>("server").NotNull();
        leases.AddColumn<DateTimeOffset>("until").NotNull();
        var servers = new Table(Servers);
        servers.AddColumn<string>("id").AsPrimaryKey();
        servers.AddColumn<DateTimeOffset>("seen_at").NotNull();
        return [leases, servers];
    }

    /// <summary>Renews this server's leases, takes what nobody holds, and reports how far every view has come.</summary>
    /// <param name="wanted">The views that this server would keep up now.</param>
    /// <param name="known">All views.</param>
    public async Task<ViewSurvey> RenewAsync(string[] wanted, string[] known, CancellationToken cancellation)
    {
        await using var batch = own.CreateBatch();
        // A crash of the database may forget leases: they are renewed, and fenced, all the same.
        Add("select set_config('synchronous_commit', 'off', true)");
        Add(Present, Server);
        Add(Forget);
        Add(Renew, Server, Term);
        Add(Take, Server, Term, wanted, Preference);
        Add(Survey, (object)known);
        Add(Sight, Term);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        var views = new List<ViewPosition>();
        while (await reader.ReadAsync(cancellation))
        {
            views.Add(
                new ViewPosition(reader.GetString(0), reader.GetString(1) == Server, reader.GetInt64(2))
                {
                    IsPaused = reader.GetBoolean(3),
                    HasCaughtUp = reader.GetBoolean(4),
                    HasFailed = reader.GetBoolean(5),
                }
            );
        }

        await reader.NextResultAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return new ViewSurvey(reader.GetInt64(0), reader.GetInt64(1), views, reader.GetInt64(2));

        void Add(string sql, params object[] parameters)
        {
            var command = new NpgsqlBatchCommand(sql);
            foreach (var parameter in parameters)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = parameter });
            }

            batch.BatchCommands.Add(command);
        }
    }

    /// <summary>Lets others take a view at once.</summary>
    public async Task GiveUpAsync(string view, CancellationToken cancellation)
    {
        await using var command = own.CreateCommand(
            $"update {Leases} set until = clock_timestamp() where view = $1 and server = $2"
        );
        command.Parameters.AddWithValue(view);
        command.Parameters.AddWithValue(Server);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Lets others take everything at once, because this server ends.</summary>
    public async Task LeaveAsync(CancellationToken cancellation)
    {
        await using var batch = own.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"delete from {Leases} where server = $1"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"delete from {Servers} where id = $1"));
        foreach (var command in batch.BatchCommands)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = Server });
        }

        await batch.ExecuteNonQueryAsync(cancellation);
    }

    public ValueTask DisposeAsync() => own.DisposeAsync();
}

/// <param name="Newest">The position of the newest event.</param>
/// <param name="Settled">Up to where the daemon may read: above it, a transaction may still store an event.</param>
/// <param name="Fewest">How many views the server keeps that keeps the fewest.</param>
public sealed record ViewSurvey(long Newest, long Settled, IReadOnlyList<ViewPosition> Views, long Fewest);

/// <param name="Mine">Whether this server is to keep the view up.</param>
/// <param name="Position">The position of the last event that the view has taken in.</param>
public sealed record ViewPosition(string View, bool Mine, long Position)
{
    /// <summary>An operator had it stop.</summary>
    public bool IsPaused { get; init; }

    /// <summary>It once showed all that there was to show.</summary>
    public bool HasCaughtUp { get; init; }

    /// <summary>It failed, and has not moved since.</summary>
    public bool HasFailed { get; init; }
}
