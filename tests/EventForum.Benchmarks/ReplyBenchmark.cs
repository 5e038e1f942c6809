using Npgsql;

namespace EventForum.Benchmarks;

/// <summary>Replies over HTTP against the least that a forum without history writes: a row, and its thread's counter.</summary>
internal static class ReplyBenchmark
{
    public static async Task RunAsync(Options options, Forum forum, Report report)
    {
        await SqlAsync(
            forum.Source,
            """
            drop schema if exists floor cascade;
            create schema floor;
            create table floor.threads (id uuid primary key, replies int not null);
            create table floor.posts (id uuid primary key, thread_id uuid not null, body text not null);
            """
        );
        foreach (var (name, count) in new[] { ("one thread", 1), ("200 threads", 200) })
        {
            Report.Progress($"Replies, {name}…");
            var threads = await forum.ThreadsAsync(count);
            await using (var insert = forum.Source.CreateCommand())
            {
                insert.CommandText = "insert into floor.threads select unnest($1), 0";
                insert.Parameters.Add(new NpgsqlParameter { Value = threads });
                await insert.ExecuteNonQueryAsync();
            }

            foreach (var writers in new[] { 1, 8, 32 })
            {
                var requests = forum.Writers(writers, threads);
                await using var floor = await Floor.OpenAsync(forum.Source, writers, threads);
                var result = await Load.CompareAsync(options, forum.Meter, _ => requests, _ => floor.Turns);
                var target = writers switch
                {
                    1 => ">= 0.4",
                    32 => count == 1 ? ">= 2.0" : ">= 0.25",
                    _ => "",
                };
                report.Add(
                    $"replies, {name}, {(writers == 1 ? "a writer alone" : $"{writers} writers")}",
                    result,
                    target
                );
            }
        }
    }

    private static async Task SqlAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private sealed class Floor(List<NpgsqlConnection> connections) : IAsyncDisposable
    {
        public Func<ValueTask>[] Turns { get; private set; } = [];

        public static async Task<Floor> OpenAsync(NpgsqlDataSource source, int writers, Guid[] threads)
        {
            var floor = new Floor([]);
            floor.Turns = new Func<ValueTask>[writers];
            for (var i = 0; i < writers; i++)
            {
                floor.Turns[i] = await floor.WriterAsync(
                    await source.OpenConnectionAsync(),
                    i * threads.Length / writers,
                    threads
                );
            }

            return floor;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var connection in connections)
            {
                await connection.DisposeAsync();
            }
        }

        private async Task<Func<ValueTask>> WriterAsync(NpgsqlConnection connection, int first, Guid[] threads)
        {
            connections.Add(connection);
            var post = new NpgsqlParameter<Guid>();
            var body = new NpgsqlParameter<string> { TypedValue = Forum.Body };
            var thread = new NpgsqlParameter<Guid>();
            var sameThread = new NpgsqlParameter<Guid>();
            var begin = new NpgsqlCommand("begin", connection);
            var insert = new NpgsqlCommand("insert into floor.posts values ($1, $2, $3)", connection)
            {
                Parameters = { post, thread, body },
            };
            var update = new NpgsqlCommand("update floor.threads set replies = replies + 1 where id = $1", connection)
            {
                Parameters = { sameThread },
            };
            var commit = new NpgsqlCommand("commit", connection);
            NpgsqlCommand[] statements = [begin, insert, update, commit];
            foreach (var statement in statements)
            {
                await statement.PrepareAsync();
            }

            var turn = first;
            return async () =>
            {
                post.TypedValue = Guid.CreateVersion7();
                thread.TypedValue = sameThread.TypedValue = threads[turn++ % threads.Length];
                foreach (var statement in statements)
                {
                    await statement.ExecuteNonQueryAsync();
                }
            };
        }
    }
}
