using EventForum.Platform;
using JasperFx.Events.Projections;
using Marten;

namespace EventForum.Lists;

public static class ListsModule
{
    public static IServiceCollection AddLists(this IServiceCollection services) =>
        services
            .AddSingleton<BoardLists>()
            .ConfigureMarten(options =>
            {
                options.Projections.Add(
                    new View(BoardIndex.Name, new BoardIndex()),
                    ProjectionLifecycle.Async,
                    shard =>
                    {
                        shard.DeleteDataInTableOnTeardown(BoardIndex.Threads);
                        shard.DeleteDataInTableOnTeardown(BoardIndex.Months);
                        shard.DeleteDataInTableOnTeardown(BoardIndex.Moves);
                    }
                );
                options.Storage.ExtendedSchemaObjects.AddRange(BoardIndex.Tables());
            });
}
