using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace EventForum.Benchmarks;

/// <summary>
/// How fast views are built from the past, against reading and deserialising the same events once, in one thread; and how
/// far they lag behind while replies come.
/// </summary>
internal static class ViewsBenchmark
{
    private const string Simple = "activity.v1";

    private const string Forget = """
        delete from forum.mt_event_progression where name like any(array(select view || ':%' from forum.views where paused_at is null));
        delete from forum.view_leases;
        update forum.views set caught_up_at = null where paused_at is null;
        do $do$
        declare t regclass;
        begin
            for t in select to_regclass('forum.view_' || replace(name, '-', '_') || '_v' || version) from forum.views
                      where paused_at is null
                     union select to_regclass(k.name)
                      from (values ('forum.board_threads'), ('forum.board_months'), ('forum.mt_doc_memberprofile'), ('forum.first_posts'),
                                   ('forum.member_boards'), ('forum.first_posts_by_board'), ('forum.quotes')) k(name)
                     where exists (select from forum.views where view = 'BoardLists' and paused_at is null)
            loop
                if t is not null then execute format('truncate %s', t); end if;
            end loop;
        end
        $do$;
        """;

    private const string Reached = """
        select coalesce(min(reached.last_seq_id), 0), coalesce(max(reached.last_seq_id), 0)
          from forum.views entry left join forum.mt_event_progression reached on reached.name = entry.view || ':All'
         where entry.paused_at is null
        """;

    private const string Lag = """
        select coalesce(max(extract(epoch from clock_timestamp() - e.timestamp)), 0)::float8
          from (select min(last_seq_id) as position from forum.mt_event_progression where name like '%:All') reached
         cross join lateral (select timestamp from forum.mt_events where seq_id > reached.position order by seq_id limit 1) e
        """;

    /// <summary>Built again from the first event, by a server that does nothing else.</summary>
    public static async Task BuildsAsync(Options options, Report report)
    {
        var posts = options.Quick ? 50_000 : 200_000;
        Report.Progress($"Importing {posts:N0} posts…");
        var folder = Directory.CreateTempSubdirectory("eventforum-bench").FullName;
        await using var source = NpgsqlDataSource.Create(options.Database);
        await ImportBenchmark.ImportPagesAsync(options, "views", posts / ImportBenchmark.PostsInPage);
        await StartAsync(() => Task.FromResult(0.0));
        var newest = (long)
            (await source.CreateCommand("select max(seq_id) from forum.mt_events").ExecuteScalarAsync())!;
        await ExecuteAsync("vacuum analyze");
        foreach (
            var (name, which, target) in new[]
            {
                ("all views", "false", ">= 0.3"),
                ("one view", $"view <> '{Simple}'", ">= 0.7"),
            }
        )
        {
            await ExecuteAsync($"update forum.views set paused_at = case when {which} then now() end");
            var rates = new List<double>();
            var floors = new List<double>();
            for (var repeat = 0; repeat < options.Repeats; repeat++)
            {
                Report.Progress($"Building {name}…");
                await ExecuteAsync(Forget);
                rates.Add(newest / await StartAsync(() => BuiltAsync(newest)));
                floors.Add(await FloorAsync(source));
            }

            report.Add(
                $"{name} built from {newest:N0} events",
                Sample.Median(rates, rate => rate),
                Sample.Median(floors, rate => rate),
                "events/s",
                target
            );
        }

        await ExecuteAsync("update forum.views set paused_at = null");
        Directory.Delete(folder, recursive: true);

        async Task<double> StartAsync(Func<Task<double>> work)
        {
            await using var server = await Child.StartAsync(
                options.Program,
                [],
                options.Database,
                folder,
                StartBenchmark.Path
            );
            return await work();
        }

        // From the first events that any has taken in: the server has started by then.
        async Task<double> BuiltAsync(long last)
        {
            await using var connection = await source.OpenConnectionAsync();
            await using var command = new NpgsqlCommand(Reached, connection);
            await command.PrepareAsync();
            long? start = null;
            var before = 0L;
            while (true)
            {
                await using (var row = await command.ExecuteReaderAsync())
                {
                    await row.ReadAsync();
                    if (start is null && row.GetInt64(1) > 0)
                    {
                        (start, before) = (Stopwatch.GetTimestamp(), row.GetInt64(1));
                    }

                    if (start is { } from && row.GetInt64(0) >= last)
                    {
                        // What had been taken in when it was first looked at counts for nothing.
                        return Stopwatch.GetElapsedTime(from).TotalSeconds * last / Math.Max(1, last - before);
                    }
                }

                await Task.Delay(10);
            }
        }

        async Task ExecuteAsync(string sql)
        {
            await using var command = source.CreateCommand(sql);
            command.CommandTimeout = 300;
            await command.ExecuteNonQueryAsync();
        }
    }

    /// <summary>Behind replies that come as fast as they go.</summary>
    public static async Task LagAsync(Options options, Forum forum, Report report)
    {
        Report.Progress("Views behind replies…");
        var writers = forum.Writers(32, await forum.ThreadsAsync(200));
        await Load.RunAsync(writers, options.WarmUp / 4);
        var lags = new List<double>();
        using var over = new CancellationTokenSource();
        var looking = Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                await using var command = forum.Source.CreateCommand(Lag);
                lags.Add((double)(await command.ExecuteScalarAsync())!);
                await Task.Delay(50);
            }
        });
        var load = await Load.RunAsync(writers, options.Slice * 6);
        await over.CancelAsync();
        await looking;
        lags.Sort();
        report.Note(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Behind {load.Rate:N0} replies a second the slowest view lagged {lags[lags.Count / 2]:N2} s in the middle and {lags[^1]:N2} s at most; target 1 s behind 2,000."
            )
        );
    }

    /// <summary>Events a second that are read and deserialised.</summary>
    public static async Task<double> FloorAsync(NpgsqlDataSource source)
    {
        var start = Stopwatch.GetTimestamp();
        var count = 0;
        await using var command = source.CreateCommand(
            "select seq_id, stream_id, version, type, timestamp, user_name, data from forum.mt_events order by seq_id"
        );
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            var e = new Read(
                rows.GetInt64(0),
                rows.GetGuid(1),
                rows.GetInt64(2),
                rows.GetFieldValue<DateTimeOffset>(4),
                rows.IsDBNull(5) ? null : rows.GetString(5),
                rows.GetString(3) switch
                {
                    "thread_started" => Data<Started>(),
                    "reply_posted" => Data<Posted>(),
                    _ => Data<JsonElement>(),
                }
            );
            count += e.Data is null ? 0 : 1;

            object? Data<T>() => JsonSerializer.Deserialize<T>(rows.GetString(6), JsonSerializerOptions.Web);
        }

        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private sealed record Read(
        long Position,
        Guid StreamId,
        long Version,
        DateTimeOffset At,
        string? Actor,
        object? Data
    );

    private sealed record Started(Guid BoardId, string Title, Guid PostId, string Body, IReadOnlyList<Quote> Quotes);

    private sealed record Posted(
        Guid PostId,
        int Number,
        string Body,
        IReadOnlyList<Quote> Quotes,
        long AnsweredVersion
    );

    private sealed record Quote(int At, Guid PostId, int Revision, int Start, int Length);
}
