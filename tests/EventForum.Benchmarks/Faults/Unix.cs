using System.Diagnostics;

namespace EventForum.Benchmarks.Faults;

/// <summary>What Unix has programs and files for.</summary>
internal static class Unix
{
    public static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new BenchmarkException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
        }
    }

    public static string OwnerOf(string path)
    {
        using var process = Process.Start(
            new ProcessStartInfo("stat", ["-c", "%U", path]) { RedirectStandardOutput = true, UseShellExecute = false }
        )!;
        return process.StandardOutput.ReadToEnd().Trim();
    }

    public static IEnumerable<string> ChildrenOf(string process)
    {
        using var pgrep = Process.Start(
            new ProcessStartInfo("pgrep", ["-P", process]) { RedirectStandardOutput = true, UseShellExecute = false }
        )!;
        return pgrep.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
