using Marten;

namespace EventForum.Transparency;

public static class TransparencyModule
{
    public static IServiceCollection AddTransparency(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<LogWatch>("log", tags: ["ready"]);
        return services
            .AddSingleton<LogWatch>()
            .AddSingleton<LogReads>()
            .AddSingleton<WitnessedLogs>()
            .AddSingleton(provider => new AuditProofs(
                provider.GetRequiredService<LogReads>(),
                provider.GetRequiredService<History.Feed>()
            ))
            .AddHostedService<LogKeeper>()
            .ConfigureMarten(options => options.Storage.ExtendedSchemaObjects.AddRange(LogTables.All()));
    }

    public static void MapLog(this WebApplication app) => GetLog.Map(app);
}
