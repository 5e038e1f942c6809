using EventForum.Acceptance.Harness;
using Npgsql;

namespace EventForum.Acceptance.History;

/// <summary>An append in a transaction of its own, as any program that uses the store could hold it open.</summary>
internal sealed class OpenAppend(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
{
    public List<long> Positions { get; } = [];

    public List<Guid> Threads { get; } = [];

    public static async Task<OpenAppend> StartAsync(TestDatabase database, int events)
    {
        var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        var append = new OpenAppend(connection, await connection.BeginTransactionAsync());
        for (var i = 0; i < events; i++)
        {
            await append.AppendAsync();
        }

        return append;
    }

    public Task CommitAsync() => transaction.CommitAsync();

    public Task RollBackAsync() => transaction.RollbackAsync();

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    /// <summary>Starts a thread as the store's own function does it, copied from one that is there.</summary>
    private async Task AppendAsync()
    {
        Threads.Add(Guid.CreateVersion7());
        await using var command = new NpgsqlCommand(
            """
            with source as (select * from forum.mt_events where type = 'thread_started' order by seq_id limit 1),
                 stream as (insert into forum.mt_streams (id, type, version, timestamp)
                            values ($1, 'forum_thread', 1, now()) returning id)
            insert into forum.mt_events (seq_id, id, stream_id, version, data, type, tenant_id, timestamp, mt_dotnet_type, is_archived, user_name)
            select nextval('forum.mt_events_sequence'), gen_random_uuid(), stream.id, 1,
                   data || jsonb_build_object('postId', gen_random_uuid()), type, tenant_id, now(), mt_dotnet_type, false, user_name
              from source, stream returning seq_id
            """,
            connection,
            transaction
        );
        command.Parameters.AddWithValue(Threads[^1]);
        Positions.Add((long)(await command.ExecuteScalarAsync())!);
    }
}
