using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Scalar.AspNetCore;

namespace EventForum.Platform;

/// <summary>What operators and developers look at: health, and the API's description with a page to try it.</summary>
public static class OperationsModule
{
    public static void AddOperations(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<LoggerFactory>();
        builder.Services.AddSingleton<OutageFilter>();
        builder.Services.Replace(
            ServiceDescriptor.Singleton<ILoggerFactory>(services => services.GetRequiredService<OutageFilter>())
        );
        builder.Services.AddSingleton<OutageLog>();
        builder.Services.AddHostedService(services => services.GetRequiredService<OutageLog>());
        builder
            .Services.AddHealthChecks()
            .AddCheck<DatabaseHealth>("database", tags: ["ready"])
            .AddCheck<ViewWatch>("views", tags: ["ready"]);
        builder.Services.AddApiDocument();
    }

    public static void MapOperations(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false })
            .DisableRateLimiting()
            .AllowAnonymous();
        app.MapHealthChecks(
                "/health/ready",
                new HealthCheckOptions
                {
                    Predicate = check => check.Tags.Contains("ready"),
                    ResponseWriter = WriteAsync,
                }
            )
            .DisableRateLimiting()
            .AllowAnonymous();
        app.MapOpenApi().AllowAnonymous();
        app.MapScalarApiReference(
                "/docs",
                options =>
                    options
                        .WithTitle("EventForum API")
                        .WithNonce()
                        .DisableDefaultFonts()
                        .DisableTelemetry()
                        .DisableAgent()
                        .DisableMcp()
            )
            .AllowAnonymous();
    }

    /// <summary>
    /// What is wrong, and with what: a server whose view does not move is still "Degraded" and 200, because it answers
    /// with what the view holds, and the other servers would have nothing newer.
    /// </summary>
    private static Task WriteAsync(HttpContext http, HealthReport report) =>
        http.Response.WriteAsJsonAsync(
            new
            {
                status = report.Status.ToString(),
                checks = report.Entries.ToDictionary(
                    entry => entry.Key,
                    entry => new
                    {
                        status = entry.Value.Status.ToString(),
                        entry.Value.Description,
                        entry.Value.Data,
                    },
                    StringComparer.Ordinal
                ),
            }
        );
}

/// <summary>Ready while the database answers.</summary>
internal sealed class DatabaseHealth(OutageLog outages) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        if (await outages.AskAsync(cancellationToken) is not { } failure)
        {
            return HealthCheckResult.Healthy();
        }

        outages.Report(failure);
        return HealthCheckResult.Unhealthy("The database does not answer.");
    }
}
