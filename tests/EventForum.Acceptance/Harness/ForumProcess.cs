using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace EventForum.Acceptance.Harness;

/// <summary>The built program as a process of its own, which can be ended as any process can.</summary>
public sealed partial class ForumProcess : ForumServer
{
    private const int Terminate = 15;

    // Linux and macOS number these two differently.
    private static readonly int Stop = OperatingSystem.IsMacOS() ? 17 : 19;

    private static readonly int Continue = OperatingSystem.IsMacOS() ? 19 : 18;

    /// <summary>What should have ended serves instead, and is not left behind.</summary>
    private static readonly TimeSpan LongestCommand = TimeSpan.FromMinutes(2);

    private readonly Process process;
    private readonly List<string> log = [];
    private readonly TaskCompletionSource<Uri> serving = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ForumProcess(TestDatabase database, Process process)
    {
        this.process = process;
        Database = database;
        DataFolder = TestData.Folder;
    }

    /// <summary>Where it shows its metrics; null when it does not.</summary>
    public Uri? Metrics { get; private set; }

    /// <summary>Runs a command that ends with 1, and gives what it said about that.</summary>
    public static async Task<string> RefusedAsync(TestDatabase database, params string[] arguments)
    {
        using var command = Begin(database, arguments);
        var told = await command.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await command.WaitForExitAsync(TestContext.Current.CancellationToken);
        command.ExitCode.ShouldBe(1, told);
        return told.Trim();
    }

    /// <summary>Starts the program on a port of its choice and waits until it serves.</summary>
    public static async Task<ForumProcess> StartAsync(
        TestDatabase database,
        params (string Key, string Value)[] settings
    )
    {
        var server = Launch(database, settings);
        await server.IsServingAsync();
        return server;
    }

    /// <summary>Starts the program, which may have to wait before it serves, or end instead.</summary>
    public static ForumProcess Launch(TestDatabase database, params (string Key, string Value)[] settings)
    {
        var start = Program(database, TestData.Folder);
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["Logging__LogLevel__Default"] = "Error";
        start.Environment["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information";
        foreach (var (key, value) in (IEnumerable<(string Key, string Value)>)[.. TestLimits.High, .. settings])
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var server = new ForumProcess(database, new Process { StartInfo = start });
        server.Run();
        return server;
    }

    /// <summary>What it has printed so far, its log among it.</summary>
    public IReadOnlyList<string> Log()
    {
        lock (log)
        {
            return [.. log];
        }
    }

    /// <summary>Until it has printed a line.</summary>
    /// <param name="after">How many lines of the log are not looked at.</param>
    public async Task<string> SaysAsync(string what, int after = 0)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var patience = Patience.Begin();
        while (true)
        {
            if (Log().Skip(after).FirstOrDefault(line => line.Contains(what, StringComparison.Ordinal)) is { } line)
            {
                return line;
            }

            await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    public async Task IsServingAsync() => Address = await serving.Task.WaitAsync(Patience.Limit);

    /// <summary>Until it has ended by itself; the answer is its exit code.</summary>
    public async Task<int> EndsAsync()
    {
        await process.WaitForExitAsync().WaitAsync(Patience.Limit);
        return process.ExitCode;
    }

    /// <summary>Runs a command of the program's command line, and gives what it printed once it has succeeded.</summary>
    public static async Task<string> CommandAsync(TestDatabase database, params string[] arguments)
    {
        var (code, said) = await TryCommandAsync(database, arguments);
        code.ShouldBe(0, said);
        return said;
    }

    /// <summary>Runs the program until it ends, and gives its exit code and what it printed.</summary>
    public static Task<(int Code, string Said)> TryCommandAsync(TestDatabase database, params string[] arguments) =>
        TryCommandInAsync(TestData.Folder, database, arguments);

    /// <summary>The same with settings in its environment.</summary>
    public static Task<(int Code, string Said)> TryCommandAsync(
        TestDatabase database,
        (string Name, string Value)[] settings,
        params string[] arguments
    )
    {
        var program = Program(database, TestData.Folder);
        Array.ForEach(settings, setting => program.Environment[setting.Name] = setting.Value);
        return TryAsync(program, arguments);
    }

    /// <summary>The same with a data folder of its own.</summary>
    public static Task<(int Code, string Said)> TryCommandInAsync(
        string dataFolder,
        TestDatabase database,
        params string[] arguments
    ) => TryAsync(Program(database, dataFolder), arguments);

    private static async Task<(int Code, string Said)> TryAsync(ProcessStartInfo program, string[] arguments)
    {
        using var command = Begin(program, arguments);
        var printed = Task.WhenAll(command.StandardOutput.ReadToEndAsync(), command.StandardError.ReadToEndAsync());
        try
        {
            await command.WaitForExitAsync().WaitAsync(LongestCommand);
        }
        catch (TimeoutException)
        {
            command.Kill();
            throw;
        }

        return (command.ExitCode, string.Concat(await printed));
    }

    /// <summary>Begins a command of the program's command line.</summary>
    public static Process Begin(TestDatabase database, params string[] arguments) =>
        Begin(Program(database, TestData.Folder), arguments);

    private static Process Begin(ProcessStartInfo start, string[] arguments)
    {
        Array.ForEach(arguments, start.ArgumentList.Add);
        var command = Process.Start(start)!;
        command.StandardInput.Close();
        return command;
    }

    /// <summary>As the kernel does it when memory runs out: no chance to finish anything.</summary>
    public Task KillAsync()
    {
        process.Kill();
        return process.WaitForExitAsync();
    }

    /// <summary>As a virtual machine is paused: its connections stay, and nobody answers on them.</summary>
    public void Freeze() => _ = Signal(process.Id, Stop);

    /// <summary>It goes on where it was, and knows nothing of the time between.</summary>
    public void Thaw() => _ = Signal(process.Id, Continue);

    /// <summary>As systemd, Docker and Kubernetes stop a server; the answer is its exit code.</summary>
    public async Task<int> StopAsync()
    {
        _ = Signal(process.Id, Terminate);
        return await EndsAsync();
    }

    protected override async ValueTask EndAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
    }

    private static ProcessStartInfo Program(TestDatabase database, string dataFolder)
    {
        // Beside this program's own folder, artifacts/bin/EventForum.Acceptance/debug.
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(
            folder.Parent!.Parent!.FullName,
            "EventForum",
            folder.Name,
            OperatingSystem.IsWindows() ? "EventForum.exe" : "EventForum"
        );
        return new ProcessStartInfo(program)
        {
            WorkingDirectory = TestData.Folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            Environment =
            {
                ["EVENTFORUM_DB"] = database.ConnectionString,
                ["EVENTFORUM_DATA"] = dataFolder,
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
            },
        };
    }

    private void Run()
    {
        process.EnableRaisingEvents = true;
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.Exited += (_, _) =>
            serving.TrySetException(new InvalidOperationException("The program ended:\n" + string.Join('\n', Log())));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    private void Hear(string? line)
    {
        lock (log)
        {
            log.Add(line ?? "");
        }

        if (ShowingMetrics().Match(line ?? "") is { Success: true } metrics)
        {
            Metrics = new Uri(metrics.Groups["address"].Value);
        }

        if (Listening().Match(line ?? "") is { Success: true } match)
        {
            serving.TrySetResult(new Uri(match.Groups["address"].Value));
        }
    }

    [GeneratedRegex(@"Now listening on: (?<address>http://\S+)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Listening();

    [GeneratedRegex(@"shows its metrics at (?<address>http://\S+)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex ShowingMetrics();

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Signal(int processId, int signal);
}
