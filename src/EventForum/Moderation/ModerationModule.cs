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
            .AddSingleton(BatchHistoryQuery.Source)
            .AddSingleton(StandingPosts.Source)
            .AddSingleton(ActWords.Source)
            .AddSingleton(RedactedWords.Source)
            .AddSingleton<BatchPlans>()
            .AddSingleton<BatchPreviews>()
            .AddSingleton<BatchQueries>()
            .AddSingleton<UndoPlans>()
            .AddSingleton<Decisions>()
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

    /// <summary>An index of an earlier version may lack types: it goes once the new one is there.</summary>
    private static async Task MakeIndexAsync(NpgsqlConnection connection, ILogger log, CancellationToken cancellation)
    {
        await using var find = new NpgsqlCommand(
            $"select indexdef from pg_indexes where schemaname = '{Store.Schema}' and indexname = '{Index}'",
            connection
        );
        var there = await find.ExecuteScalarAsync(cancellation) as string;
        await using var waiting = new NpgsqlCommand(
            $"create index if not exists {Waiting} on {MartenTables.EventTable} ((data ->> 'silenceId')) where type = 'post_held'",
            connection
        );
        await waiting.ExecuteNonQueryAsync(cancellation);
        if (there is not null && Acts.EventTypes.All(type => there.Contains($"'{type}'", StringComparison.Ordinal)))
        {
            return;
        }

        await using var make = new NpgsqlCommand(
            $"""
            drop index if exists {Store.Schema}.{Index}_new;
            create index {Index}_new on {MartenTables.EventTable} (causation_id) where {IsIndexed};
            drop index if exists {Store.Schema}.{Index};
            alter index {Store.Schema}.{Index}_new rename to {Index};
            """,
            connection
        );
        await make.ExecuteNonQueryAsync(cancellation);
    }
}
