using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.History;

/// <summary>Reads server-sent events as an EventSource does.</summary>
internal static class EventStreamReader
{
    public static async IAsyncEnumerable<SseItem<JsonElement>> FollowAsync(
        ForumServer server,
        string path,
        string? lastId = null,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        using var client = server.Client(null);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (lastId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastId);
        }

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        response.EnsureSuccessStatusCode();
        response.Content.Headers.ContentType?.MediaType.ShouldBe("text/event-stream");
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var parser = SseParser.Create(stream, (_, data) => JsonElement.Parse(data));
        await foreach (var item in parser.EnumerateAsync(cancellation))
        {
            yield return item;
        }
    }
}
