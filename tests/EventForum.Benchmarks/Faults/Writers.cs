using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace EventForum.Benchmarks.Faults;

/// <summary>Members who reply one after the other, each with a key of its own, and do not give up before it is acknowledged.</summary>
internal sealed class Writers(Servers servers, IReadOnlyList<string> tokens) : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(25);

    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(8) };
    private readonly ConcurrentQueue<Reply> replies = new();
    private Guid[] threads = [];
    private int attempts;

    /// <summary>What was acknowledged.</summary>
    public IReadOnlyCollection<Reply> Acknowledged => replies;

    /// <summary>Requests that were refused or got no answer, and were sent again.</summary>
    public int Refused => attempts - replies.Count;

    public IReadOnlyList<Guid> Threads => threads;

    public async Task StartThreadsAsync(int count)
    {
        var board = await AskAsync("/api/boards", new { name = $"Faults {Guid.CreateVersion7():N}" }, "board", 0);
        var started = new List<Guid>();
        for (var i = 0; i < count; i++)
        {
            var thread = new
            {
                boardId = Value(board, "boardId"),
                title = $"Thread {i}",
                body = "It begins.",
            };
            started.Add(Guid.Parse(Value(await AskAsync("/api/threads", thread, $"thread {i}", 0), "threadId")));
        }

        threads = [.. started];
    }

    /// <summary>Writes until it is over, and then until everything that was sent has been acknowledged.</summary>
    public Task RunAsync(Func<bool> goesOn) =>
        Task.WhenAll(
            Enumerable
                .Range(1, tokens.Count - 1)
                .Select(async writer =>
                {
                    for (var i = 0; goesOn(); i++)
                    {
                        var thread = threads[(writer + i) % threads.Length];
                        var text = $"Reply {i} of writer {writer}.";
                        var answer = await AskAsync(
                            $"/api/threads/{thread}/replies",
                            new { body = text },
                            text,
                            writer
                        );
                        replies.Enqueue(new Reply(writer, thread, text, answer));
                        await Task.Delay(Pace);
                    }
                })
        );

    /// <summary>Sends old replies once more; gives those whose answer is another one now.</summary>
    public async Task<IReadOnlyList<Reply>> RepeatAsync(int count, Random random)
    {
        var all = replies.ToArray();
        var changed = new List<Reply>();
        for (var i = 0; i < count && all.Length > 0; i++)
        {
            var reply = all[random.Next(all.Length)];
            var body = new { body = reply.Text };
            var again = await AskAsync($"/api/threads/{reply.Thread}/replies", body, reply.Text, reply.Writer);
            if (again != reply.Answer)
            {
                changed.Add(reply);
            }
        }

        return changed;
    }

    public void Dispose() => http.Dispose();

    private static string Value(string json, string property) =>
        JsonSerializer.Deserialize<JsonElement>(json).GetProperty(property).GetString()!;

    private async Task<string> AskAsync(string path, object body, string key, int writer)
    {
        for (var attempt = writer; ; attempt++)
        {
            Interlocked.Increment(ref attempts);
            if (servers.Address(attempt) is { } address)
            {
                try
                {
                    using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, path));
                    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens[writer]);
                    request.Headers.Add("Idempotency-Key", key);
                    request.Content = JsonContent.Create(body);
                    using var answer = await http.SendAsync(request);
                    if (answer.StatusCode == HttpStatusCode.Created)
                    {
                        return await answer.Content.ReadAsStringAsync();
                    }

                    if ((int)answer.StatusCode is not (429 or 500 or 503))
                    {
                        throw new BenchmarkException(
                            $"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}"
                        );
                    }
                }
                catch (Exception e)
                    when (e is HttpRequestException or SocketException or TaskCanceledException or IOException)
                {
                    // Somebody else may answer.
                }
            }

            await Task.Delay(Pace * 4);
        }
    }

    public sealed record Reply(int Writer, Guid Thread, string Text, string Answer);
}
