using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace EventForum.Benchmarks;

/// <summary>A server in a process of its own, on a loopback port, in Production.</summary>
internal sealed class Child : IAsyncDisposable
{
    private readonly Queue<string> log = [];
    private readonly long started = Stopwatch.GetTimestamp();
    private readonly Process process;

    private Child(Process process)
    {
        this.process = process;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public required int Port { get; init; }

    public int Id => process.Id;

    /// <summary>From the start of the process to the first answer.</summary>
    public TimeSpan FirstAnswer { get; private set; }

    public long MemoryMb
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64 >> 20;
        }
    }

    /// <summary>The last lines that it wrote.</summary>
    public string Log
    {
        get
        {
            lock (log)
            {
                return string.Join('\n', log);
            }
        }
    }

    /// <summary>Starts the program and waits until it answers a GET of this path.</summary>
    public static async Task<Child> StartAsync(
        string program,
        string[] arguments,
        string database,
        string data,
        string path
    )
    {
        if (!File.Exists(program))
        {
            throw new BenchmarkException($"{program} is not there: ops/publish makes it.");
        }

        var port = FreePort();
        var info = Info(program, arguments, database, data);
        info.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        var child = new Child(new Process { StartInfo = info }) { Port = port };
        var request = HttpConnection.Get(path);
        while (child.FirstAnswer == default)
        {
            if (child.process.HasExited)
            {
                await child.process.WaitForExitAsync();
                throw new BenchmarkException($"{program} ended with {child.process.ExitCode}:\n{child.Log}");
            }

            try
            {
                using var connection = new HttpConnection(port);
                await connection.SendAsync(request);
                child.FirstAnswer = Stopwatch.GetElapsedTime(child.started);
            }
            catch (SocketException)
            {
                await Task.Delay(5);
            }
        }

        return child;
    }

    /// <summary>Runs the program to its end and gives what it wrote.</summary>
    public static async Task<string> OutputAsync(string program, string[] arguments, string database, string data) =>
        (await RunAsync(program, arguments, database, data)).Output;

    /// <summary>Runs the program to its end and gives what it wrote, and how many megabytes of memory it had at most.</summary>
    public static async Task<(string Output, long PeakMb)> RunAsync(
        string program,
        string[] arguments,
        string database,
        string data
    )
    {
        using var command = Process.Start(Info(program, arguments, database, data))!;
        var errors = command.StandardError.ReadToEndAsync();
        var output = command.StandardOutput.ReadToEndAsync();
        var end = command.WaitForExitAsync();
        var peak = 0L;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!end.IsCompleted)
        {
            try
            {
                command.Refresh();
                peak = Math.Max(peak, command.PeakWorkingSet64);
            }
            catch (InvalidOperationException) when (command.HasExited)
            {
                // It has ended since it was looked at, and has no memory any more.
            }

            await Task.WhenAny(end, timer.WaitForNextTickAsync().AsTask());
        }

        return command.ExitCode == 0
            ? (await output, peak >> 20)
            : throw new BenchmarkException(
                $"{program} {arguments[0]} ended with {command.ExitCode}:\n{await output}{await errors}"
            );
    }

    /// <summary>Waits until it has ended by itself.</summary>
    public Task EndAsync() => process.WaitForExitAsync();

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static ProcessStartInfo Info(string program, string[] arguments, string database, string data)
    {
        var info = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["EVENTFORUM_DB"] = database,
                ["EVENTFORUM_DATA"] = data,
                ["DOTNET_ENVIRONMENT"] = "Production",
                ["Authentication__LocalTokens"] = "true",
            },
        };
        // The load comes from one address and a few members, as fast as it can.
        foreach (var kind in (string[])["Writes", "Reads"])
        {
            foreach (var whose in (string[])["Member", "Address"])
            {
                info.Environment[$"Limits__{kind}__{whose}__PerSecond"] = "1000000";
                info.Environment[$"Limits__{kind}__{whose}__Burst"] = "1000000";
            }
        }

        return info;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Keep(object sender, DataReceivedEventArgs e)
    {
        lock (log)
        {
            log.Enqueue(e.Data ?? "");
            if (log.Count > 30)
            {
                log.Dequeue();
            }
        }
    }
}
