using EventForum.Access;
using EventForum.Commands;
using EventForum.Members;
using JasperFx.Events.Projections;
using Marten;

namespace EventForum.Boards;

public static class BoardsModule
{
    public static IServiceCollection AddBoards(this IServiceCollection services) =>
        services
            .AddEvents(BoardEventDescriptions.All)
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
                options
                    .Schema.For<Board>()
                    .Duplicate(board => board.NameKey, configure: index => index.IsUnique = true);
            });
}
