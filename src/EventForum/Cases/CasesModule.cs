using EventForum.Access;
using EventForum.Platform;
using JasperFx.Events.Projections;
using Marten;
using Npgsql;

namespace EventForum.Cases;

public static class CasesModule
{
    /// <summary>Finds a member's reports.</summary>
    private const string Index = MartenTables.EventIndexes + "report";

    public static IServiceCollection AddCases(this IServiceCollection services, IConfiguration configuration)
    {
        services
            .AddOptions<ReportReasons>()
            .Bind(configuration.GetSection("Reports"))
            .PostConfigure(reasons =>
            {
                if (reasons.Flaw() is { } flaw)
                {
                    throw new StartRefusedException(flaw);
                }
            })
            .ValidateOnStart();
        return services
            .AddEvents(CaseEventDescriptions.All)
            .AddSingleton<Reports>()
            .AddSingleton<CaseQueries>()
            .AddSingleton<CaseQueue>()
            .AddSingleton<OwnReports>()
            .AddSingleton(new SchemaDependents((_, _, _) => Task.CompletedTask, MakeIndexAsync))
            .ConfigureMarten(options =>
            {
                options.Projections.Add(new CaseProjection(), ProjectionLifecycle.Inline);
                options
                    .Schema.For<Case>()
                    .Duplicate(known => known.PostId)
                    .Duplicate(known => known.AuthorId)
                    .Duplicate(known => known.OpenedAt, configure: index => index.Predicate = "closed_at is null")
                    .Duplicate(known => known.ClosedAt);
                options.Events.IgnoreIndex(Index);
            });
    }

    private static async Task MakeIndexAsync(NpgsqlConnection connection, ILogger log, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"create index if not exists {Index} on {MartenTables.EventTable} (user_name, {MartenTables.Position}) where type = 'post_reported'",
            connection
        );
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
