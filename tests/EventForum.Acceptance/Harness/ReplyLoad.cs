using System.Net.Sockets;

namespace EventForum.Acceptance.Harness;

/// <summary>Writers that reply one after the other, each with a key of its own, and remember what was acknowledged.</summary>
public sealed class ReplyLoad
{
    private readonly Lock gate = new();
    private readonly List<Attempt> attempts = [];

    /// <summary>Every reply that was sent, with its answer; null when the connection broke before one came.</summary>
    public IReadOnlyList<Attempt> Attempts
    {
        get
        {
            lock (gate)
            {
                return [.. attempts];
            }
        }
    }

    public IEnumerable<Attempt> Acknowledged => Attempts.Where(a => a.Answer?.Status == 201);

    public IEnumerable<Attempt> Unanswered => Attempts.Where(a => a.Answer?.Status != 201);

    /// <summary>Replies until it is cancelled; a broken connection ends a writer.</summary>
    public Task RunAsync(IEnumerable<TestMember> writers, IReadOnlyList<Guid> threads, Func<bool> goesOn) =>
        Task.WhenAll(
            writers.Select(
                async (writer, w) =>
                {
                    for (var i = 0; goesOn(); i++)
                    {
                        var text = $"Reply {i} of writer {w}.";
                        var thread = threads[(w + i) % threads.Count];
                        var answer = await SendAsync(writer, thread, text);
                        lock (gate)
                        {
                            attempts.Add(new Attempt(writer, thread, text, answer));
                        }
                    }
                }
            )
        );

    /// <summary>
    /// Sends what was not acknowledged once more, with the same keys, to another server, and again as long as that
    /// asks for it.
    /// </summary>
    public Task<Answer[]> RetryAsync(ForumServer server) =>
        Task.WhenAll(
            Unanswered.Select(async attempt =>
            {
                using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
                using var patience = Patience.Begin();
                var member = attempt.Writer.At(server);
                while (true)
                {
                    var answer = await member.Reply(attempt.ThreadId, attempt.Text, key: attempt.Text);
                    if (answer.Status != 503)
                    {
                        return answer;
                    }

                    await timer.WaitForNextTickAsync(patience.Token);
                }
            })
        );

    /// <summary>Waits until so many replies have been acknowledged.</summary>
    public async Task ReachAsync(int acknowledged)
    {
        await Patience.UntilAsync(() => Task.FromResult(Acknowledged.Count() >= acknowledged));
    }

    private static async Task<Answer?> SendAsync(TestMember writer, Guid thread, string text)
    {
        try
        {
            return await writer.Reply(thread, text, key: text);
        }
        catch (Exception e) when (IsBroken(e))
        {
            return null;
        }
    }

    /// <summary>The connection broke: of one that breaks as soon as it is made, .NET gives the socket's error as it is.</summary>
    internal static bool IsBroken(Exception e) => e is HttpRequestException or SocketException;

    public sealed record Attempt(TestMember Writer, Guid ThreadId, string Text, Answer? Answer);
}
