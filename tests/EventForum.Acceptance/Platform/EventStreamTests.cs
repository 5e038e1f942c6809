using System.Net.Http.Headers;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Platform;

public sealed class EventStreamTests(ForumHost forum)
{
    [Fact]
    public async Task a_reader_who_wants_no_stream_gets_a_page()
    {
        using var client = forum.Client(null);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/events?limit=1");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream", 0));

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        answer.Content.Headers.ContentType?.MediaType.ShouldBe("application/json");
    }
}
