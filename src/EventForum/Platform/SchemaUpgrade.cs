using JasperFx;
using Marten;
using Marten.Storage;
using Npgsql;

namespace EventForum.Platform;

/// <summary>
/// Brings the database's schema up to date before anything else of a server uses it, one server at a time. In a large
/// forum a new index takes minutes, so there is no limit to it as there is to what requests ask.
/// </summary>
internal sealed class SchemaUpgrade(IDocumentStore store, IConfiguration configuration) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var options = ((DocumentStore)store).Options;
        await using var patient = NpgsqlDataSource.Create(StoreModule.ConnectionString(configuration, serves: false));
        await using var connection = await patient.OpenConnectionAsync(cancellationToken);
        await using var alone = new NpgsqlCommand("select pg_advisory_lock($1)", connection);
        alone.Parameters.AddWithValue((long)options.ApplyChangesLockId);
        await alone.ExecuteNonQueryAsync(cancellationToken);
        await using var database = new MartenDatabase(options, patient, Store.Schema);
        await database.ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate.CreateOrUpdate, ct: cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
