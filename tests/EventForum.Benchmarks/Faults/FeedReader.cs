using System.Globalization;
using System.Net.Sockets;

namespace EventForum.Benchmarks.Faults;

/// <summary>Follows the forum's history, and goes on after the last event that came when its connection ends.</summary>
internal sealed class FeedReader(Servers servers, int first) : IDisposable
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(25);

    private readonly HttpClient http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly List<long> positions = [];

    public IReadOnlyList<long> Positions => positions;

    public int Connections { get; private set; }

    public long Last => positions.Count == 0 ? 0 : positions[^1];

    public async Task RunAsync(CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(ended);
            }
            catch (Exception e)
                when (e
                        is HttpRequestException
                            or SocketException
                            or IOException
                            or TimeoutException
                            or OperationCanceledException
                )
            {
                // The next server goes on.
            }

            await Task.Delay(100, CancellationToken.None);
        }
    }

    public void Dispose() => http.Dispose();

    private async Task FollowAsync(CancellationToken ended)
    {
        if (servers.Address(first + Connections++) is not { } address)
        {
            return;
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, "/api/events"));
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (Last > 0)
        {
            request.Headers.Add("Last-Event-ID", Last.ToString(CultureInfo.InvariantCulture));
        }

        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ended)
            .WaitAsync(Silence, ended);
        answer.EnsureSuccessStatusCode();
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(ended));
        long id = 0;
        while (await lines.ReadLineAsync(ended).AsTask().WaitAsync(Silence, ended) is { } line)
        {
            if (line.StartsWith("id:", StringComparison.Ordinal))
            {
                id = long.Parse(line.AsSpan(3).Trim(), CultureInfo.InvariantCulture);
            }
            else if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                positions.Add(id);
            }
        }
    }
}
