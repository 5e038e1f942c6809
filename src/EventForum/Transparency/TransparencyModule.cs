using Marten;

namespace EventForum.Transparency;

public static class TransparencyModule
{
    public static IServiceCollection AddTransparency(this IServiceCollection services) =>
        services
            .AddSingleton<LogReads>()
            .AddSingleton(provider => new AuditProofs(
                provider.GetRequiredService<LogReads>(),
                provider.GetRequiredService<History.Feed>()
            ))
            .AddHostedService<LogKeeper>()
            .ConfigureMarten(options => options.Storage.ExtendedSchemaObjects.AddRange(LogTables.All()));

    public static void MapLog(this WebApplication app) => GetLog.Map(app);
}
