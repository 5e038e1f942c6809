using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Platform;

public sealed class HeadTests(ForumHost forum)
{
    [Fact]
    public async Task head_tells_what_get_tells_but_for_the_body()
    {
        var clock = new ShiftedClock { Shift = TimeSpan.FromHours(-1) };
        await using var own = await ForumHost.StartAsync(clock);
        var thread = await own.NewThread();
        clock.Shift = TimeSpan.Zero;
        await ReadModels.CatchUpAsync(own);

        foreach (var address in (string[])["/api/threads/{0}", "/api/threads/{0}?version=1", "/threads/{0}"])
        {
            var path = string.Format(null, address, thread.Id);
            var got = (await own.Stranger().Get(path)).ShouldBe(200);
            var told = (await own.Stranger().Send(HttpMethod.Head, path)).ShouldBe(200);

            told.Text.ShouldBeEmpty();
            told.ContentType.ShouldBe(got.ContentType);
            told.Headers.ETag.ShouldBe(got.Headers.ETag);
            told.Headers.CacheControl.ShouldBe(got.Headers.CacheControl);
        }
    }

    [Fact]
    public async Task head_of_what_is_not_there_is_404() =>
        (await forum.Stranger().Send(HttpMethod.Head, $"/api/threads/{Guid.CreateVersion7()}")).ShouldBe(404);

    [Theory]
    [InlineData("/api/events")]
    [InlineData("/api/threads/{0}/live")]
    public async Task head_of_a_stream_leaves_the_connection_free_for_what_comes_next(string path)
    {
        var thread = await forum.NewThread();
        var cancellation = TestContext.Current.CancellationToken;
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 1 };
        using var client = new HttpClient(handler) { BaseAddress = forum.Address };
        using var head = new HttpRequestMessage(HttpMethod.Head, string.Format(null, path, thread.Id));
        head.Headers.Accept.ParseAdd("text/event-stream");

        using var stream = await client.SendAsync(head, cancellation);
        using var next = await client.GetAsync(new Uri("/api/boards", UriKind.Relative), cancellation);

        stream.Content.Headers.ContentType?.MediaType.ShouldBe("text/event-stream");
        ((int)next.StatusCode).ShouldBe(200);
    }
}
