using EventForum.Access;
using Marten;

namespace EventForum.Erasure;

public static class ErasureModule
{
    public static IServiceCollection AddErasure(this IServiceCollection services, IConfiguration configuration) =>
        services
            .Configure<RetentionOptions>(configuration.GetSection("Retention"))
            .AddSingleton<Retention>()
            .AddSingleton<Erasures>()
            .AddSingleton<ErasurePlans>()
            .AddSingleton<ErasureCompletion>()
            .AddHostedService(provider => provider.GetRequiredService<ErasureCompletion>())
            .ConfigureMarten(options => options.Storage.ExtendedSchemaObjects.Add(ErasureTable.Schema()));
}
