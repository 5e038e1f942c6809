using System.Diagnostics;
using JasperFx;
using JasperFx.CodeGeneration;
using JasperFx.Events.Daemon;
using Marten;
using Marten.Exceptions;
using Npgsql;
using Polly;
using Polly.Retry;
using Weasel.Core;
using Wolverine;
using Wolverine.Marten;

namespace EventForum.Platform;

public static class StoreModule
{
    /// <summary>The setting that names the database.</summary>
    internal const string Setting = "EVENTFORUM_DB";

    /// <param name="builder">The program.</param>
    /// <param name="serves">Whether it answers requests, or runs a command beside the servers.</param>
    public static void AddStore(this WebApplicationBuilder builder, bool serves)
    {
        builder.Services.AddSingleton(_ => DataSource("forum", ConnectionString(builder.Configuration, serves)));
        builder.Services.AddKeyedSingleton(
            ReadDatabase.Key,
            (_, _) => DataSource("forum reads", ReadConnectionString(builder.Configuration, serves))
        );
        builder.Services.AddSingleton<ReadDatabase>();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ViewFreshness>();
        builder.Services.AddSingleton<ViewLeases>();
        builder.Services.AddSingleton<ViewWatch>();
        builder.Services.Configure<DatabaseOptions>(builder.Configuration.GetSection("Database"));
        builder.Services.AddHostedService<ServerLock>();
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
                // Its look for new events, several a second, makes no spans.
                options.Projections.ActivitySource = null;
                // Its loop ends when a look fails at the wrong moment, and is looked after this often.
                options.Projections.HealthCheckPollingTime = TimeSpan.FromSeconds(1);
                options.Projections.HighWaterStalenessThreshold = TimeSpan.FromSeconds(5);
                options.Projections.HighWaterProgressStallThreshold = TimeSpan.FromSeconds(15);
                // ViewKeeper says which views run here.
                options.Projections.AsyncMode = DaemonMode.ExternallyManaged;
                if (!serves)
                {
                    // A rebuild empties large tables, and waits for who uses them: Marten would give up after seconds.
                    options.CommandTimeout = 0;
                }

                options.ConfigurePolly(polly => polly.AddRetry(Retries));
                options.Events.IgnoreIndex(View.NoEvents);
                options.Storage.ExtendedSchemaObjects.AddRange(ViewLeases.Tables());
                options.Storage.ExtendedSchemaObjects.Add(UnfinishedRebuilds.Schema());
                options.Storage.ExtendedSchemaObjects.Add(ViewRegistry.Schema());
            })
            .UseNpgsqlDataSource()
            .IntegrateWithWolverine();
        builder.Services.AddSingleton(View.NoEventsIndex);
        builder.Services.AddSingleton<SchemaUpgrade>();
        builder.Services.AddHostedService(services => services.GetRequiredService<SchemaUpgrade>());
        builder.Services.AddSingleton<ViewRegistry>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ViewRegistry>());
        builder.Services.AddHostedService<ViewKeeper>();
        builder.Services.ConfigureMarten(
            (services, options) =>
                options.Events.TimeProvider = new MicrosecondClock(services.GetRequiredService<TimeProvider>())
        );
        builder.Services.CritterStackDefaults(defaults =>
        {
            defaults.Production.GeneratedCodeMode = TypeLoadMode.Static;
            defaults.Production.ResourceAutoCreate = AutoCreate.CreateOrUpdate;
            defaults.Production.AssertAllPreGeneratedTypesExist = true;
#if !DEBUG
            // Only a Debug build has the compiler on board.
            defaults.Development.GeneratedCodeMode = TypeLoadMode.Static;
#endif
        });
        builder.Host.UseWolverine(options =>
        {
            options.ApplicationAssembly = typeof(StoreModule).Assembly;
            options.Policies.AutoApplyTransactions();
        });
    }

    /// <param name="name">What metrics call its connections; else it is the connection string.</param>
    internal static NpgsqlDataSource DataSource(string name, string connection)
    {
        var database = new NpgsqlDataSourceBuilder(connection) { Name = name };
        // The loops that look for something new ask all the time, and are part of no trace.
        database.ConfigureTracing(tracing =>
            tracing
                .ConfigureCommandFilter(_ => Activity.Current is not null)
                .ConfigureBatchFilter(_ => Activity.Current is not null)
        );
        return database.Build();
    }

    /// <summary>
    /// Marten reads again what a broken connection cost, as it does by default, but not what has timed out: that would
    /// take as long three times more. The saving of events has retries of its own.
    /// </summary>
    private static RetryStrategyOptions Retries { get; } =
        new()
        {
            ShouldHandle = failed =>
                ValueTask.FromResult(
                    failed.Outcome.Exception is NpgsqlException or MartenException
                        && !Outage.IsTimeout(failed.Outcome.Exception)
                ),
            MaxRetryAttempts = 3,
            Delay = TimeSpan.FromMilliseconds(50),
            BackoffType = DelayBackoffType.Exponential,
        };

    /// <summary>
    /// Statements that come again are planned once a connection: planning them costs more than running them. A
    /// server's connections are not reset when they are used again, which would cost more than a page's query: nothing in
    /// a server leaves settings, locks or temporary tables on pooled connections. What the operator sets wins, because
    /// the last of two settings with one name counts.
    /// </summary>
    internal static string ConnectionString(IConfiguration configuration, bool serves) =>
        ConnectionString(
            Setting,
            configuration[Setting]
                ?? throw new StartRefusedException(
                    $"{Setting} is not set. Start the forum with `make run`, or set it to a PostgreSQL connection string."
                ),
            configuration,
            serves
        );

    /// <summary>The same for what only reads: PostgreSQL refuses what would write, whatever else the operator sets.</summary>
    internal static string ReadConnectionString(IConfiguration configuration, bool serves)
    {
        var given = configuration[ReadDatabase.Setting];
        var reads = new NpgsqlConnectionStringBuilder(
            string.IsNullOrEmpty(given)
                ? ConnectionString(configuration, serves)
                : ConnectionString(ReadDatabase.Setting, given, configuration, serves)
        );
        reads.Options = $"{reads.Options} -c default_transaction_read_only=on".TrimStart();
        return reads.ConnectionString;
    }

    private static string ConnectionString(string setting, string given, IConfiguration configuration, bool serves)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(
                "Max Auto Prepare=100;Auto Prepare Min Usages=2;"
                    + (serves ? Limits(configuration) : "Command Timeout=0;")
                    + given
            ).ConnectionString;
        }
        catch (ArgumentException e)
        {
            // What is wrong with it may be a part of the password.
            throw new StartRefusedException(
                $"{setting} is not a connection string of Npgsql, such as Host=db.example;Username=forum;Password=secret;Database=forum.",
                e
            );
        }
    }

    /// <summary>
    /// What a server does ends, also on a database that is frozen. A statement that has timed out is cancelled over
    /// another connection, which may take as long as connecting may. That is short, and it is not negotiated about
    /// GSS encryption first: that would hang, and then be tried again without.
    /// </summary>
    private static string Limits(IConfiguration configuration)
    {
        var seconds = (int)DatabaseOptions.Of(configuration).ReadTimeout.TotalSeconds;
        var connecting = Math.Max(1, seconds / 3);
        return $"Timeout={connecting};Command Timeout={Math.Max(1, seconds - connecting)};GSS Encryption Mode=Disable;No Reset On Close=true;"
            // What a server holds locked that was frozen inside a transaction is set free for the others.
            + "Options=-c idle_in_transaction_session_timeout=10s;";
    }
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
