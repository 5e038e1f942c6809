namespace EventForum.Exchange;

public static class ExchangeModule
{
    public static IServiceCollection AddExchange(this IServiceCollection services, IConfiguration configuration) =>
        configuration.GetValue<bool>(Sample.Setting) ? services.AddHostedService<Sample>() : services;
}
