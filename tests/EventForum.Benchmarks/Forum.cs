using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;

namespace EventForum.Benchmarks;

/// <summary>A running forum with a board, some members, and what a measurement needs to write in it.</summary>
internal sealed class Forum : IAsyncDisposable
{
    private const int Members = 8;

    private readonly HttpClient http = new();
    private readonly string data;
    private readonly string[] tokens;
    private Guid board;

    private Forum(Options options, Child process, CpuMeter meter, string data, string[] tokens)
    {
        Process = process;
        Meter = meter;
        Source = new NpgsqlDataSourceBuilder(options.Database)
        {
            ConnectionStringBuilder = { MaxPoolSize = 64, Pooling = true },
        }.Build();
        this.data = data;
        this.tokens = tokens;
        http.BaseAddress = new Uri($"http://127.0.0.1:{process.Port}");
    }

    public Child Process { get; }

    public CpuMeter Meter { get; }

    public NpgsqlDataSource Source { get; }

    // Views that are still catching up would take their share of the processors.
    private const string Behind = """
        select coalesce(min(last_seq_id), 0) < (select max(seq_id) from forum.mt_events)
          from forum.mt_event_progression where name like '%:All'
        """;

    /// <summary>A post of about 400 bytes.</summary>
    public static string Body { get; } =
        string.Concat(
            Enumerable.Repeat("What was said stays said, and whoever reads the thread later sees it as it was. ", 5)
        );

    public static async Task<Forum> StartAsync(Options options)
    {
        Report.Progress("Starting the forum…");
        var folder = Directory.CreateTempSubdirectory("eventforum-bench").FullName;
        string[] names = ["admin", .. Enumerable.Range(1, Members).Select(i => $"Writer {i}")];
        var members = new List<string>();
        foreach (var name in names)
        {
            members.Add(await TokenAsync(options, folder, name));
        }

        var process = await Child.StartAsync(options.Program, [], options.Database, folder, StartBenchmark.Path);
        var meter = await CpuMeter.OfAsync(process.Id, options.Database);
        var forum = new Forum(options, process, meter, folder, [.. members]);
        forum.board = await forum.BoardAsync($"Board {folder}");
        Report.Progress("Waiting for the views…");
        await forum.CaughtUpAsync();
        await forum.WarmUpAsync(options);
        return forum;
    }

    public async Task<Guid> BoardAsync(string name) =>
        (await PostAsync("/api/boards", new { name })).GetProperty("boardId").GetGuid();

    /// <summary>Starts threads of one post.</summary>
    public async Task<Guid[]> ThreadsAsync(int count, string? body = null, Guid? inBoard = null)
    {
        var threads = new Guid[count];
        for (var i = 0; i < count; i++)
        {
            var answer = await PostAsync(
                "/api/threads",
                new
                {
                    boardId = inBoard ?? board,
                    title = "A thread",
                    body = body ?? Body,
                }
            );
            threads[i] = answer.GetProperty("threadId").GetGuid();
        }

        return threads;
    }

    public Task<JsonElement> ReplyAsync(Guid thread, string? body = null) =>
        PostAsync($"/api/threads/{thread}/replies", new { body = body ?? Body });

    public Task<JsonElement> EditAsync(Guid post, string? body = null) =>
        SendAsync(
            HttpMethod.Put,
            $"/api/posts/{post}",
            new { body = body ?? Body + "Edited.", reason = "To be clear." }
        );

    /// <summary>Removes posts by one batch.</summary>
    public async Task<Guid> RemoveAsync(Guid[] posts) => (
            await PostAsync(
                "/api/moderation/batches",
                new
                {
                    kind = "remove-posts",
                    reason = "Spam.",
                    posts,
                }
            )
        ).GetProperty("batchId").GetGuid();

    public Task<JsonElement> UndoAsync(Guid batch) =>
        PostAsync($"/api/moderation/batches/{batch}/undo", new { reason = "It was none." });

    /// <summary>Runs statements, one after another, whose first parameter is a thread and whose second a number.</summary>
    public async Task FillAsync(string statements, Guid thread, int number)
    {
        await using var connection = await Source.OpenConnectionAsync();
        // Positions that no transaction can fill any more are stepped over: they are drawn and filled in one.
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var statement in statements.Split(";\n", StringSplitOptions.TrimEntries))
        {
            await using var command = new NpgsqlCommand(statement, connection);
            command.CommandTimeout = 300;
            command.Parameters.Add(new NpgsqlParameter { Value = thread });
            command.Parameters.Add(new NpgsqlParameter { Value = number });
            await command.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
        await VacuumAsync();
    }

    public async Task VacuumAsync()
    {
        await using var analyze = Source.CreateCommand("vacuum analyze");
        analyze.CommandTimeout = 300;
        await analyze.ExecuteNonQueryAsync();
    }

    /// <summary>Another server of the same forum.</summary>
    public Task<Child> StartServerAsync(Options options) =>
        Child.StartAsync(options.Program, [], options.Database, data, StartBenchmark.Path);

    /// <summary>Waits until the views have taken in everything.</summary>
    public Task CaughtUpAsync() => CaughtUpAsync(Source);

    public static async Task CaughtUpAsync(NpgsqlDataSource source)
    {
        while (await source.CreateCommand(Behind).ExecuteScalarAsync() is true)
        {
            await Task.Delay(100);
        }
    }

    public async Task<byte[]> GetAsync(string path)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
        return answer.IsSuccessStatusCode
            ? await answer.Content.ReadAsByteArrayAsync()
            : throw new BenchmarkException($"GET {path}: {(int)answer.StatusCode}");
    }

    /// <summary>Writers, each on a connection of its own, that go round these threads from different places.</summary>
    public Func<ValueTask>[] Writers(int count, Guid[] threads)
    {
        return [.. Enumerable.Range(0, count).Select(Writer)];

        Func<ValueTask> Writer(int index)
        {
            var json = JsonSerializer.Serialize(new { body = Body });
            var token = tokens[1 + (index % Members)];
            var requests = threads.Select(thread => HttpConnection.Post($"/api/threads/{thread}/replies", token, json));
            var turns = requests.ToArray();
            var connection = new HttpConnection(Process.Port);
            var turn = index * threads.Length / count;
            return () => connection.ExpectAsync(turns[turn++ % turns.Length], 201);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        await Source.DisposeAsync();
        http.Dispose();
        Directory.Delete(data, recursive: true);
    }

    private static async Task<string> TokenAsync(Options options, string data, string name)
    {
        var output = await Child.OutputAsync(
            options.Program,
            ["token", name, "--roles", name == "admin" ? "admin" : "member"],
            options.Database,
            data
        );
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1].Trim();
    }

    private async Task WarmUpAsync(Options options)
    {
        Report.Progress("Warming up…");
        await Load.RunAsync(Writers(8, await ThreadsAsync(1)), options.WarmUp / 2);
        await Load.RunAsync(Writers(32, await ThreadsAsync(20)), options.WarmUp / 2);
    }

    private Task<JsonElement> PostAsync(string path, object body) => SendAsync(HttpMethod.Post, path, body);

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, object body)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", tokens[0]) },
            Content = JsonContent.Create(body),
        };
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? JsonSerializer.Deserialize<JsonElement>(text)
            : throw new BenchmarkException($"{method} {path}: {(int)answer.StatusCode} {text}");
    }
}
