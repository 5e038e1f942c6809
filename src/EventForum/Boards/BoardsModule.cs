using JasperFx.Events.Projections;
using Marten;

namespace EventForum.Boards;

public static class BoardsModule
{
    public static IServiceCollection AddBoards(this IServiceCollection services) =>
        services
            .AddSingleton(NamedBoards.Source)
            .ConfigureMarten(options =>
            {
                options.Projections.Add(new BoardProjection(), ProjectionLifecycle.Inline);
                options.Events.AddEventType<BoardCreated>();
                options
                    .Schema.For<Board>()
                    .Duplicate(board => board.NameKey, configure: index => index.IsUnique = true);
            });
}
