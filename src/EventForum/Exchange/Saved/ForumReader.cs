using System.Net;
using System.Text.Json;

namespace EventForum.Exchange.Saved;

/// <summary>Reads a running forum over HTTP, as fast as its limits let anybody.</summary>
internal sealed class ForumReader(HttpClient forum, TimeProvider clock)
{
    private const int AtOnce = 4;

    /// <summary>How often a request is sent that the forum has no time for.</summary>
    private const int Tries = 100;

    public static Task ForEachAsync(
        IEnumerable<string> addresses,
        Func<string, Task> read,
        CancellationToken cancellation
    ) =>
        Parallel.ForEachAsync(
            addresses,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (address, _) => await read(address)
        );

    /// <summary>A page; null for one that is not there, not any more, or not for guests.</summary>
    public async Task<string?> PageAsync(string address, CancellationToken cancellation)
    {
        using var answer = await GetAsync(address, "text/html", cancellation);
        return answer.StatusCode is HttpStatusCode.OK ? await answer.Content.ReadAsStringAsync(cancellation)
            : IsNotThere(answer) ? null
            : throw new IOException($"{address} is answered {(int)answer.StatusCode}.");
    }

    /// <summary>An answer of the API; null as with pages.</summary>
    public async Task<JsonElement?> JsonAsync(string address, CancellationToken cancellation)
    {
        using var answer = await GetAsync(address, "application/json", cancellation);
        return answer.StatusCode is HttpStatusCode.OK
                ? JsonElement.Parse(await answer.Content.ReadAsStringAsync(cancellation))
            : IsNotThere(answer) ? null
            : throw new IOException($"{address} is answered {(int)answer.StatusCode}.");
    }

    public async Task SaveAsync(string address, string path, CancellationToken cancellation)
    {
        using var answer = await GetAsync(address, "*/*", cancellation);
        answer.EnsureSuccessStatusCode();
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var file = File.Create(path);
        await answer.Content.CopyToAsync(file, cancellation);
    }

    private static bool IsNotThere(HttpResponseMessage answer) =>
        answer.StatusCode
            is HttpStatusCode.NotFound
                or HttpStatusCode.Gone
                or HttpStatusCode.Unauthorized
                or HttpStatusCode.Forbidden
                or HttpStatusCode.Conflict
                or HttpStatusCode.SeeOther;

    /// <summary>Waits as long as <c>Retry-After</c> says where the forum has too much to do.</summary>
    private async Task<HttpResponseMessage> GetAsync(string address, string accept, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Accept.ParseAdd(accept);
            var answer = await forum.SendAsync(request, cancellation);
            if (
                answer.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
                || answer.Headers.RetryAfter?.Delta is not { } rest
                || tries == Tries
            )
            {
                return answer;
            }

            answer.Dispose();
            await Task.Delay(rest, clock, cancellation);
        }
    }
}
