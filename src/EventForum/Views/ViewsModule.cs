using EventForum.Access;
using EventForum.Views.Framework;
using JasperFx.Events.Projections;
using Marten;

namespace EventForum.Views;

public static class ViewsModule
{
    /// <summary>Adds every view of the program, found by its type.</summary>
    public static IServiceCollection AddViews(this IServiceCollection services, IConfiguration configuration)
    {
        foreach (
            var type in typeof(IView)
                .Assembly.GetTypes()
                .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IView)))
                .OrderBy(type => type.FullName, StringComparer.Ordinal)
        )
        {
            services.AddView((IView)Activator.CreateInstance(type)!);
        }

        return services
            .Configure<ViewOptions>(configuration.GetSection("Views"))
            .AddEvents(ManagedViewEventDescriptions.All)
            .AddSingleton<ViewQueries>()
            .AddSingleton<ModerationLogs>()
            .AddSingleton<BoardLogs>()
            .AddSingleton<ViewStates>()
            .AddSingleton<ViewRebuild>()
            .AddSingleton<ViewRetirement>()
            .AddHostedService(services => services.GetRequiredService<ViewRetirement>())
            .ConfigureMarten(options =>
            {
                options.Projections.Add(new ManagedViewProjection(), ProjectionLifecycle.Inline);
                options.Projections.Add(new ViewPauses(), ProjectionLifecycle.Inline, ViewPauses.Name);
            });
    }

    public static IServiceCollection AddView(this IServiceCollection services, IView view)
    {
        var definition = ViewDefinition.Of(view);
        return services
            .AddSingleton(view.GetType(), view)
            .AddSingleton(definition)
            .ConfigureMarten(definition.Configure);
    }
}
