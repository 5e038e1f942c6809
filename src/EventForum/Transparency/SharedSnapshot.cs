using System.Data;
using Npgsql;

namespace EventForum.Transparency;

/// <summary>Connections that see what one of them sees, so that much can be read at once and as of one moment.</summary>
internal sealed class SharedSnapshot : IAsyncDisposable
{
    private readonly List<NpgsqlConnection> connections = [];

    public IReadOnlyList<NpgsqlConnection> Connections => connections;

    /// <param name="connection">In a transaction that sees one moment, which stays open while the others are used.</param>
    public static async Task<SharedSnapshot> OfAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var export = new NpgsqlCommand("select pg_export_snapshot()", connection);
        var snapshot = (string)(await export.ExecuteScalarAsync(cancellation))!;
        var shared = new SharedSnapshot();
        while (shared.connections.Count < Math.Clamp(Environment.ProcessorCount, 2, 8))
        {
            var other = (NpgsqlConnection)((ICloneable)connection).Clone();
            shared.connections.Add(other);
            await other.OpenAsync(cancellation);
            // The transaction ends with its connection. Others share the work: PostgreSQL need not.
            await other.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
            await using var begin = new NpgsqlCommand(
                $"""
                set transaction snapshot '{snapshot}';
                set local idle_in_transaction_session_timeout = 0;
                set local max_parallel_workers_per_gather = 0
                """,
                other
            );
            await begin.ExecuteNonQueryAsync(cancellation);
        }

        return shared;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in connections)
        {
            await connection.DisposeAsync();
        }
    }
}
