using System.Diagnostics;

namespace EventForum.Benchmarks;

/// <summary>What a number of clients got done in a while.</summary>
/// <param name="Cpu">Microseconds of processor time a turn: in this program, the server and PostgreSQL.</param>
internal sealed record Sample(double Rate, double P50, double P99, Cpu Cpu)
{
    public static Sample Median(IReadOnlyList<Sample> samples) =>
        new(
            Median(samples, s => s.Rate),
            Median(samples, s => s.P50),
            Median(samples, s => s.P99),
            new(
                Median(samples, s => s.Cpu.Client),
                Median(samples, s => s.Cpu.Server),
                Median(samples, s => s.Cpu.Postgres)
            )
        );

    public static double Median<T>(IEnumerable<T> items, Func<T, double> value)
    {
        var sorted = items.Select(value).Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

/// <summary>The forum and its floor, driven in turns.</summary>
internal sealed record Comparison(Sample Forum, Sample Floor, double Ratio);

internal static class Load
{
    /// <summary>Every client takes its turns one after another until the time is over, or so many were taken together.</summary>
    public static async Task<Sample> RunAsync(
        IReadOnlyList<Func<ValueTask>> clients,
        TimeSpan time,
        CpuMeter? meter = null,
        int turns = int.MaxValue
    )
    {
        var before = meter?.Read() ?? Cpu.Unknown;
        var start = Stopwatch.GetTimestamp();
        var taken = 0;
        var latencies = await Task.WhenAll(clients.Select(turn => Task.Run(() => DriveAsync(turn, GoesOn))));
        var elapsed = Stopwatch.GetElapsedTime(start);
        var after = meter?.Read() ?? Cpu.Unknown;
        var all = latencies.SelectMany(l => l).Order().ToArray();
        return new Sample(
            all.Length / elapsed.TotalSeconds,
            all[all.Length / 2],
            all[(int)(all.Length * 0.99)],
            (after - before).Per(all.Length)
        );

        bool GoesOn() => Stopwatch.GetElapsedTime(start) < time && Interlocked.Increment(ref taken) <= turns;
    }

    /// <summary>Drives both in turns, so that what the machine does meanwhile touches both.</summary>
    public static async Task<Comparison> CompareAsync(
        Options options,
        CpuMeter meter,
        Func<int, IReadOnlyList<Func<ValueTask>>> forum,
        Func<int, IReadOnlyList<Func<ValueTask>>> floor
    )
    {
        var forums = new List<Sample>();
        var floors = new List<Sample>();
        for (var repeat = 0; repeat < options.Repeats; repeat++)
        {
            floors.Add(await RunAsync(floor(repeat), options.Slice, meter));
            forums.Add(await RunAsync(forum(repeat), options.Slice, meter));
        }

        return new Comparison(
            Sample.Median(forums),
            Sample.Median(floors),
            Sample.Median(forums.Zip(floors), pair => pair.First.Rate / pair.Second.Rate)
        );
    }

    private static async Task<List<double>> DriveAsync(Func<ValueTask> turn, Func<bool> goesOn)
    {
        var latencies = new List<double>(16_384);
        while (goesOn())
        {
            var sent = Stopwatch.GetTimestamp();
            await turn();
            latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        }

        return latencies;
    }
}
