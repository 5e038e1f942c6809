using System.Diagnostics;
using JasperFx.Events;
using Marten;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace EventForum.Platform;

/// <summary>
/// Sends metrics and traces to where OpenTelemetry's standard variables say, and shows metrics to Prometheus. Where
/// nothing is set nothing is gathered.
/// </summary>
public static class Telemetry
{
    /// <summary>Of the program's own meter and source of spans.</summary>
    public const string Name = "EventForum";

    /// <summary>The header in which a traced command's events keep its span, in the format of W3C Trace Context.</summary>
    public const string TraceParent = "traceparent";

    /// <summary>The setting with the address at which Prometheus finds the metrics: <c>http://127.0.0.1:9464</c>.</summary>
    public const string MetricsUrl = "Metrics:Url";

    /// <summary>As many as OpenTelemetry keeps of one span.</summary>
    private const int MostLinks = 128;

    public static ActivitySource Source { get; } = new(Name);

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        var url = builder.Configuration[MetricsUrl];
        var sendsTraces = Sends(builder.Configuration, "TRACES");
        var sendsMetrics = Sends(builder.Configuration, "METRICS");
        if (url is null && !sendsTraces && !sendsMetrics)
        {
            return;
        }

        // What the variables say of the resource comes last, and wins.
        var telemetry = builder
            .Services.AddOpenTelemetry()
            .ConfigureResource(resource =>
                resource
                    .AddService("eventforum", serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString())
                    .AddEnvironmentVariableDetector()
            );
        if (sendsTraces)
        {
            telemetry.WithTracing(tracing =>
                tracing
                    .AddSource(Name, "Npgsql", "Wolverine", "Marten")
                    .AddAspNetCoreInstrumentation(options => options.Filter = IsTraced)
                    .AddOtlpExporter()
            );
        }

        if (sendsMetrics || url is not null)
        {
            telemetry.WithMetrics(metrics =>
            {
                metrics
                    .AddMeter(Name, "Npgsql", "Wolverine*", "Marten", "System.Runtime")
                    .AddAspNetCoreInstrumentation();
                if (sendsMetrics)
                {
                    metrics.AddOtlpExporter();
                }

                if (url is not null)
                {
                    metrics.AddPrometheusExporter();
                }
            });
            builder.Services.ConfigureMarten(options => options.OpenTelemetry.TrackEventCounters());
        }

        if (url is not null)
        {
            builder.Services.AddHostedService(services => new MetricsServer(
                url,
                services.GetRequiredService<MeterProvider>()
            ));
        }
    }

    /// <summary>
    /// A span of what is done for several others at once: it is part of the first one's trace, and linked to the rest.
    /// Null where none of them is traced.
    /// </summary>
    public static Activity? StartFor(string name, IEnumerable<ActivityContext> causes)
    {
        var all = causes.Distinct().Take(MostLinks + 1).ToList();
        return all.Count == 0
            ? null
            : Source.StartActivity(
                name,
                ActivityKind.Internal,
                all[0],
                links: all.Skip(1).Select(cause => new ActivityLink(cause))
            );
    }

    /// <summary>Keeps the span with the event, for whoever takes the event in later, on this server or another.</summary>
    public static void KeepSpan(this IEvent e, Activity? span)
    {
        if (span is { Recorded: true, Id: { } id })
        {
            e.SetHeader(TraceParent, id);
        }
    }

    /// <summary>The spans that these events came of, as far as they were traced.</summary>
    public static IEnumerable<ActivityContext> SpansOf(IEnumerable<IEvent> events)
    {
        foreach (var e in Source.HasListeners() ? events : [])
        {
            if (
                e.GetHeader(TraceParent) is string id
                && ActivityContext.TryParse(id, traceState: null, isRemote: true, out var span)
            )
            {
                yield return span;
            }
        }
    }

    private static bool Sends(ConfigurationManager configuration, string signal) =>
        configuration[$"OTEL_{signal}_EXPORTER"] is null or "otlp"
        && !string.IsNullOrEmpty(
            configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] ?? configuration[$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"]
        );

    /// <summary>What asks all the time whether the server is well drowns everything else.</summary>
    private static bool IsTraced(HttpContext http) =>
        !http.Request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase)
        && !http.Request.Path.StartsWithSegments(MetricsServer.Path, StringComparison.OrdinalIgnoreCase);
}
