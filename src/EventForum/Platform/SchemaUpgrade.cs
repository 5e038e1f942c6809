using JasperFx;
using Marten;
using Marten.Storage;
using Npgsql;
using Weasel.Core;

namespace EventForum.Platform;

/// <summary>
/// What a database of an earlier version needs before its schema is brought up to date, such as values for a new column
/// that every row must have. It does nothing where it was done, and goes on where it was broken off. A module registers it.
/// </summary>
public delegate Task SchemaStep(NpgsqlConnection connection, ILogger log, CancellationToken cancellation);

/// <summary>
/// What stands on the tables, such as views that read them: PostgreSQL changes no column that a view names. It is dropped
/// before tables change, and made once they are up to date, where it is not there or not as it should be. A module
/// registers it.
/// </summary>
public sealed record SchemaDependents(SchemaStep Drop, SchemaStep Make);

/// <summary>
/// Brings the database's schema up to date before anything else of a server uses it, one server at a time. In a large
/// forum a new index takes minutes, so there is no limit to it as there is to what requests ask.
/// </summary>
internal sealed class SchemaUpgrade(
    IDocumentStore store,
    IEnumerable<SchemaStep> steps,
    IEnumerable<SchemaDependents> dependents,
    IConfiguration configuration,
    ILogger<SchemaUpgrade> log
) : IHostedLifecycleService
{
    public async Task ApplyAsync(CancellationToken cancellation = default)
    {
        var options = ((DocumentStore)store).Options;
        await using var patient = NpgsqlDataSource.Create(StoreModule.ConnectionString(configuration, serves: false));
        await using var connection = await patient.OpenConnectionAsync(cancellation);
        await using var alone = new NpgsqlCommand("select pg_advisory_lock($1)", connection);
        alone.Parameters.AddWithValue((long)options.ApplyChangesLockId);
        await alone.ExecuteNonQueryAsync(cancellation);
        foreach (var step in steps)
        {
            await step(connection, log, cancellation);
        }

        await using var database = new MartenDatabase(options, patient, Store.Schema);
        if ((await database.CreateMigrationAsync(cancellation)).Difference != SchemaPatchDifference.None)
        {
            foreach (var dependent in dependents)
            {
                await dependent.Drop(connection, log, cancellation);
            }

            await database.ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate.CreateOrUpdate, ct: cancellation);
        }

        foreach (var dependent in dependents)
        {
            await dependent.Make(connection, log, cancellation);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => ApplyAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
