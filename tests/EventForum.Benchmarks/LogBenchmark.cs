using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace EventForum.Benchmarks;

/// <summary>
/// The transparency log: how fast it is begun and verified, the latter against reading and deserialising the same events once, in one
/// thread; how much room it takes; and what replies lose by it.
/// </summary>
internal static partial class LogBenchmark
{
    /// <summary>As many as come into one file: a thread a day, from 1970 on.</summary>
    private const int PostsInFile = 100_000;

    private const string Forget = "truncate forum.log_head, forum.log_leaves, forum.log_tiles, forum.log_salts";

    private const string Size = "select coalesce(max(size), 0) from forum.log_head";

    private const string Behind = """
        select coalesce((select max(position) from forum.log_head), 0) < coalesce((select max(seq_id) from forum.mt_events where type <> 'tombstone'), 0)
        """;

    private const string Bytes = """
        select sum(pg_total_relation_size(format('forum.%s', name)))::bigint
          from unnest(array['log_head', 'log_leaves', 'log_tiles', 'log_salts']) name
        """;

    /// <summary>Of a past that is there already, by a server that does nothing else.</summary>
    public static async Task VerifiesAsync(Options options, Report report)
    {
        var posts = options.Posts ?? (options.Quick || options.Only is null ? 100_000 : 1_000_000);
        var folder = Directory.CreateTempSubdirectory("eventforum-bench").FullName;
        await using var source = NpgsqlDataSource.Create(options.Database);
        for (var file = 0; file * PostsInFile < posts; file++)
        {
            var some = Math.Min(PostsInFile, posts - (file * PostsInFile));
            Report.Progress($"Importing {some:N0} posts…");
            await ImportBenchmark.ImportPagesAsync(options, $"log {file}", some / ImportBenchmark.PostsInPage);
        }

        // The first start makes the registry of views, which are paused for the second.
        await (await StartAsync()).DisposeAsync();
        await ExecuteAsync(source, $"update forum.views set paused_at = now(); {Forget}");
        var events = await ScalarAsync(source, "select count(*) from forum.mt_events where type <> 'tombstone'");
        Report.Progress($"Putting {events:N0} events into the log…");
        await using (await StartAsync())
        {
            var (began, first) = (Stopwatch.GetTimestamp(), await ScalarAsync(source, Size));
            await CaughtUpAsync(source);
            var took = Stopwatch.GetElapsedTime(began);
            var bytes = (double)await ScalarAsync(source, Bytes);
            // A few are in it before anybody can look.
            report.Note(
                first < events
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"{(events - first) / took.TotalSeconds:N0} events/s came to the log, which takes {bytes / events:N0} bytes an event."
                    )
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"The log takes {bytes / events:N0} bytes an event; these are too few to see how fast they come to it."
                    )
            );
        }

        await ExecuteAsync(source, "vacuum analyze");
        var rates = new List<double>();
        var floors = new List<double>();
        for (var repeat = 0; repeat < options.Repeats; repeat++)
        {
            Report.Progress("Verifying…");
            floors.Add(await ViewsBenchmark.FloorAsync(source));
            var said = await Child.OutputAsync(
                options.Program,
                ["audit", "verify", "--log-only"],
                options.Database,
                folder
            );
            rates.Add(
                said.Contains(" 0 flaws", StringComparison.Ordinal)
                    ? double.Parse(
                        Rate().Match(said).Groups["rate"].Value,
                        NumberStyles.Number,
                        CultureInfo.InvariantCulture
                    )
                    : throw new BenchmarkException(said)
            );
        }

        report.Add(
            $"a log of {events:N0} events verified",
            Sample.Median(rates, rate => rate),
            Sample.Median(floors, rate => rate),
            "events/s"
        );
        // Who measures something else on this database begins the log with a key of its own.
        await ExecuteAsync(source, $"update forum.views set paused_at = null; {Forget}");
        Directory.Delete(folder, recursive: true);

        Task<Child> StartAsync() =>
            Child.StartAsync(options.Program, [], options.Database, folder, StartBenchmark.Path);
    }

    /// <summary>Replies while the log follows, and while nobody may add to it.</summary>
    public static async Task RepliesAsync(Options options, Forum forum, Report report)
    {
        foreach (
            var (name, clients, count) in new[]
            {
                ("one writer in one thread", 1, 1),
                ("32 writers in one thread", 32, 1),
                ("32 writers in 200 threads", 32, 200),
            }
        )
        {
            var writers = forum.Writers(clients, await forum.ThreadsAsync(count));
            var with = new List<Sample>();
            var without = new List<Sample>();
            for (var repeat = 0; repeat < options.Repeats; repeat++)
            {
                Report.Progress($"Replies of {name}, with and without the log…");
                await CaughtUpAsync(forum.Source);
                with.Add(await Load.RunAsync(writers, options.Slice, forum.Meter));
                await CaughtUpAsync(forum.Source);
                await using var connection = await forum.Source.OpenConnectionAsync();
                await using var transaction = await connection.BeginTransactionAsync();
                // Who adds to the log takes this lock, or looks again a moment later.
                await using var turn = new NpgsqlCommand(
                    "set local idle_in_transaction_session_timeout = 0; lock table forum.log_head in exclusive mode",
                    connection
                );
                await turn.ExecuteNonQueryAsync();
                without.Add(await Load.RunAsync(writers, options.Slice, forum.Meter));
                await transaction.RollbackAsync();
            }

            report.Add(
                $"replies of {name} with the log, and without it",
                new Comparison(
                    Sample.Median(with),
                    Sample.Median(without),
                    Sample.Median(with.Zip(without), pair => pair.First.Rate / pair.Second.Rate)
                )
            );
        }
    }

    private static async Task CaughtUpAsync(NpgsqlDataSource source)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await source.CreateCommand(Behind).ExecuteScalarAsync() is true)
        {
            await timer.WaitForNextTickAsync();
        }
    }

    private static async Task<long> ScalarAsync(NpgsqlDataSource source, string sql) =>
        (long)(await source.CreateCommand(sql).ExecuteScalarAsync())!;

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }

    [GeneratedRegex("not yet, (?<rate>[0-9,]+) events/s", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Rate();
}
