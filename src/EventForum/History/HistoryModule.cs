using EventForum.History.Sql;
using EventForum.Platform;
using JasperFx.Events.Projections;
using Marten;
using Weasel.Postgresql.Tables;

namespace EventForum.History;

public static class HistoryModule
{
    public static IServiceCollection AddHistory(this IServiceCollection services)
    {
        services.AddSingleton<KnownEvents>();
        services.AddSingleton<HistoryEntries>();
        services.AddSingleton<ThreadHistory>();
        services.AddSingleton<Feed>();
        services.AddSingleton<Replay>();
        services.AddSingleton<ThreadComparisons>();
        services.AddSingleton<Timelines>();
        services.AddSingleton<SettledPosition>();
        services.AddHostedService(provider => provider.GetRequiredService<SettledPosition>());
        services.AddSingleton<SqlSchema>();
        services.AddSingleton(provider => new SchemaDependents(
            SqlSchema.DropAsync,
            provider.GetRequiredService<SqlSchema>().MakeAsync
        ));
        return services.ConfigureMarten(options =>
        {
            options.Projections.Add(
                new View(QuoteGraph.ProjectionName, new QuoteGraph()),
                ProjectionLifecycle.Async,
                shard => shard.DeleteDataInTableOnTeardown(QuoteGraph.Table)
            );
            options.Storage.ExtendedSchemaObjects.Add(QuoteGraph.Schema());
            var table = new Table(SettledPosition.Table);
            table.AddColumn<int>("id").AsPrimaryKey();
            table.AddColumn<long>("position").NotNull();
            options.Storage.ExtendedSchemaObjects.Add(table);
        });
    }
}
