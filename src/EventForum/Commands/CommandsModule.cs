using Marten;

namespace EventForum.Commands;

public static class CommandsModule
{
    public static IServiceCollection AddCommands(this IServiceCollection services, IConfiguration configuration) =>
        services
            .Configure<CommandWriterOptions>(configuration.GetSection("Writers"))
            .AddSingleton<RememberedStates>()
            .AddSingleton<CommandBatch>()
            .AddSingleton<CommandWriters>()
            .AddHostedService(provider => provider.GetRequiredService<CommandWriters>())
            .ConfigureMarten(options => options.Schema.For<GivenAnswer>());
}
