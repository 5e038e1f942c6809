namespace EventForum.Benchmarks.Faults;

/// <summary>The servers of a run; each has a place, and there may be nobody in it.</summary>
internal sealed class Servers(FaultOptions options, string data) : IAsyncDisposable
{
    private readonly Child?[] places = new Child?[options.Servers];

    public int Count => places.Length;

    /// <summary>Where somebody should answer: a server that is frozen does not know that it is not there.</summary>
    public Uri? Address(int index) =>
        Volatile.Read(ref places[index % Count]) is { } server ? new Uri($"http://127.0.0.1:{server.Port}") : null;

    public async Task StartAsync(int place) =>
        Volatile.Write(
            ref places[place],
            await Child.StartAsync(options.Program, [], options.Database, data, "/health/live")
        );

    public async Task StartAllAsync()
    {
        for (var place = 0; place < Count; place++)
        {
            await StartAsync(place);
        }
    }

    public Task SignalAsync(int place, string signal) => Unix.RunAsync("kill", $"-{signal}", $"{places[place]!.Id}");

    public async Task KillAsync(int place) => await Interlocked.Exchange(ref places[place], null)!.DisposeAsync();

    public async Task StopAsync(int place)
    {
        var server = Interlocked.Exchange(ref places[place], null)!;
        await Unix.RunAsync("kill", "-TERM", $"{server.Id}");
        await server.EndAsync();
        await server.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in places)
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }
        }
    }
}
