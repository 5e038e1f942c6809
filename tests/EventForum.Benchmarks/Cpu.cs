using System.Globalization;
using Npgsql;

namespace EventForum.Benchmarks;

/// <summary>Microseconds of processor time, as far as this system tells.</summary>
internal sealed record Cpu(double Client, double Server, double Postgres)
{
    public static Cpu Unknown { get; } = new(0, 0, 0);

    public static Cpu operator -(Cpu a, Cpu b) =>
        new(a.Client - b.Client, a.Server - b.Server, a.Postgres - b.Postgres);

    public Cpu Per(int turns) => new(Client / turns, Server / turns, Postgres / turns);
}

/// <summary>Reads from Linux how long this program, a server and PostgreSQL have been on a processor.</summary>
internal sealed class CpuMeter(int server, int? postmaster)
{
    private const double Tick = 10_000;

    /// <param name="server">The server's process, or this program's when the load has no server.</param>
    public static async Task<CpuMeter> OfAsync(int server, string database)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var connection = await source.OpenConnectionAsync();
        return new CpuMeter(server, Stat(connection.ProcessID)?.Parent);
    }

    public Cpu Read()
    {
        if (!OperatingSystem.IsLinux())
        {
            return Cpu.Unknown;
        }

        var postgres = postmaster is null
            ? 0
            : Directory
                .EnumerateDirectories("/proc")
                .Select(path =>
                    int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) ? Stat(id) : null
                )
                .Sum(stat => stat?.Parent == postmaster ? stat.Value.Time : 0);
        return new Cpu(Stat(Environment.ProcessId)!.Value.Time, Stat(server)!.Value.Time, postgres);
    }

    private static (int Parent, double Time)? Stat(int process)
    {
        try
        {
            // The second field is the program's name in brackets, and may hold anything.
            var line = File.ReadAllText($"/proc/{process}/stat");
            var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
            return (Number(fields[1]), (Number(fields[11]) + Number(fields[12])) * Tick);
        }
        catch (IOException)
        {
            return null;
        }

        static int Number(string field) => int.Parse(field, CultureInfo.InvariantCulture);
    }
}
