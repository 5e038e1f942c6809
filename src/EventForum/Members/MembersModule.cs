using EventForum.Access;
using EventForum.Commands;
using EventForum.Platform;
using JasperFx.Events.Projections;
using Marten;

namespace EventForum.Members;

public static class MembersModule
{
    public static IServiceCollection AddMembers(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddEvents(MemberEventDescriptions.All);
        services.AddSingleton<CurrentAccessRules>();
        services.AddSingleton<MemberDirectory>();
        services.AddSingleton<RoleRecorder>();
        services.AddSingleton<Readers>();
        services.AddSingleton<Registrations>();
        services.AddSingleton(provider =>
        {
            var registrations = provider.GetRequiredService<Registrations>();
            return new Senders(registrations.RefusalOfAsync, registrations.FindAsync);
        });
        services.AddSingleton<MemberNames>();
        services.AddSingleton<Standings>();
        services.AddSingleton<MemberCards>();
        services.AddHostedService<NameSkeletonsUpgrade>();
        services.Configure<TitleLadder>(configuration.GetSection("TitleLadder"));
        return services.ConfigureMarten(options =>
        {
            options.Projections.Add(new MemberProjection(), ProjectionLifecycle.Inline);
            options.Projections.Add(new NameSkeletons(), ProjectionLifecycle.Inline);
            options.Projections.Add(
                new View(MemberProfileProjection.ProjectionName, new MemberProfileProjection()),
                ProjectionLifecycle.Async,
                shard => shard.DeleteViewTypeOnTeardown<MemberProfile>()
            );
            options.Projections.Add(
                new View(FirstPosts.Name, new FirstPosts()),
                ProjectionLifecycle.Async,
                shard => shard.DeleteDataInTableOnTeardown(FirstPosts.Table)
            );
            options.Schema.For<MemberProfile>().UseNumericRevisions(true);
            options.Storage.ExtendedSchemaObjects.Add(FirstPosts.Schema());
            options.Storage.ExtendedSchemaObjects.AddRange(BoardPosts.Tables());
            options
                .Schema.For<Member>()
                .Duplicate(member => member.NameKey, configure: index => index.IsUnique = true)
                .Duplicate(member => member.Subject, configure: index => index.IsUnique = true)
                .Index(
                    member => member.Id,
                    index =>
                    {
                        index.Name = MartenTables.DocumentIndexes + "member_idx_with_roles";
                        index.Predicate = "data ->> 'roles' is not null";
                    }
                )
                .Index(
                    member => member.Id,
                    index =>
                    {
                        index.Name = MartenTables.DocumentIndexes + "member_idx_merged";
                        index.Predicate = "data ->> 'mergedInto' is not null";
                    }
                )
                .Index(
                    member => member.Id,
                    index =>
                    {
                        index.Name = MartenTables.DocumentIndexes + "member_idx_with_standing";
                        index.Predicate = "data ->> 'standing' is not null";
                    }
                );
        });
    }
}
