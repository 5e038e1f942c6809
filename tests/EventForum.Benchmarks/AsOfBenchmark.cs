using System.Globalization;
using System.Text.Json;

namespace EventForum.Benchmarks;

/// <summary>
/// Pages of a long thread as of versions all over its life against the same pages now: 100,000 posts and 20,000 edits,
/// half of these of the 18 posts that end the first page. Then the same for a board's list, of 2,000 threads and 100,000
/// posts. Nothing is answered from memory.
/// </summary>
internal static class AsOfBenchmark
{
    private const int Pages = 100;

    private const int ListPages = 10;

    // Every sixth event is an edit. Copies of a reply and an edit that the forum has stored itself, by its members.
    private const string Fill = """
        create temp table plan as
        select *, row_number() over w as revision, lead(version) over w as to_version,
               md5($1::text || number)::uuid as post_id
          from (select v::bigint as version, v % 6 = 0 as is_edit, v - v / 6 - 1 as last,
                       case when v % 6 > 0 then v - v / 6 - 1
                            when v % 12 = 0 then 3 + v / 12 % least(18, v - v / 6 - 3)
                            else 3 + (v / 6 * 7919::bigint) % (v - v / 6 - 3) end::int as number
                  from generate_series(4, $2) v) e
         window w as (partition by number order by version);

        create temp table members as
        select id, row_number() over (order by id) - 1 as n, count(*) over () as of from forum.mt_doc_member;

        insert into forum.mt_events
        select copy.*
          from plan
          join forum.mt_events model on model.stream_id = $1 and model.version = case when is_edit then 3 else 2 end
          join members m on m.n = plan.version % m.of
         cross join lateral jsonb_populate_record(model, jsonb_build_object(
                   'seq_id', nextval('forum.mt_events_sequence'), 'id', md5($1::text || plan.version || 'e')::uuid,
                   'version', plan.version, 'user_name', m.id,
                   'timestamp', model.timestamp + plan.version * interval '1 microsecond',
                   'data', model.data || jsonb_build_object('postId', plan.post_id)
                        || case when is_edit then '{}' else jsonb_build_object('number', plan.number) end)) copy
         order by plan.version;

        insert into forum.posts
        select copy.*
          from plan
          join forum.posts model on model.thread_id = $1 and model.number = 2
                                and (model.to_version is null) = (plan.revision > 1)
          join members m on m.n = plan.number % m.of
         cross join lateral jsonb_populate_record(model, jsonb_build_object(
                   'number', plan.number, 'from_version', plan.version, 'to_version', plan.to_version,
                   'from_at', model.from_at + plan.version * interval '1 microsecond',
                   'revision', plan.revision, 'author_id', m.id, 'post_id', plan.post_id)) copy
         order by plan.version;

        update forum.mt_streams set version = $2 where id = $1;

        update forum.mt_doc_forumthread
           set mt_version = $2,
               data = data || jsonb_build_object('version', $2, 'lastNumber', (select max(number) from plan))
         where id = $1;
        """;

    // Some threads are busier than others. A post every ten minutes, up to the board's own.
    private static string FillBoard(int threads) =>
        $"""
            create temp table plan as
            select *, row_number() over (partition by thread order by n) as version
              from (select n, md5($1::text || floor({threads} * power((hashint8(n) & 65535) / 65536.0, 2)))::uuid as thread,
                           nextval('forum.mt_events_sequence') as position
                      from generate_series(1, $2) n) e;

            create temp table members as
            select id, row_number() over (order by id) - 1 as n, count(*) over () as of from forum.mt_doc_member;

            insert into forum.mt_streams
            select copy.*
              from (select thread, max(version) as version from plan group by thread) p
              join forum.mt_streams model on model.id = $1
             cross join lateral jsonb_populate_record(model, jsonb_build_object('id', thread, 'version', p.version)) copy;

            insert into forum.mt_events
            select copy.*
              from plan
              join forum.mt_events model on model.stream_id = $1 and model.version = least(plan.version, 2)
              join members m on m.n = plan.n % m.of
             cross join lateral jsonb_populate_record(model, jsonb_build_object(
                       'seq_id', position, 'id', md5($1::text || plan.n || 'e')::uuid, 'stream_id', thread,
                       'version', plan.version, 'user_name', m.id,
                       'data', case when plan.version > 1 then jsonb_set(model.data, array['number'], to_jsonb(plan.version))
                                    else model.data end,
                       'timestamp', model.timestamp - ($2 - plan.n) * interval '10 minutes')) copy;
            """;

    private const string BoardMoments = """
        select percentile_disc($2) within group (order by from_at) from forum.board_threads where board_id = $1
        """;

    private const string Size = """
        select count(*) filter (where to_version is null), count(*),
               pg_table_size('forum.posts'), pg_indexes_size('forum.posts'), sum(octet_length(body))
          from forum.posts
        """;

    public static async Task RunAsync(Options options, Forum forum, Report report)
    {
        var events = options.Quick ? 12_000 : 120_001;
        Report.Progress($"A thread of {events - events / 6 - 1:N0} posts and {events / 6:N0} edits…");
        var thread = (await forum.ThreadsAsync(1))[0];
        var reply = await forum.ReplyAsync(thread);
        await forum.EditAsync(reply.GetProperty("postId").GetGuid());
        await forum.FillAsync(Fill, thread, events);
        await forum.CaughtUpAsync();

        // The first moment is when the last of these pages has just come about.
        var first = Pages * 20 * 6 / 5 + 6;
        var now = Client(null);
        (string Name, long Version)[] moments =
        [
            ("first", first),
            ("a quarter", events / 4),
            ("half", events / 2),
            ("three quarters", events / 4 * 3),
            ("last", events),
        ];
        var pasts = moments.Select(moment => Client(moment.Version)).ToArray();
        foreach (var warm in (Func<ValueTask>[])[now, .. pasts])
        {
            await Load.RunAsync([warm], options.WarmUp / 8);
        }

        foreach (var ((name, version), past) in moments.Zip(pasts))
        {
            var result = await Load.CompareAsync(options, forum.Meter, _ => [past], _ => [now]);
            report.Add(
                $"a page as of version {version:N0} ({name}) against now",
                result.Forum.P50 * 1_000,
                result.Floor.P50 * 1_000,
                "µs",
                "<= 1.2"
            );
        }

        await using var command = forum.Source.CreateCommand(Size);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        var (posts, rows) = (reader.GetInt64(0), reader.GetInt64(1));
        var (table, indexes, bodies) = (reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4));
        report.Add(
            "the posts' table and indexes, a post, against its bodies",
            (double)(table + indexes) / posts,
            (double)bodies / posts,
            "B"
        );
        report.Note(
            $"The posts' table holds {rows:N0} rows of {posts:N0} posts: a post takes {table / posts:N0} B of table and {indexes / posts:N0} B of indexes."
        );

        // min-position has a page read anew, now as in the past.
        Func<ValueTask> Client(long? version)
        {
            var connection = new HttpConnection(forum.Process.Port);
            var requests = Enumerable
                .Range(1, Pages)
                .Select(page => $"/api/threads/{thread}?page={page}&min-position=1")
                .Select(path => HttpConnection.Get(version is null ? path : $"{path}&version={version}"))
                .ToArray();
            var turn = 0;
            return () => connection.ExpectAsync(requests[turn++ % requests.Length], 200);
        }
    }

    /// <summary>The lists of boards of many threads and of few long ones.</summary>
    public static async Task ListsAsync(Options options, Forum forum, Report report)
    {
        var posts = options.Quick ? 10_000 : 100_000;
        await BoardAsync(options, forum, report, posts, posts / 50);
        await BoardAsync(options, forum, report, posts, 5);
    }

    private static async Task BoardAsync(Options options, Forum forum, Report report, int posts, int threads)
    {
        Report.Progress($"A board of {threads:N0} threads and {posts:N0} posts…");
        var board = await forum.BoardAsync($"Board of {threads} threads");
        var thread = (await forum.ThreadsAsync(1, inBoard: board))[0];
        await forum.ReplyAsync(thread);
        await forum.FillAsync(FillBoard(threads), thread, posts);
        await forum.CaughtUpAsync();

        double[] shares = [0.1, 0.25, 0.5, 0.75, 1];
        await using var command = forum.Source.CreateCommand(BoardMoments);
        command.Parameters.AddWithValue(board);
        command.Parameters.AddWithValue(shares);
        var moments = (DateTime[])(await command.ExecuteScalarAsync())!;
        var now = await ClientAsync("");
        foreach (var (share, moment) in shares.Zip(moments))
        {
            var past = await ClientAsync(string.Create(CultureInfo.InvariantCulture, $"&at={moment:O}"));
            await Load.RunAsync([now], options.WarmUp / 16);
            await Load.RunAsync([past], options.WarmUp / 16);
            var result = await Load.CompareAsync(options, forum.Meter, _ => [past], _ => [now]);
            report.Add(
                $"the list of {threads:N0} threads as of {moment:d MMMM yyyy} (after {share:P0} of their posts) against now",
                result.Forum.P50 * 1_000,
                result.Floor.P50 * 1_000,
                "µs",
                "<= 1.5"
            );
        }

        async Task<Func<ValueTask>> ClientAsync(string moment)
        {
            var connection = new HttpConnection(forum.Process.Port);
            var requests = new List<byte[]>();
            string? next = "";
            for (var page = 0; page < ListPages && next is not null; page++)
            {
                var path = $"/api/boards/{board}/threads?min-position=1{moment}{next}";
                requests.Add(HttpConnection.Get(path));
                using var answer = JsonDocument.Parse(await forum.GetAsync(path));
                next = answer.RootElement.GetProperty("next").GetString() is { } cursor ? $"&after={cursor}" : null;
            }

            var turn = 0;
            return () => connection.ExpectAsync(requests[turn++ % requests.Count], 200);
        }
    }
}
