using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace EventForum.Benchmarks;

/// <summary>
/// A file of discussions imported by the program, its start included, against COPY of the rows that came of it.
/// </summary>
internal static class ImportBenchmark
{
    public const int PostsInPage = 20;
    private const int PostsInThread = 50;
    private const int Authors = 200;

    private static readonly string[] Tables = ["mt_events", "mt_streams", "posts", "thread_headers"];

    public static async Task RunAsync(Options options, Report report)
    {
        var posts = options.Posts ?? (options.Quick ? 10_000 : 200_000);
        Report.Progress($"Importing {posts:N0} posts…");
        var folder = Directory.CreateTempSubdirectory("eventforum-bench").FullName;
        await using var source = NpgsqlDataSource.Create(options.Database);
        var forum = new List<double>();
        var floor = new List<double>();
        var memory = 0L;
        for (var repeat = 0; repeat < options.Repeats; repeat++)
        {
            // Into a forum of its own, as when a community moves in; its floor's tables are empty, too.
            var name = $"{new NpgsqlConnectionStringBuilder(options.Database).Database}_import_{repeat}";
            var into = options with
            {
                Database = new NpgsqlConnectionStringBuilder(options.Database) { Database = name }.ConnectionString,
            };
            await ExecuteAsync(source, $"drop database if exists {name}");
            await ExecuteAsync(source, $"create database {name}");
            await using (var database = NpgsqlDataSource.Create(into.Database))
            {
                await ImportAsync(into, folder, "warm-up", PostsInThread);
                var (took, peak) = await ImportAsync(into, folder, $"repeat {repeat}", posts);
                memory = Math.Max(memory, peak);
                forum.Add(posts / took);
                floor.Add(posts / await CopyAsync(database, folder));
            }

            await ExecuteAsync(source, $"drop database {name}");
        }

        // The first import makes the schema.
        await ImportAsync(options, folder, "warm-up", PostsInThread);
        var (firstTook, _) = await ImportAsync(options, folder, "for the views", posts);
        report.Note(await ViewsAsync());
        Directory.Delete(folder, recursive: true);
        report.Add(
            $"import of {posts:N0} posts",
            Sample.Median(forum, rate => rate),
            Sample.Median(floor, rate => rate),
            "posts/s",
            "0.4"
        );
        report.Note($"The import had {memory:N0} MB of memory at most.");

        async Task<string> ViewsAsync()
        {
            Report.Progress("Waiting for the views…");
            var start = Stopwatch.GetTimestamp();
            await using var server = await Child.StartAsync(
                options.Program,
                [],
                options.Database,
                folder,
                StartBenchmark.Path
            );
            await Forum.CaughtUpAsync(source);
            var took = Stopwatch.GetElapsedTime(start);
            var events = await source.CreateCommand("select max(seq_id) from forum.mt_events").ExecuteScalarAsync();
            return string.Create(
                CultureInfo.InvariantCulture,
                $"The views took in {events:N0} events in {took.TotalSeconds:N1} s, the server's start of {server.FirstAnswer.TotalSeconds:N1} s included; target 15 s for 200,000, and twice the {firstTook:N1} s that the import took."
            );
        }
    }

    /// <summary>Imports threads of one page.</summary>
    public static async Task ImportPagesAsync(Options options, string name, int threads)
    {
        var folder = Directory.CreateTempSubdirectory("eventforum-bench").FullName;
        await ImportAsync(options, folder, name, threads * PostsInPage, PostsInPage);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<(double Seconds, long PeakMb)> ImportAsync(
        Options options,
        string folder,
        string name,
        int posts,
        int inThread = PostsInThread
    )
    {
        var file = Path.Combine(folder, name + ".jsonl");
        await File.WriteAllLinesAsync(file, Enumerable.Range(0, posts).Select(post => Line(name, post, inThread)));
        var start = Stopwatch.GetTimestamp();
        var (said, peak) = await Child.RunAsync(options.Program, ["import", file], options.Database, folder);
        var took = Stopwatch.GetElapsedTime(start).TotalSeconds;
        File.Delete(file);
        return said.Contains("no defects", StringComparison.Ordinal)
            ? (took, peak)
            : throw new BenchmarkException(said);
    }

    /// <summary>Every third post quotes the one before it.</summary>
    private static string Line(string source, int post, int inThread)
    {
        var thread = post / inThread;
        var number = post % inThread;
        var quote =
            number % 3 == 2
                ? $"[quote=\"{Author(source, post - 1)}\"]This is post {number - 1}. {Forum.Body}[/quote]\n\n"
                : "";
        return JsonSerializer.Serialize(
            new
            {
                source,
                thread = $"t{thread}",
                thread_title = $"Thread {thread} of {source}",
                post = $"p{post}",
                author = Author(source, post),
                posted_at = DateTime
                    .UnixEpoch.AddDays(thread)
                    .AddMinutes(number)
                    .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                section = $"Section {thread % 20}",
                body = $"{quote}This is post {number}. {Forum.Body}",
            }
        );
    }

    private static string Author(string source, int post) => $"Author {post % Authors} of {source}";

    /// <summary>Seconds that PostgreSQL takes to store the rows of the forum, which are copied out of it first.</summary>
    private static async Task<double> CopyAsync(NpgsqlDataSource source, string folder)
    {
        await ExecuteAsync(source, "create schema import_floor");
        await using var connection = await source.OpenConnectionAsync();
        foreach (var table in Tables)
        {
            await ExecuteAsync(source, $"create table import_floor.{table} (like forum.{table} including all)");
            await using var stream = await connection.BeginRawBinaryCopyAsync(
                $"copy forum.{table} to stdout (format binary)"
            );
            await using var rows = File.Create(Path.Combine(folder, table));
            await stream.CopyToAsync(rows);
        }

        var start = Stopwatch.GetTimestamp();
        foreach (var table in Tables)
        {
            await using var stream = await connection.BeginRawBinaryCopyAsync(
                $"copy import_floor.{table} from stdin (format binary)"
            );
            await using var rows = File.OpenRead(Path.Combine(folder, table));
            await rows.CopyToAsync(stream);
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
