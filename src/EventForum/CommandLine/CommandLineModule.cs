namespace EventForum.CommandLine;

public static class CommandLineModule
{
    public static IServiceCollection AddSample(this IServiceCollection services, IConfiguration configuration) =>
        configuration.GetValue<bool>(Sample.Setting) ? services.AddHostedService<Sample>() : services;
}
