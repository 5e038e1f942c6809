using System.Diagnostics;
using Npgsql;

namespace EventForum.Benchmarks.Faults;

/// <summary>The PostgreSQL of a run, and what can happen to it.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private const long SmallDisk = 4L << 30;

    private readonly NpgsqlDataSource source;
    private readonly string connectionString;
    private readonly string folder;

    private Cluster(string connectionString, NpgsqlDataSource source, string folder)
    {
        this.connectionString = connectionString;
        this.source = source;
        this.folder = folder;
    }

    /// <summary>Whether its files have a small file system of their own, which can be filled.</summary>
    public bool HasDiskOfItsOwn => new DriveInfo(folder).TotalSize < SmallDisk;

    /// <summary>One that ops/postgres has made: its socket lies in a folder beside its data.</summary>
    public static Cluster Open(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "faults",
            MaxPoolSize = 5,
            Timeout = 3,
            CommandTimeout = 5,
        };
        var beside = Path.GetFullPath(Path.Combine(settings.Host ?? "", "..", "postgres"));
        return File.Exists($"{beside}/postmaster.pid")
            ? new Cluster(connectionString, NpgsqlDataSource.Create(settings), beside)
            : throw new BenchmarkException($"There is no PostgreSQL in {beside}: run this by `make faults`.");
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task<IReadOnlyList<T>> ColumnAsync<T>(string sql)
    {
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 120;
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<T>();
        while (await reader.ReadAsync())
        {
            values.Add(reader.GetFieldValue<T>(0));
        }

        return values;
    }

    public Task EndBackendsAsync() =>
        ScalarAsync<long>(
            """
            select count(pg_terminate_backend(pid)) from pg_stat_activity
             where pid <> pg_backend_pid() and backend_type = 'client backend'
            """
        );

    /// <summary>A backend that dies takes all others with it, and PostgreSQL recovers from its log.</summary>
    public async Task CrashAsync() =>
        await Unix.RunAsync("kill", "-KILL", $"{await ScalarAsync<int>("select pg_backend_pid()")}");

    /// <summary>Also starts one that has ended.</summary>
    public Task RestartAsync()
    {
        string[] restart = ["pg_ctl", "restart", "-D", folder, "-m", "fast", "-w", "-s", "-l", $"{folder}/faults.log"];
        var owner = Unix.OwnerOf(folder);
        return owner == Environment.UserName
            ? Unix.RunAsync(restart[0], restart[1..])
            : Unix.RunAsync("setpriv", [$"--reuid={owner}", $"--regid={owner}", "--init-groups", .. restart]);
    }

    public async Task FreezeAsync(TimeSpan time)
    {
        var postmaster = (await File.ReadAllLinesAsync($"{folder}/postmaster.pid"))[0];
        string[] processes = [postmaster, .. Unix.ChildrenOf(postmaster)];
        await Unix.RunAsync("kill", ["-STOP", .. processes]);
        await Task.Delay(time);
        await Unix.RunAsync("kill", ["-CONT", .. processes]);
    }

    /// <summary>Takes every connection that the servers do not hold, and those that they give back.</summary>
    public async Task ExhaustAsync(TimeSpan time)
    {
        await using var many = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(connectionString)
            {
                ApplicationName = "faults",
                Pooling = false,
                Timeout = 3,
            }
        );
        var held = new List<NpgsqlConnection>();
        var start = Stopwatch.GetTimestamp();
        await EndBackendsAsync();
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            try
            {
                held.Add(await many.OpenConnectionAsync());
            }
            catch (NpgsqlException)
            {
                await Task.Delay(50);
            }
        }

        foreach (var connection in held)
        {
            await connection.DisposeAsync();
        }
    }

    public async Task FillDiskAsync(TimeSpan time)
    {
        var ballast = $"{folder}/../ballast";
        try
        {
            await using var file = File.Create(ballast, 1);
            var block = new byte[64 * 1024];
            var start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) < time)
            {
                try
                {
                    await file.WriteAsync(block);
                }
                catch (IOException)
                {
                    await Task.Delay(50);
                }
            }
        }
        finally
        {
            File.Delete(ballast);
        }
    }

    /// <summary>Starts it when it has ended for want of space, as whoever runs it would.</summary>
    public async Task ReviveAsync()
    {
        try
        {
            await ScalarAsync<int>("select 1");
        }
        catch (NpgsqlException) when (!File.Exists($"{folder}/postmaster.pid"))
        {
            await RestartAsync();
        }
        catch (NpgsqlException)
        {
            // It recovers.
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();
}
