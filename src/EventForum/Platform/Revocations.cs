using System.Collections.Concurrent;
using Npgsql;

namespace EventForum.Platform;

/// <summary>
/// Tokens that are no longer taken although they have not expired. Every server has all of them in memory and looks
/// for new ones once a second at most, and only while tokens come.
/// </summary>
public sealed class Revocations(NpgsqlDataSource database, TimeProvider clock) : IDisposable
{
    /// <summary>How long a revoked token may still be taken.</summary>
    public static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1);

    public const string Table = Store.Schema + ".revocations";

    /// <summary>In seconds. A server that cannot learn what is revoked takes no token.</summary>
    private const int Patience = 5;

    private readonly SemaphoreSlim turn = new(1);
    private readonly ConcurrentDictionary<string, DateTimeOffset> until = new(StringComparer.Ordinal);
    private long lookedAt;
    private long last;
    private (Exception Why, long At)? failed;

    /// <summary>
    /// One row an act, numbered in the order of their commits: whoever has read up to a number never misses one below.
    /// </summary>
    public static Weasel.Postgresql.Tables.Table Schema()
    {
        var table = new Weasel.Postgresql.Tables.Table(Table);
        table.AddColumn<long>("number").AsPrimaryKey();
        table.AddColumn<string>("key").NotNull();
        table.AddColumn<DateTimeOffset>("revoked_at").NotNull();
        return table;
    }

    public async ValueTask<bool> CoverAsync(AcceptedToken token, CancellationToken cancellation)
    {
        if (Volatile.Read(ref lookedAt) == 0 || clock.GetElapsedTime(Volatile.Read(ref lookedAt)) >= LookAgainAfter)
        {
            await LookAsync(cancellation);
        }

        return until.ContainsKey(token.Key)
            || (until.TryGetValue(token.SubjectKey, out var time) && token.IssuedAt <= time);
    }

    /// <summary>Revokes one token by its key, or by the key of a subject all that were issued to it so far.</summary>
    public static async Task AddAsync(
        NpgsqlDataSource database,
        string key,
        DateTimeOffset at,
        CancellationToken cancellation
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var alone = new NpgsqlCommand($"lock table {Table} in exclusive mode", connection);
        await alone.ExecuteNonQueryAsync(cancellation);
        await using var insert = new NpgsqlCommand(
            $"insert into {Table} select coalesce(max(number), 0) + 1, $1, $2 from {Table}",
            connection
        );
        insert.Parameters.AddWithValue(key);
        insert.Parameters.AddWithValue(at.ToUniversalTime());
        await insert.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    public void Dispose() => turn.Dispose();

    private async Task LookAsync(CancellationToken cancellation)
    {
        var asked = clock.GetTimestamp();
        await turn.WaitAsync(cancellation);
        try
        {
            // Who waited for somebody else's look that began after they asked has its answer. When it failed, so have
            // all who waited: a queue of looks that time out one after the other has no end.
            if (lookedAt != 0 && lookedAt >= asked)
            {
                return;
            }

            if (failed is { } failure && failure.At >= asked)
            {
                throw new NpgsqlException("The database did not say which tokens are revoked.", failure.Why);
            }

            var began = clock.GetTimestamp();
            await using var command = database.CreateCommand(
                $"select number, key, revoked_at from {Table} where number > $1 order by number"
            );
            command.CommandTimeout = Patience;
            command.Parameters.AddWithValue(last);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                until[reader.GetString(1)] = reader.GetFieldValue<DateTimeOffset>(2);
                last = reader.GetInt64(0);
            }

            Volatile.Write(ref lookedAt, began);
        }
        catch (Exception e) when (Outage.Is(e))
        {
            failed = (e, clock.GetTimestamp());
            throw;
        }
        finally
        {
            turn.Release();
        }
    }
}
