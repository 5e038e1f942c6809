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
        var posts = options.Quick ? 10_000 : 200_000;
        Report.Progress($"Importing {posts:N0} posts…");
        var folder = Directory.CreateTempSubdirectory("eventforum-bench").FullName;
        await using var source = NpgsqlDataSource.Create(options.Database);
        // The first import makes the schema.
        await ImportAsync("warm-up", PostsInThread);
        await ImportAsync("for the views", posts);
        report.Note(await ViewsAsync());
        var forum = new List<double>();
        var floor = new List<double>();
        for (var repeat = 0; repeat < options.Repeats; repeat++)
        {
            var before = (long)
                (await source.CreateCommand("select max(seq_id) from forum.mt_events").ExecuteScalarAsync())!;
            forum.Add(posts / await ImportAsync($"repeat {repeat}", posts));
            floor.Add(posts / await CopyAsync(source, before));
        }

        Directory.Delete(folder, recursive: true);
        report.Add(
            $"import of {posts:N0} posts",
            Sample.Median(forum, rate => rate),
            Sample.Median(floor, rate => rate),
            "posts/s",
            "0.2"
        );

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
                $"The views took in {events:N0} events in {took.TotalSeconds:N1} s, the server's start of {server.FirstAnswer.TotalSeconds:N1} s included; target 15 s for 200,000."
            );
        }

        Task<double> ImportAsync(string name, int count) => ImportBenchmark.ImportAsync(options, folder, name, count);
    }

    /// <summary>Imports threads of one page.</summary>
    public static async Task ImportPagesAsync(Options options, string name, int threads)
    {
        var folder = Directory.CreateTempSubdirectory("eventforum-bench").FullName;
        await ImportAsync(options, folder, name, threads * PostsInPage, PostsInPage);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<double> ImportAsync(
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
        var said = await Child.OutputAsync(options.Program, ["import", file], options.Database, folder);
        return said.Contains("no defects", StringComparison.Ordinal)
            ? Stopwatch.GetElapsedTime(start).TotalSeconds
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

    /// <summary>Seconds that PostgreSQL takes to store the newest rows, which are copied out of the forum first.</summary>
    private static async Task<double> CopyAsync(NpgsqlDataSource source, long after)
    {
        await using var connection = await source.OpenConnectionAsync();
        await ExecuteAsync("drop schema if exists import_floor cascade; create schema import_floor");
        var rows = new List<(string Table, byte[] Rows)>();
        foreach (var table in Tables)
        {
            await ExecuteAsync($"create table import_floor.{table} (like forum.{table} including all)");
            var key = table is "posts" or "thread_headers" ? "thread_id" : "id";
            var which = table is "mt_events"
                ? $"seq_id > {after}"
                : $"{key} in (select stream_id from forum.mt_events where seq_id > {after})";
            await using var stream = await connection.BeginRawBinaryCopyAsync(
                $"copy (select * from forum.{table} where {which}) to stdout (format binary)"
            );
            using var memory = new MemoryStream();
            await stream.CopyToAsync(memory);
            rows.Add((table, memory.ToArray()));
        }

        var start = Stopwatch.GetTimestamp();
        foreach (var (table, bytes) in rows)
        {
            await using var stream = await connection.BeginRawBinaryCopyAsync(
                $"copy import_floor.{table} from stdin (format binary)"
            );
            await stream.WriteAsync(bytes);
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
