using System.Diagnostics;
using EventForum.Platform;
using Microsoft.AspNetCore.Builder;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace EventForum.Tests.Platform;

public sealed class TelemetryTests
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true, Telemetry.MetricsUrl)]
    [InlineData(true, true, Endpoint)]
    [InlineData(true, false, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")]
    [InlineData(false, true, "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT")]
    [InlineData(false, true, Endpoint, "OTEL_TRACES_EXPORTER=none")]
    [InlineData(true, false, Endpoint, "OTEL_METRICS_EXPORTER=none")]
    public void only_what_is_asked_for_is_gathered(bool traces, bool metrics, params string[] settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        foreach (var setting in settings)
        {
            var parts = setting.Split('=');
            builder.Configuration[parts[0]] = parts.Length > 1 ? parts[1] : "http://127.0.0.1:9";
        }

        builder.AddTelemetry();

        builder.Services.Any(service => service.ServiceType == typeof(TracerProvider)).ShouldBe(traces);
        builder.Services.Any(service => service.ServiceType == typeof(MeterProvider)).ShouldBe(metrics);
    }

    [Fact]
    public void what_is_done_for_several_is_part_of_the_first_ones_trace_and_linked_to_the_others()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Telemetry.Name,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        var causes = Enumerable.Range(0, 3).Select(_ => New()).ToList();

        using var span = Telemetry.StartFor("both", [.. causes, causes[1]]);

        span.ShouldNotBeNull().ParentSpanId.ShouldBe(causes[0].SpanId);
        span.TraceId.ShouldBe(causes[0].TraceId);
        span.Links.Select(link => link.Context).ShouldBe(causes.Skip(1));
        Telemetry.StartFor("nothing", []).ShouldBeNull();

        static ActivityContext New() =>
            new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
    }
}
