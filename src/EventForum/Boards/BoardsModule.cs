using EventForum.Access;
using EventForum.Commands;
using EventForum.Members;
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
            .AddSingleton<StreamStored>(provider =>
            {
                var rules = provider.GetRequiredService<CurrentAccessRules>();
                return stream =>
                {
                    // What boards permit and which roles members have holds from now on.
                    if (stream.Aggregate is Board or Member)
                    {
                        rules.Changed();
                    }
                };
            })
            .ConfigureMarten(options =>
            {
                options.Projections.Add(new BoardProjection(), ProjectionLifecycle.Inline);
                options.Events.AddEventTypes(Events);
                options
                    .Schema.For<Board>()
                    .Duplicate(board => board.NameKey, configure: index => index.IsUnique = true);
            });
}
