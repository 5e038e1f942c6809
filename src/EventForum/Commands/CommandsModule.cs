using Marten;

namespace EventForum.Commands;

public static class CommandsModule
{
    public static IServiceCollection AddCommands(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddHealthChecks().AddCheck<WriterHealth>("writers", tags: ["ready"]);
        return services
            .Configure<CommandWriterOptions>(configuration.GetSection("Writers"))
            .AddSingleton<WriterTelemetry>()
            .AddSingleton<CommandBatch>()
            .AddSingleton<CommandPreview>()
            .AddSingleton<CommandWriters>()
            .AddHostedService(provider => provider.GetRequiredService<CommandWriters>())
            .ConfigureMarten(options => options.Schema.For<GivenAnswer>());
    }
}
