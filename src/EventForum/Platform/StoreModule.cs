using JasperFx;
using JasperFx.CodeGeneration;
using Marten;
using Npgsql;
using Weasel.Core;
using Wolverine;
using Wolverine.Marten;

namespace EventForum.Platform;

public static class StoreModule
{
    public static void AddStore(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(ConnectionString(builder.Configuration)));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ViewFreshness>();
        builder
            .Services.AddMarten(options =>
            {
                options.DatabaseSchemaName = Store.Schema;
                options.UseSystemTextJsonForSerialization(EnumStorage.AsString, Casing.CamelCase);
                options.Events.UseMandatoryStreamTypeDeclaration = true;
                options.Events.AutoDiscoverTagTypes = false;
                options.Events.MetadataConfig.CorrelationIdEnabled = true;
                options.Events.MetadataConfig.CausationIdEnabled = true;
                options.Events.MetadataConfig.HeadersEnabled = true;
                options.Events.MetadataConfig.UserNameEnabled = true;
                options.Projections.Errors.SkipApplyErrors = false;
                options.Projections.Errors.SkipSerializationErrors = false;
                // Views follow in steps: woken by every commit, the daemon takes as much of PostgreSQL as the writers.
                options.Projections.FastPollingTime = TimeSpan.FromMilliseconds(100);
                options.Projections.SlowPollingTime = TimeSpan.FromMilliseconds(250);
                // A write that was undone left a gap. Marten steps over it once no transaction can fill it any more.
                options.Projections.StaleSequenceThreshold = TimeSpan.FromSeconds(1);
            })
            .UseNpgsqlDataSource()
            .IntegrateWithWolverine(integration => integration.UseWolverineManagedEventSubscriptionDistribution = true)
            .ApplyAllDatabaseChangesOnStartup();
        builder.Services.ConfigureMarten(
            (services, options) =>
                options.Events.TimeProvider = new MicrosecondClock(services.GetRequiredService<TimeProvider>())
        );
        builder.Services.CritterStackDefaults(defaults =>
        {
            defaults.Production.GeneratedCodeMode = TypeLoadMode.Static;
            defaults.Production.ResourceAutoCreate = AutoCreate.CreateOrUpdate;
            defaults.Production.AssertAllPreGeneratedTypesExist = true;
        });
        builder.Host.UseWolverine(options =>
        {
            options.ApplicationAssembly = typeof(StoreModule).Assembly;
            options.Policies.AutoApplyTransactions();
            // Views are kept up again within seconds of a start, and of another node's death.
            options.Durability.FirstHealthCheckExecution = TimeSpan.FromMilliseconds(200);
            options.Durability.HealthCheckPollingTime = TimeSpan.FromSeconds(2);
            options.Durability.CheckAssignmentPeriod = TimeSpan.FromSeconds(1);
            options.Durability.StaleNodeTimeout = TimeSpan.FromSeconds(10);
        });
    }

    /// <summary>
    /// Statements that come again are planned once a connection: planning them costs more than running them. What the
    /// operator sets wins, because the last of two settings with one name counts.
    /// </summary>
    private static string ConnectionString(ConfigurationManager configuration) =>
        "Max Auto Prepare=100;Auto Prepare Min Usages=2;"
        + (
            configuration["EVENTFORUM_DB"]
            ?? throw new InvalidOperationException(
                "EVENTFORUM_DB is not set. Start the forum with `make run`, or set it to a PostgreSQL connection string."
            )
        );
}

/// <summary>Time as PostgreSQL keeps it, so that what is live now equals what is read back later.</summary>
internal sealed class MicrosecondClock(TimeProvider inner) : TimeProvider
{
    public override DateTimeOffset GetUtcNow()
    {
        var now = inner.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
