using JasperFx.Events.Projections;
using Marten;

namespace EventForum.Boards;

public static class BoardsModule
{
    public static IServiceCollection AddBoards(this IServiceCollection services) =>
        services
            .AddSingleton<BoardLists>()
            .ConfigureMarten(options =>
            {
                options.Projections.Add(new BoardProjection(), ProjectionLifecycle.Inline);
                options.Projections.Add(
                    new BoardIndex(),
                    ProjectionLifecycle.Async,
                    BoardIndex.Name,
                    shard =>
                    {
                        shard.DeleteViewTypeOnTeardown<ThreadSummary>();
                        shard.DeleteViewTypeOnTeardown<BoardSummary>();
                    }
                );
                options.Events.AddEventType<BoardCreated>();
                options
                    .Schema.For<Board>()
                    .Duplicate(board => board.NameKey, configure: index => index.IsUnique = true);
                options.Schema.For<BoardSummary>();
                options
                    .Schema.For<ThreadSummary>()
                    .Duplicate(thread => thread.BoardId, notNull: true)
                    .Duplicate(thread => thread.LastPostAt, notNull: true)
                    .Index(thread => new
                    {
                        thread.BoardId,
                        thread.LastPostAt,
                        thread.Id,
                    });
            });
}
