using EventForum.Access;
using EventForum.Commands;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads.Reading;
using JasperFx.Events.Projections;
using Marten;

namespace EventForum.Threads;

public static class ThreadsModule
{
    public static IServiceCollection AddThreads(this IServiceCollection services)
    {
        services.AddEvents(ThreadEventDescriptions.All);
        services.AddSingleton<HiddenBoards>();
        services.AddSingleton<WatchedThreads>();
        services.AddHostedService(provider => provider.GetRequiredService<WatchedThreads>());
        services.AddSingleton<PostTexts>();
        services.AddSingleton(provider => new CommandPreparation(
            provider.GetRequiredService<PostTexts>().PrepareAsync,
            ThreadRefusals.SourceRemoved
        ));
        services.AddSingleton<ThreadPages>();
        services.AddSingleton<MovedRuns>();
        services.AddSingleton<ThreadTrees>();
        services.AddSingleton<WhatIfPages>();
        services.AddSingleton<Moments>();
        services.AddSingleton<ThreadPresence>();
        services.AddSingleton<PostViews>();
        services.AddSingleton<RenderedTexts>();
        services.AddHostedService(provider => provider.GetRequiredService<RenderedTexts>());
        services.AddSingleton<PostRevisions>();
        services.AddSingleton(NamedPostsQuery.Source);
        services.AddSingleton(new StateIsBehind(PostNumbers.Index, ThreadRefusals.Behind));
        services.AddSingleton<StreamStored>(provider =>
            // Who hears of a change reads the page again: it must be there.
            provider.GetRequiredService<ReadDatabase>().IsApart
                ? _ => { }
                : provider.GetRequiredService<WatchedThreads>().Changed
        );
        services.AddHostedService<PostNumbersCheck>();
        services.AddSingleton<SchemaStep>(PostPositions.FillAsync);
        return services.ConfigureMarten(options =>
        {
            options.Projections.Add(new ForumThreadProjection(), ProjectionLifecycle.Inline);
            options.Projections.Add(
                new PostTable(),
                ProjectionLifecycle.Inline,
                PostTable.Name,
                shard => shard.DeleteDataInTableOnTeardown(PostTable.Table)
            );
            options.Projections.Add(
                new HeaderTable(),
                ProjectionLifecycle.Inline,
                HeaderTable.Name,
                shard => shard.DeleteDataInTableOnTeardown(HeaderTable.Table)
            );
            options.Projections.Add(
                new View(BoardPosts.Name, new PostsByBoard()),
                ProjectionLifecycle.Async,
                shard =>
                {
                    shard.DeleteDataInTableOnTeardown(BoardPosts.Counts);
                    shard.DeleteDataInTableOnTeardown(BoardPosts.First);
                }
            );
            options.Storage.Add(new PostNumbers());
            options.Storage.ExtendedSchemaObjects.Add(PostTable.Schema());
            options.Storage.ExtendedSchemaObjects.Add(HeaderTable.Schema());
            options.Storage.ExtendedSchemaObjects.Add(RenderedTextTable.Schema());
            options.Events.IgnoreIndex(PostNumbers.Index);
        });
    }
}
