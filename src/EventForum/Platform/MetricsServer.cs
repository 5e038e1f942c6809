using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using OpenTelemetry.Metrics;

namespace EventForum.Platform;

/// <summary>
/// Shows the metrics at an address of their own. It is a server beside the forum's: neither has the other's routes,
/// and a proxy that leads to the forum does not lead here.
/// </summary>
internal sealed class MetricsServer(string url, MeterProvider meters) : IHostedService
{
    public const string Path = "/metrics";

    private WebApplication? app;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(url);
        app = builder.Build();
        app.Use(
            (http, next) =>
            {
                // Looking at the metrics does not count as traffic.
                http.Features.Get<IHttpMetricsTagsFeature>()?.MetricsDisabled = true;
                return next(http);
            }
        );
        app.UseOpenTelemetryPrometheusScrapingEndpoint(meters, null, Path, null, null);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or FormatException or InvalidOperationException)
        {
            throw new StartRefusedException($"The metrics cannot be shown at {url} (Metrics__Url): {e.Message}", e);
        }

        foreach (
            var address in app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
        )
        {
            Console.WriteLine($"EventForum shows its metrics at {address}{Path}");
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (app is not null)
        {
            await app.DisposeAsync();
        }
    }
}
