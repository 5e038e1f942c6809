using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace EventForum.Acceptance.Harness;

/// <summary>Takes in what a server sends by OTLP over HTTP: texts stand in it as they are.</summary>
public sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<string> sent = new();

    private Collector()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Run(async http =>
        {
            var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            sent.Enqueue(http.Request.Path + "\n" + Encoding.UTF8.GetString(body.ToArray()));
            http.Response.ContentType = "application/x-protobuf";
        });
    }

    /// <summary>What has a server send here.</summary>
    public (string Key, string Value)[] Settings =>
        [("OTEL_EXPORTER_OTLP_ENDPOINT", app.Urls.Single()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")];

    public string Sent => string.Join('\n', sent);

    public static async Task<Collector> StartAsync()
    {
        var collector = new Collector();
        await collector.app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
