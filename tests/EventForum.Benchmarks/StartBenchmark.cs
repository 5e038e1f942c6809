using Npgsql;

namespace EventForum.Benchmarks;

/// <summary>How long a process takes to its first answer, and its memory then, against a server that does nothing.</summary>
internal static class StartBenchmark
{
    /// <summary>Anyone may ask for it, there or not.</summary>
    public const string Path = "/api/threads/00000000-0000-0000-0000-000000000000";

    public static async Task RunAsync(Options options, Report report)
    {
        Report.Progress("Start…");
        var data = Directory.CreateTempSubdirectory("eventforum-bench").FullName;
        await using (var source = NpgsqlDataSource.Create(options.Database))
        {
            await PageFloor.FillAsync(source, Guid.Empty, "{}"u8.ToArray());
        }

        var forum = new List<(double Time, double Memory)>();
        var floor = new List<(double Time, double Memory)>();
        // The first start makes the schema.
        for (var repeat = 0; repeat <= options.Repeats; repeat++)
        {
            floor.Add(await StartAsync(Environment.ProcessPath!, [PageFloor.Verb, $"{Guid.Empty}"]));
            forum.Add(await StartAsync(options.Program, []));
        }

        Directory.Delete(data, recursive: true);
        Add("start to first answer", "ms", start => start.Time);
        Add("memory then", "MB", start => start.Memory);

        void Add(string what, string unit, Func<(double Time, double Memory), double> value) =>
            report.Add(what, Sample.Median(forum.Skip(1), value), Sample.Median(floor.Skip(1), value), unit);

        async Task<(double, double)> StartAsync(string program, string[] arguments)
        {
            await using var child = await Child.StartAsync(program, arguments, options.Database, data, Path);
            return (child.FirstAnswer.TotalMilliseconds, child.MemoryMb);
        }
    }
}
