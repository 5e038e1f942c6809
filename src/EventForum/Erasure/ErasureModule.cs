namespace EventForum.Erasure;

public static class ErasureModule
{
    public static IServiceCollection AddErasure(this IServiceCollection services) =>
        services.AddSingleton<EraseMember>();
}
