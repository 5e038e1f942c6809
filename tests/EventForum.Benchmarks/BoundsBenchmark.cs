using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace EventForum.Benchmarks;

/// <summary>
/// What pages and replies lose while 16 guests, each from an address of its own, ask for the dearest answers that there
/// are without a pause, and 4 clients write the longest posts as fast as a member's default limit lets them.
/// </summary>
internal static class BoundsBenchmark
{
    private const int Guests = 16;
    private const int LongPosts = 22;
    private const int DearWriters = 4;
    private static readonly TimeSpan BetweenWrites = TimeSpan.FromSeconds(0.2);

    public static async Task RunAsync(Options options, Forum forum, Report report)
    {
        Report.Progress("A thread of long texts…");
        var thread = (await forum.ThreadsAsync(1, LongText(0)))[0];
        Guid last = default;
        for (var i = 1; i < LongPosts; i++)
        {
            last = (await forum.ReplyAsync(thread, LongText(i))).GetProperty("postId").GetGuid();
        }

        await forum.EditAsync(last);
        await forum.EditAsync(last, LongText(LongPosts));
        var page = (await forum.ThreadsAsync(1))[0];
        var targets = await forum.ThreadsAsync(20);
        var dearTarget = (await forum.ThreadsAsync(1))[0];
        var readers = Enumerable.Range(0, 8).Select(_ => Reader(forum, page)).ToArray();
        var writers = forum.Writers(8, targets);
        string[] dear =
        [
            $"/api/threads/{thread}/compare?from=0",
            $"/api/threads/{thread}/compare?from=1",
            $"/api/posts/{last}/diff?from=1&to=3",
            $"/api/posts/{last}/revisions?limit=100",
            $"/api/threads/{thread}/events?limit=500",
            "/api/events?limit=500",
            $"/api/threads/{thread}/replay?speed=10000000",
            $"/api/threads/{thread}?without=event:2",
            $"/threads/{thread}/timeline?version=20",
        ];
        await Load.RunAsync(readers, options.WarmUp / 8);
        var memory = forum.Process.MemoryMb;
        // Code is compiled while it runs, and that is work beside the others, too.
        await BesideAsync(() => Task.Delay(options.WarmUp));
        foreach (var (name, clients) in new[] { ("pages, 8 readers", readers), ("replies, 8 writers", writers) })
        {
            var free = await Load.RunAsync(clients, options.Slice * 3, forum.Meter);
            Sample? pressed = null;
            var answered = await BesideAsync(async () =>
            {
                await Load.RunAsync(clients, options.Slice);
                pressed = await Load.RunAsync(clients, options.Slice * 3, forum.Meter);
            });
            report.Add(
                $"{name}, beside {answered:N0} dear requests",
                new Comparison(pressed!, free, pressed!.Rate / free.Rate),
                ">= 0.5"
            );
            report.Add($"{name}, p99 beside them", pressed.P99 * 1_000, free.P99 * 1_000, "µs", "<= 3");
        }

        report.Note(
            $"The forum's memory: {memory} MB before the dear requests, {forum.Process.MemoryMb} MB after them; the target is at most 300 MB more."
        );

        // How many dear requests were answered meanwhile.
        async Task<int> BesideAsync(Func<Task> work)
        {
            using var over = new CancellationTokenSource();
            var others = Enumerable
                .Range(0, Guests)
                .Select(guest => Task.Run(() => AskAsync(forum.Process.Port, guest, dear, over.Token)))
                .Concat(
                    Enumerable
                        .Range(0, DearWriters)
                        .Select(writer => Task.Run(() => WriteAsync(forum, dearTarget, writer, over.Token)))
                )
                .ToArray();
            await work();
            await over.CancelAsync();
            return (await Task.WhenAll(others)).Sum();
        }
    }

    private static Func<ValueTask> Reader(Forum forum, Guid thread)
    {
        var connection = new HttpConnection(forum.Process.Port);
        var request = HttpConnection.Get($"/api/threads/{thread}");
        return () => connection.ExpectAsync(request, 200);
    }

    /// <summary>Asks on and on, whatever the answers are, and gives how many came.</summary>
    private static async Task<int> AskAsync(int port, int guest, string[] paths, CancellationToken over)
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(IPAddress.Parse($"127.0.1.{guest + 1}"), 0));
                await socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var client = new HttpClient(handler) { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var count = 0;
        try
        {
            for (var turn = guest; ; turn++)
            {
                using var answer = await client.GetAsync(
                    new Uri(paths[turn % paths.Length], UriKind.Relative),
                    HttpCompletionOption.ResponseHeadersRead,
                    over
                );
                await using var body = await answer.Content.ReadAsStreamAsync(over);
                await body.CopyToAsync(Stream.Null, over);
                count++;
            }
        }
        catch (OperationCanceledException)
        {
            return count;
        }
    }

    private static async Task<int> WriteAsync(Forum forum, Guid thread, int writer, CancellationToken over)
    {
        var count = 0;
        using var timer = new PeriodicTimer(BetweenWrites);
        try
        {
            while (await timer.WaitForNextTickAsync(over))
            {
                await forum.ReplyAsync(thread, LongText(1_000 * (writer + 1) + count++));
            }
        }
        catch (OperationCanceledException)
        {
            // The measurement is over.
        }

        return count;
    }

    /// <summary>As long as a post may be; two differ in every word, in stretches that can be compared.</summary>
    private static string LongText(int seed)
    {
        var text = new System.Text.StringBuilder();
        for (var word = 0; text.Length < 99_000; word++)
        {
            text.Append(
                word % 1_000 == 999
                    ? "\n\nThe same line.\n\n"
                    : string.Create(CultureInfo.InvariantCulture, $"{seed:x}{word % 64:x} ")
            );
        }

        return text.ToString();
    }
}
