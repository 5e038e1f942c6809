using EventForum.Access;
using EventForum.Platform;
using JasperFx.Events.Projections;
using Marten;
using Npgsql;

namespace EventForum.Moderation;

public static class ModerationModule
{
    private const string Index = MartenTables.EventIndexes + "batch";

    private const string Waiting = MartenTables.EventIndexes + "silence";

    /// <summary>The condition of the index by which a batch's events are found.</summary>
    internal static readonly string IsIndexed =
        $"type in ({string.Join(", ", Acts.EventTypes.Select(type => $"'{type}'"))})";

    public static IServiceCollection AddModeration(this IServiceCollection services) =>
        services
            .Configured()
            .AddEvents(BatchEventDescriptions.All)
            .AddSingleton<Microsoft.Extensions.Options.IValidateOptions<ModerationOptions>, ModerationOptionsCheck>()
            .AddSingleton(BatchHistory.Source)
            .AddSingleton<BatchPlans>()
            .AddSingleton<BatchPreviews>()
            .AddSingleton<BatchQueries>()
            .AddSingleton(new SchemaDependents((_, _, _) => Task.CompletedTask, MakeIndexAsync))
            .ConfigureMarten(options =>
            {
                options.Projections.Add(new ModerationBatchProjection(), ProjectionLifecycle.Inline);
                options.Schema.For<ModerationBatch>().Duplicate(batch => batch.UndoneBatchId);
                options.Events.IgnoreIndex(Index);
                options.Events.IgnoreIndex(Waiting);
            });

    private static IServiceCollection Configured(this IServiceCollection services)
    {
        services.AddOptions<ModerationOptions>().BindConfiguration("Moderation").ValidateOnStart();
        return services;
    }

    private static async Task MakeIndexAsync(NpgsqlConnection connection, ILogger log, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"""
            create index if not exists {Index} on {MartenTables.EventTable} (causation_id) where {IsIndexed};
            create index if not exists {Waiting} on {MartenTables.EventTable} ((data ->> 'silenceId')) where type = 'post_held'
            """,
            connection
        );
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
