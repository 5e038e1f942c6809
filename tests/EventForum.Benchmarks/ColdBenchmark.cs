using System.Diagnostics;
using System.Globalization;

namespace EventForum.Benchmarks;

/// <summary>
/// Pages that this server has not read before, each asked for once, against a bare server that reads one of them by
/// primary key: first when nobody has ever read them, then by a server that was started after another had read them.
/// </summary>
internal static class ColdBenchmark
{
    private const int Readers = 8;

    private const string Threads = """
        select id from forum.mt_doc_forumthread
         where id in (select thread_id from forum.thread_headers where title like $1) order by md5(id::text)
        """;

    public static async Task RunAsync(Options options, Forum forum, Report report)
    {
        var count = options.Quick ? 1_400 : 3_600;
        Report.Progress($"Importing {count:N0} threads of {ImportBenchmark.PostsInPage} posts…");
        var name = string.Create(CultureInfo.InvariantCulture, $"cold{Stopwatch.GetTimestamp()}");
        await ImportBenchmark.ImportPagesAsync(options, name, count);
        await forum.VacuumAsync();
        await forum.CaughtUpAsync();
        var paths = new List<string>();
        await using (var command = forum.Source.CreateCommand(Threads))
        {
            command.Parameters.AddWithValue($"% of {name}");
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                paths.Add($"/api/threads/{reader.GetGuid(0)}");
            }
        }

        await using var floor = await PageBenchmark.FloorAsync(options, forum, await forum.GetAsync(paths[^1]));
        await ReadAsync(forum.Process, forum.Meter, "pages that nobody has read", "");
        // What the first reads left to be kept is being stored.
        await Task.Delay(options.WarmUp / 6);
        await forum.VacuumAsync();
        await using var second = await forum.StartServerAsync(options);
        var meter = await CpuMeter.OfAsync(second.Id, options.Database);
        await ReadAsync(second, meter, "pages that this server has not read", ">= 0.35");

        async Task ReadAsync(Child server, CpuMeter meter, string what, string target)
        {
            var each = paths.Count / (options.Repeats + 1);
            var read = 0;
            // Code is compiled while it runs. Who names a position reads no page from memory; these pages are not measured.
            await Load.RunAsync(
                Clients(server.Port, () => $"{paths[Interlocked.Increment(ref read) % each]}?min-position=1"),
                options.WarmUp / 2
            );
            await Load.RunAsync(Floor(), options.Slice);
            read = each;

            var forums = new List<Sample>();
            var floors = new List<Sample>();
            for (var repeat = 0; repeat < options.Repeats; repeat++)
            {
                floors.Add(await Load.RunAsync(Floor(), options.Slice / 2));
                forums.Add(await Load.RunAsync(Once(), options.WarmUp, meter, each));
            }

            report.Add(
                string.Create(CultureInfo.InvariantCulture, $"{what}, {Readers} readers"),
                new Comparison(
                    Sample.Median(forums),
                    Sample.Median(floors),
                    Sample.Median(forums.Zip(floors), pair => pair.First.Rate / pair.Second.Rate)
                ),
                target
            );

            Func<ValueTask>[] Once() => Clients(server.Port, () => paths[Interlocked.Increment(ref read) - 1]);
            Func<ValueTask>[] Floor() => Clients(floor.Port, () => paths[0]);
        }
    }

    private static Func<ValueTask>[] Clients(int port, Func<string> path)
    {
        return [.. Enumerable.Range(0, Readers).Select(_ => Client())];

        Func<ValueTask> Client()
        {
            var connection = new HttpConnection(port);
            return () => connection.ExpectAsync(HttpConnection.Get(path()), 200);
        }
    }
}
