using System.Diagnostics;

namespace EventForum.Benchmarks;

/// <summary>
/// All posts of a member, 5,000 in 200 threads, removed by one batch and brought back by its undo, against one UPDATE of as
/// many rows of a copy of the table of posts.
/// </summary>
internal static class ModerationBenchmark
{
    private const int Threads = 200;
    private const int Posts = 5_000;

    private const string Copy = """
        drop table if exists moderation_floor;
        create table moderation_floor (like forum.posts including all);
        insert into moderation_floor
        select * from forum.posts where thread_id = any($1) and to_version is null
        """;

    private const string Remove =
        "update moderation_floor set removed_at = now(), removed_by = author_id, removal_reason = 'Spam.'";

    private const string Restore =
        "update moderation_floor set removed_at = null, removed_by = null, removal_reason = null";

    public static async Task RunAsync(Options options, Forum forum, Report report)
    {
        Report.Progress($"Writing {Posts:N0} posts in {Threads} threads…");
        // The admin starts them, and acts on what the admin wrote as on anything else.
        var threads = await forum.ThreadsAsync(Threads);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Posts - Threads),
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (i, _) => await forum.ReplyAsync(threads[i % Threads])
        );
        await forum.CaughtUpAsync();
        await using (var copy = forum.Source.CreateBatch())
        {
            foreach (var statement in Copy.Split(';'))
            {
                var command = new Npgsql.NpgsqlBatchCommand(statement);
                if (statement.Contains('$', StringComparison.Ordinal))
                {
                    command.Parameters.AddWithValue(threads);
                }

                copy.BatchCommands.Add(command);
            }

            await copy.ExecuteNonQueryAsync();
        }

        var posts = await ColumnAsync(forum, threads);
        var (removed, restored, removedFloor, restoredFloor) = (
            new List<double>(),
            new List<double>(),
            new List<double>(),
            new List<double>()
        );
        for (var repeat = 0; repeat < options.Repeats; repeat++)
        {
            Guid batch = default;
            removed.Add(posts.Length / await TimeAsync(async () => batch = await forum.RemoveAsync(posts)));
            restored.Add(posts.Length / await TimeAsync(() => forum.UndoAsync(batch)));
            removedFloor.Add(posts.Length / await TimeAsync(() => UpdateAsync(forum, Remove)));
            restoredFloor.Add(posts.Length / await TimeAsync(() => UpdateAsync(forum, Restore)));
        }

        Add($"remove {posts.Length:N0} posts in {Threads} threads", removed, removedFloor);
        Add("undo that", restored, restoredFloor);

        void Add(string what, List<double> rates, List<double> floors) =>
            report.Add(what, Sample.Median(rates, rate => rate), Sample.Median(floors, rate => rate), "posts/s");
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task UpdateAsync(Forum forum, string sql)
    {
        await using var command = forum.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<Guid[]> ColumnAsync(Forum forum, Guid[] threads)
    {
        await using var command = forum.Source.CreateCommand(
            "select array_agg(post_id) from forum.posts where thread_id = any($1) and to_version is null"
        );
        command.Parameters.AddWithValue(threads);
        return (Guid[])(await command.ExecuteScalarAsync())!;
    }
}
