using JasperFx.Events.Projections;
using Marten;

namespace EventForum.Boards;

public static class BoardsModule
{
    internal static readonly Type[] Events =
    [
        typeof(BoardCreated),
        typeof(BoardRenamed),
        typeof(BoardDescribed),
        typeof(BoardPermissionsChanged),
        typeof(BoardClosed),
        typeof(BoardReopened),
    ];

    public static IServiceCollection AddBoards(this IServiceCollection services) =>
        services
            .AddSingleton(NamedBoards.Source)
            .ConfigureMarten(options =>
            {
                options.Projections.Add(new BoardProjection(), ProjectionLifecycle.Inline);
                options.Events.AddEventTypes(Events);
                options
                    .Schema.For<Board>()
                    .Duplicate(board => board.NameKey, configure: index => index.IsUnique = true);
            });
}
